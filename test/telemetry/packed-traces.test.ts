import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { packTraces, unpackTraces } from "../../src/telemetry/packed-traces.js";
import { arbitraryTrace } from "../support/arbitrary-traces.js";
import { span, trace } from "../support/spans.js";

describe("packed traces", () => {
  test("unpack to what was packed, whatever stands in them", () => {
    const decoded = fc.record({
      traces: fc.array(arbitraryTrace, { maxLength: 4 }),
      receivedCount: fc.nat(),
      warnings: fc.array(fc.string({ unit: "grapheme" }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(decoded, (value) => {
        const { traces, ...rest } = unpackTraces(packTraces(value));
        expect(rest).toEqual({ receivedCount: value.receivedCount, warnings: value.warnings });
        const read = traces.map(({ traceId, spans, isComplete }) => ({ traceId, spans, isComplete }));
        expect(JSON.stringify(read)).toBe(JSON.stringify(value.traces));
      }),
    );
  });

  test("make the spans of a trace once, when they are first read", () => {
    const packed = packTraces({ traces: [trace("1", [span("a", null)])], receivedCount: 1, warnings: [] });
    const [first] = unpackTraces(packed).traces;
    expect(first?.spans).toBe(first?.spans);
  });

  test("hold a text once, however many spans carry it", () => {
    const long = "sidecar~10.0.0.1~reviews".repeat(100);
    const spans = Array.from({ length: 100 }, (_, n) => span(`${n + 1}`, null, { tags: { node_id: long } }));
    const packed = packTraces({ traces: [trace("1", spans)], receivedCount: 1, warnings: [] });
    expect(packed.byteLength).toBeLessThan(20_000);
  });
});
