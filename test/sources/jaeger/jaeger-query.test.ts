import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  jsonSearchParameters,
  rfc3339,
  v3SearchParameters,
  v3TraceParameters,
} from "../../../src/sources/jaeger/jaeger-query.js";
import type { TraceQuery } from "../../../src/telemetry/trace-source.js";
import { arbitraryInstantMs } from "../../support/arbitrary-traces.js";

const query: TraceQuery = {
  serviceName: "reviews.bookinfo",
  window: { fromMs: 1_700_000_000_000.5, toMs: 1_700_000_600_000 },
  minDurationMs: 1.5,
  maxDurationMs: 300,
  errorsOnly: true,
  tags: { "guid:x-request-id": "37b7938f" },
  limit: 20,
};
const tags = '{"guid:x-request-id":"37b7938f","error":"true"}';

describe("Jaeger's search parameters", () => {
  test("the old API takes microseconds, Go durations and tags as a JSON map, and is asked for raw traces", () => {
    expect(jsonSearchParameters(query)).toEqual({
      service: "reviews.bookinfo",
      start: "1700000000000500",
      end: "1700000600000000",
      limit: "20",
      raw: "true",
      minDuration: "1500us",
      maxDuration: "300000us",
      tags,
    });
  });

  test("v3 takes RFC 3339 with microseconds, in the spelling every version understands", () => {
    expect(v3SearchParameters(query)).toEqual({
      "query.service_name": "reviews.bookinfo",
      "query.start_time_min": "2023-11-14T22:13:20.000500Z",
      "query.start_time_max": "2023-11-14T22:23:20.000000Z",
      "query.num_traces": "20",
      "query.raw_traces": "true",
      "query.duration_min": "1500us",
      "query.duration_max": "300000us",
      "query.attributes": tags,
    });
  });

  test("conditions that do not limit are not sent", () => {
    const open = { ...query, minDurationMs: null, maxDurationMs: null, errorsOnly: false, tags: {} };
    expect(Object.keys(jsonSearchParameters(open))).toEqual(["service", "start", "end", "limit", "raw"]);
  });

  test("names and tags are data: whatever stands in them, the other parameters stay as they are", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, fc.dictionary(text, text, { maxKeys: 3 }), (serviceName, given) => {
        for (const [build, name, attributes] of [
          [jsonSearchParameters, "service", "tags"],
          [v3SearchParameters, "query.service_name", "query.attributes"],
        ] as const) {
          const { [name]: sentName, [attributes]: sentTags, ...rest } = build({ ...query, serviceName, tags: given });
          const { [name]: _name, [attributes]: _tags, ...usual } = build(query);
          expect({ sentName, rest }).toEqual({ sentName: serviceName, rest: usual });
          const read = JSON.parse(sentTags ?? "{}") as Record<string, string>;
          expect(Object.entries(read)).toEqual(expect.arrayContaining(Object.entries(given)));
          expect(read["error"]).toBe(Object.hasOwn(given, "error") ? given["error"] : "true");
        }
      }),
    );
  });

  test("one trace is asked for with an hour to spare, because it may begin before and end after the window it was seen in", () => {
    expect(v3TraceParameters(query.window)).toEqual({
      start_time: "2023-11-14T21:13:20.000500Z",
      end_time: "2023-11-14T23:23:20.000000Z",
      raw_traces: "true",
    });
    expect(v3TraceParameters(null)).toEqual({ raw_traces: "true" });
  });

  test("an instant keeps its microseconds", () => {
    fc.assert(
      fc.property(arbitraryInstantMs, (atMs) => {
        const [, whole = "", micros = ""] = /^(.*\.\d{3})(\d{3})Z$/.exec(rfc3339(atMs)) ?? [];
        expect(Date.parse(`${whole}Z`) * 1000 + Number(micros)).toBe(Math.floor(atMs * 1000));
      }),
    );
  });
});
