import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeJaegerOtlp } from "../../../src/sources/jaeger/jaeger-otlp-decode.js";
import { arbitraryInstantMs } from "../../support/arbitrary-traces.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const base = {
  traceId,
  spanId: "b7ad6b7169203331",
  startTimeUnixNano: "1700000000000001999",
  endTimeUnixNano: "1700000000002001999",
};
const answer = (...spans: unknown[]) => ({
  result: {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "reviews" } }] },
        scopeSpans: [{ scope: {}, spans }],
      },
    ],
  },
});
const decodeOne = (given: object) => decodeJaegerOtlp("jaeger", answer({ ...base, ...given })).traces[0]?.spans[0];

describe("Jaeger's OTLP JSON", () => {
  test("nanoseconds become milliseconds with whole microseconds, however far from 1970", () => {
    fc.assert(
      fc.property(arbitraryInstantMs, fc.nat(), fc.nat({ max: 999 }), (startMs, us, nanos) => {
        const start = BigInt(Math.round(startMs * 1000)) * 1000n;
        const span = decodeOne({
          startTimeUnixNano: String(start + BigInt(nanos)),
          endTimeUnixNano: String(start + BigInt(nanos) + BigInt(us) * 1000n),
        });
        expect(span).toMatchObject({ startMs, durationMs: us / 1000 });
      }),
    );
  });

  test("defaults that were left out are read as such", () => {
    expect(decodeOne({})).toMatchObject({
      parentSpanId: null,
      kind: null,
      status: "UNSET",
      operation: "",
      serviceName: "reviews",
      events: [],
    });
    expect(decodeJaegerOtlp("jaeger", { result: {} }).traces).toEqual([]);
  });

  test.each([
    [1, "INTERNAL"],
    [2, "SERVER"],
    [3, "CLIENT"],
    [4, "PRODUCER"],
    [5, "CONSUMER"],
    ["SPAN_KIND_CLIENT", "CLIENT"],
    [0, null],
  ])("kind %s is %s", (kind, expected) => {
    expect(decodeOne({ kind })?.kind).toBe(expected);
  });

  test.each([
    [{ status: { code: 2 } }, "ERROR"],
    [{ status: { code: 1 } }, "OK"],
    [{ attributes: [{ key: "error", value: { boolValue: true } }] }, "ERROR"],
    [{ attributes: [{ key: "error", value: { boolValue: false } }] }, "UNSET"],
    [{ attributes: [{ key: "http.response.status_code", value: { intValue: "503" } }] }, "UNSET"],
  ])("%j has status %s", (given, status) => {
    expect(decodeOne(given)?.status).toBe(status);
  });

  test("attributes of every type become text, 64-bit integers digit by digit", () => {
    const values = {
      a: { intValue: "9007199254740993" },
      b: { doubleValue: 0.5 },
      c: { boolValue: false },
      d: { arrayValue: { values: [{ stringValue: "x" }, { intValue: "1" }] } },
    };
    const attributes = Object.entries(values).map(([key, value]) => ({ key, value }));
    expect(decodeOne({ attributes })?.tags).toEqual({ a: "9007199254740993", b: "0.5", c: "false", d: '["x","1"]' });
  });

  test("traces that come in one list and in pieces are put together by id", () => {
    const pieces = answer(base, { ...base, traceId: traceId.replace("0af", "1af") }, { ...base, spanId: "1" });
    expect(decodeJaegerOtlp("jaeger", pieces)).toMatchObject({ receivedCount: 2, traces: { length: 2 } });
  });

  test("a broken span is left out with a warning naming the place", () => {
    const { traces, warnings } = decodeJaegerOtlp(
      "jaeger",
      answer(base, { ...base, spanId: 7 }, { ...base, traceId: "?" }),
    );
    expect(traces).toMatchObject([{ isComplete: false, spans: { length: 1 } }]);
    expect(warnings).toEqual([
      expect.stringMatching(/2 of 3 spans.*result\.resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[1\]\.spanId/),
    ]);
  });

  test("a trace the server cut is not complete", () => {
    const warning = { stringValue: "trace has more than 5 spans, showing first 5 spans only" };
    const attributes = [{ key: "@jaeger@warnings", value: { arrayValue: { values: [warning] } } }];
    expect(decodeJaegerOtlp("jaeger", answer({ ...base, attributes })).traces).toMatchObject([{ isComplete: false }]);
  });

  test.each([
    [null, ""],
    [{ result: [] }, "result"],
    [{ result: { resourceSpans: {} } }, "result.resourceSpans"],
    [{ result: { resourceSpans: [{ scopeSpans: [3] }] } }, "result.resourceSpans[0].scopeSpans[0]"],
  ])("%j is another format: an error that names the place", (value, at) => {
    expect(() => decodeJaegerOtlp("jaeger", value)).toThrow(
      expect.objectContaining({ code: "MESHLENS_ERR_SOURCE_DECODE", details: { source: "jaeger", at } }),
    );
  });
});
