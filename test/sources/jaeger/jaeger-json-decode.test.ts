import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeJaegerJson } from "../../../src/sources/jaeger/jaeger-json-decode.js";
import { arbitraryInstantMs, arbitrarySpanId, arbitraryTraceId } from "../../support/arbitrary-traces.js";

const traceID = "0af7651916cd43dd8448eb211c80319c";
const wireSpan = (given: object = {}) => ({
  traceID,
  spanID: "b7ad6b7169203331",
  startTime: 1_700_000_000_000_001,
  duration: 1,
  processID: "p1",
  ...given,
});
const answer = (spans: readonly unknown[], given: object = {}) => ({
  data: [
    {
      traceID,
      spans,
      processes: { p1: { serviceName: "reviews.bookinfo", tags: [{ key: "ip", type: "string", value: "10.0.0.1" }] } },
    },
  ],
  errors: null,
  ...given,
});
const tag = (key: string, value: unknown, type = "string") => ({ key, type, value });
const decodeOne = (given: object) => decodeJaegerJson("jaeger", answer([wireSpan(given)])).traces[0]?.spans[0];

describe("Jaeger's JSON", () => {
  test("ids of any spelling and microseconds of any size come out in the port's form", () => {
    const spelt = (id: string) => fc.constantFrom(id, id.toUpperCase(), id.replace(/^0+/, ""));
    const ids = fc.tuple(
      arbitraryTraceId.chain((id) => fc.tuple(fc.constant(id), spelt(id))),
      arbitrarySpanId.chain((id) => fc.tuple(fc.constant(id), spelt(id))),
    );
    fc.assert(
      fc.property(ids, arbitraryInstantMs, fc.nat(), ([[id, idText], [spanId, spanText]], startMs, us) => {
        const span = { traceID: idText, spanID: spanText, startTime: Math.round(startMs * 1000), duration: us };
        const { traces } = decodeJaegerJson("jaeger", { data: [{ traceID: idText, spans: [span] }] });
        expect(traces).toMatchObject([{ traceId: id, spans: [{ spanId, startMs, durationMs: us / 1000 }] }]);
      }),
    );
  });

  test.each([
    ["null", null],
    ["an empty list", []],
  ])("data that is %s is no traces", (_, data) => {
    expect(decodeJaegerJson("jaeger", { data, errors: null })).toEqual({ traces: [], receivedCount: 0, warnings: [] });
  });

  test("values of every type become text, integers beyond 2^53 digit by digit", () => {
    const tags = [
      tag("n", "9007199254740993", "int64"),
      tag("ok", true, "bool"),
      tag("f", 0.5, "float64"),
      tag("b", "AAE=", "binary"),
    ];
    expect(decodeOne({ tags })?.tags).toEqual({
      ip: "10.0.0.1",
      n: "9007199254740993",
      ok: "true",
      f: "0.5",
      b: "AAE=",
    });
  });

  test.each([
    ["error=true", [tag("error", true, "bool")], "ERROR"],
    ["an error text beside Jaeger's own true", [tag("error", "boom"), tag("error", true, "bool")], "ERROR"],
    ["error=false", [tag("error", false, "bool")], "UNSET"],
    ["OpenTelemetry's ERROR", [tag("otel.status_code", "ERROR")], "ERROR"],
    ["OpenTelemetry's OK", [tag("otel.status_code", "OK")], "OK"],
    ["a 503 alone", [tag("http.status_code", 503, "int64")], "UNSET"],
  ])("%s decides the status", (_, tags, status) => {
    expect(decodeOne({ tags })?.status).toBe(status);
  });

  test("an error's text is kept over the bare true beside it, in either order", () => {
    const both = [tag("error", "boom"), tag("error", true, "bool")];
    expect(decodeOne({ tags: both })?.tags["error"]).toBe("boom");
    expect(decodeOne({ tags: both.toReversed() })?.tags["error"]).toBe("boom");
  });

  test("the parent is the CHILD_OF reference into the same trace, else FOLLOWS_FROM; links to other traces are none", () => {
    const to = (refType: string, spanID: string, other = traceID) => ({ refType, traceID: other, spanID });
    const parent = (...references: object[]) => decodeOne({ references })?.parentSpanId;
    expect(parent(to("FOLLOWS_FROM", "a"), to("CHILD_OF", "b"))).toBe("000000000000000b");
    expect(parent(to("FOLLOWS_FROM", "a"))).toBe("000000000000000a");
    expect(parent(to("FOLLOWS_FROM", "a", "1"), to("CHILD_OF", "0000000000000000"))).toBeNull();
    expect(parent()).toBeNull();
  });

  test("a log's event or message is its name, its other fields its attributes", () => {
    const logs = [{ timestamp: 1_700_000_000_000_500, fields: [tag("event", "retry"), tag("n", 2, "int64")] }];
    expect(decodeOne({ logs })?.events).toEqual([{ atMs: 1_700_000_000_000.5, name: "retry", attributes: { n: "2" } }]);
  });

  test.each([
    ["no span id", wireSpan({ spanID: "xyz" }), "data[0].spans[1].spanID"],
    ["no start", wireSpan({ startTime: null }), "data[0].spans[1].startTime"],
    ["a tag without a key", wireSpan({ tags: [{ value: 1 }] }), "data[0].spans[1].tags[0].key"],
    ["a null for a span", null, "data[0].spans[1]"],
  ])(
    "a span with %s is left out with a warning naming the place, and its trace is not complete",
    (_, broken, place) => {
      const { traces, warnings } = decodeJaegerJson("jaeger", answer([wireSpan(), broken]));
      expect(traces).toMatchObject([{ isComplete: false, spans: { length: 1 } }]);
      expect(warnings).toEqual([expect.stringContaining(place)]);
      expect(warnings[0]).toContain("1 of 2 spans");
    },
  );

  test.each([
    ["a list at the top", [], ""],
    ["data as an object", { data: {} }, "data"],
    ["a null trace", { data: [null] }, "data[0]"],
    ["spans as text", { data: [{ traceID, spans: "many" }] }, "data[0].spans"],
    ["only broken spans", answer([{}]), "data[0].spans[0].spanID"],
  ])("%s is another format: an error that names the place", (_, value, at) => {
    expect(() => decodeJaegerJson("jaeger", value)).toThrow(
      expect.objectContaining({ code: "MESHLENS_ERR_SOURCE_DECODE", details: { source: "jaeger", at } }),
    );
  });

  test("errors beside data: a missing trace is none, others are warnings and leave the traces incomplete", () => {
    const missing = answer([wireSpan()], { errors: [{ msg: "trace not found", traceID: "0000000000000123" }] });
    expect(decodeJaegerJson("jaeger", missing)).toMatchObject({ warnings: [], traces: [{ isComplete: true }] });
    const partial = answer([wireSpan()], { errors: [{ code: 500, msg: "shard 3 is down" }] });
    expect(decodeJaegerJson("jaeger", partial)).toMatchObject({
      warnings: ["Jaeger said: shard 3 is down"],
      traces: [{ isComplete: false }],
    });
  });

  test("a trace the server cut is not complete", () => {
    const cut = wireSpan({ warnings: ["trace has more than 5 spans, showing first 5 spans only"] });
    expect(decodeJaegerJson("jaeger", answer([cut])).traces).toMatchObject([{ isComplete: false }]);
  });
});
