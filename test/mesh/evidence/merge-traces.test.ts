import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { mergeTraces } from "../../../src/mesh/evidence/merge-traces.js";
import type { Span, Trace } from "../../../src/telemetry/trace-source.js";
import { delayJason, sidecarSpan, span, t0, trace } from "../../support/spans.js";
import { anySpans } from "./span-arbitrary.js";

const id = "5483e9af6382a5035c84d1cf73552cc2";
const jaeger = (found: Trace) => ({ source: { name: "jaeger", cluster: null }, trace: found });
const zipkin = (found: Trace) => ({ source: { name: "zipkin", cluster: null }, trace: found });
const lowerCased = (one: Span): Span => ({
  ...one,
  operation: one.operation.toLowerCase(),
  serviceName: one.serviceName.toLowerCase(),
});

describe("merging traces", () => {
  test("a trace that Jaeger and Zipkin hold is one trace with each span once", () => {
    const [merged, ...others] = mergeTraces([
      jaeger(trace(id, delayJason())),
      zipkin(trace(id, delayJason().map(lowerCased))),
    ]);
    expect(others).toEqual([]);
    expect(merged?.foundIn).toEqual(["jaeger", "zipkin"]);
    expect(merged?.spans).toHaveLength(10);
    expect(merged?.isCut).toBe(false);
  });

  test("the spelling of the backend that keeps capitals wins, in either order, and tags are united", () => {
    const full = span("1", null, { operation: "GetRatings", tags: { "internal.span.format": "zipkin", a: "1" } });
    const bare = lowerCased({ ...full, tags: { a: "1", b: "2" } });
    for (const copies of [
      [full, bare],
      [bare, full],
    ]) {
      const [merged] = mergeTraces(copies.map((one, n) => (n === 0 ? jaeger : zipkin)(trace(id, [one]))));
      expect(merged?.spans[0]?.span).toMatchObject({
        operation: "GetRatings",
        tags: { a: "1", b: "2", "internal.span.format": "zipkin" },
      });
    }
  });

  test("a span only one backend has is kept", () => {
    const [merged] = mergeTraces([
      jaeger(trace(id, delayJason().slice(0, 6))),
      zipkin(trace(id, delayJason().slice(4))),
    ]);
    expect(merged?.spans).toHaveLength(10);
  });

  test("a shared span that Jaeger split in two is joined with Zipkin's, and its children follow", () => {
    const client = sidecarSpan("reviews", "CLIENT", "1", null, { ms: 100 });
    const server = sidecarSpan("ratings", "SERVER", "1", null, { at: 10, ms: 80, isShared: true });
    const child = sidecarSpan("ratings", "CLIENT", "2", "1", { at: 20, ms: 60 });
    const split = { ...server, spanId: "f".repeat(16), parentSpanId: client.spanId, isShared: false };
    const ofJaeger = trace(id, [client, split, { ...child, parentSpanId: split.spanId }]);
    const ofZipkin = trace(id, [client, server, child]);
    for (const copies of [
      [jaeger(ofJaeger), zipkin(ofZipkin)],
      [zipkin(ofZipkin), jaeger(ofJaeger)],
    ]) {
      const [merged] = mergeTraces(copies);
      expect(merged?.spans.map((one) => [one.span.spanId, one.span.isShared, one.span.parentSpanId])).toEqual([
        [client.spanId, false, null],
        [client.spanId, true, null],
        [child.spanId, false, client.spanId],
      ]);
    }
  });

  test("attempts that share their client's id stay apart", () => {
    const attempt = (at: number, ms: number) => sidecarSpan("ratings", "SERVER", "1", null, { at, ms, isShared: true });
    const spans = [sidecarSpan("reviews", "CLIENT", "1", null, { ms: 100 }), attempt(10, 20), attempt(40, 30)];
    const [merged] = mergeTraces([jaeger(trace(id, spans)), zipkin(trace(id, spans))]);
    expect(merged?.spans.map((one) => one.span.startMs - t0)).toEqual([0, 10, 40]);
  });

  test("a 64-bit id is the trace whose 128-bit id ends in it", () => {
    const merged = mergeTraces([jaeger(trace(id, delayJason())), zipkin(trace(id.slice(16), delayJason()))]);
    expect(merged.map((one) => [one.traceId, one.foundIn])).toEqual([[id, ["jaeger", "zipkin"]]]);
  });

  test("a copy that its backend cut makes the trace a cut one", () => {
    const merged = mergeTraces([jaeger(trace(id, delayJason(), false)), zipkin(trace(id, delayJason()))]);
    expect(merged[0]?.isCut).toBe(true);
  });

  test("a copy merged with itself is itself, whatever its spans", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const [once] = mergeTraces([jaeger(trace(id, spans))]);
        const [twice] = mergeTraces([jaeger(trace(id, spans)), zipkin(trace(id, spans))]);
        expect(twice?.spans.length).toBe(once?.spans.length);
      }),
    );
  });
});
