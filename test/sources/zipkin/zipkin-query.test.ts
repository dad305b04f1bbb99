import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isAskable, searchParameters } from "../../../src/sources/zipkin/zipkin-query.js";
import type { TraceQuery } from "../../../src/telemetry/trace-source.js";

const query: TraceQuery = {
  serviceName: "reviews",
  window: { fromMs: 1_700_000_000_000, toMs: 1_700_000_600_000 },
  minDurationMs: null,
  maxDurationMs: null,
  errorsOnly: false,
  tags: {},
  limit: 20,
};

describe("Zipkin's search parameters", () => {
  test("times in milliseconds back from the end, durations in microseconds", () => {
    expect(searchParameters({ ...query, minDurationMs: 1.5, maxDurationMs: 300 })).toEqual({
      serviceName: "reviews",
      endTs: "1700000600000",
      lookback: "600000",
      limit: "20",
      minDuration: "1500",
      maxDuration: "300000",
    });
  });

  test("a maximum alone brings the smallest minimum with it, because Zipkin refuses it otherwise", () => {
    expect(searchParameters({ ...query, maxDurationMs: 300 })).toMatchObject({
      minDuration: "1",
      maxDuration: "300000",
    });
    expect(searchParameters({ ...query, minDurationMs: 0 })).not.toHaveProperty("minDuration");
  });

  test("errors and tags are joined in Zipkin's own syntax", () => {
    const tags = { "guid:x-request-id": "37b7938f", present: "" };
    expect(searchParameters({ ...query, errorsOnly: true, tags })["annotationQuery"]).toBe(
      "error and guid:x-request-id=37b7938f and present",
    );
  });

  test("no tag adds a condition that was not wanted: what the syntax cannot carry is left to the check afterwards", () => {
    const odd = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("a and error", "a=b", " and ", "/../", "x".repeat(10_000)),
    );
    fc.assert(
      fc.property(fc.dictionary(odd, odd, { maxKeys: 4 }), (tags) => {
        const said = (searchParameters({ ...query, tags })["annotationQuery"] ?? "").split(" and ").filter(Boolean);
        for (const part of said) {
          const [key = "", value = ""] = part.split("=");
          expect(Object.hasOwn(tags, key) && tags[key]).toBe(value);
        }
      }),
    );
  });

  test("whatever the name, it fills one parameter and the line stays short enough", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (serviceName) => {
        const { serviceName: sent, ...rest } = searchParameters({ ...query, serviceName });
        const { serviceName: _, ...usual } = searchParameters(query);
        expect({ sent, rest }).toEqual({ sent: serviceName, rest: usual });
        if (isAskable(serviceName))
          expect(new URLSearchParams({ serviceName: sent ?? "" }).toString().length).toBeLessThan(2000);
      }),
    );
  });
});
