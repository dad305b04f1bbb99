import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { selfTimeMs } from "../../../src/mesh/evidence/self-time.js";
import { spanTree } from "../../../src/mesh/evidence/span-tree.js";
import type { Span } from "../../../src/telemetry/trace-source.js";
import { delayJason, mysqlSlow, retries, sidecarSpan, span } from "../../support/spans.js";
import { anySpans } from "./span-arbitrary.js";

function selfTimes(spans: readonly Span[]): Record<string, number> {
  return Object.fromEntries(
    spanTree(spans).nodes.map((node) => [node.span.spanId.replace(/^0+/, ""), selfTimeMs(node)]),
  );
}

describe("self time", () => {
  test("a call that goes on after its caller gave up counts only while it was waited for", () => {
    const self = selfTimes(delayJason());
    expect(self["13"]).toBe(2998);
    expect(self["23"]).toBe(2998);
    expect(self["14"]).toBe(0);
    expect(self["b"]).toBe(6);
  });

  test("a slow database without spans is the self time of the service that calls it", () => {
    expect(selfTimes(mysqlSlow())).toEqual({ "2": 4, "3": 2, "4": 1804 });
  });

  test("the pauses between attempts are the self time of the retrying client", () => {
    expect(selfTimes(retries())["3"]).toBe(45);
  });

  test("siblings that run at once are counted once", () => {
    const self = selfTimes([
      span("a", null, { ms: 100 }),
      span("b", "a", { at: 10, ms: 50 }),
      span("c", "a", { at: 40, ms: 40 }),
    ]);
    expect(self["a"]).toBe(30);
  });

  test("a server whose clock is behind is put into the middle of its call", () => {
    const spans = (skewMs: number) => [
      sidecarSpan("reviews", "CLIENT", "1", null, { ms: 100 }),
      sidecarSpan("ratings", "SERVER", "2", "1", { at: 10 + skewMs, ms: 80 }),
      sidecarSpan("ratings", "CLIENT", "3", "2", { at: 20 + skewMs, ms: 60 }),
    ];
    for (const skewMs of [0, -5_000, 5_000]) expect(selfTimes(spans(skewMs))).toEqual({ "1": 20, "2": 20, "3": 60 });
  });

  test("the server half of a shared id is below its client, and what names the id below the server", () => {
    const tree = spanTree([
      sidecarSpan("reviews", "CLIENT", "1", null, { ms: 100 }),
      sidecarSpan("ratings", "SERVER", "1", null, { at: 10, ms: 80, isShared: true }),
      sidecarSpan("ratings", "CLIENT", "2", "1", { at: 20, ms: 60 }),
    ]);
    expect(tree.roots).toHaveLength(1);
    expect(tree.nodes.map(selfTimeMs)).toEqual([20, 20, 60]);
  });

  test("a consumer that starts after its message was sent keeps its own time", () => {
    const self = selfTimes([
      span("a", null, { kind: "PRODUCER", ms: 5 }),
      span("b", "a", { kind: "CONSUMER", at: 1000, ms: 40 }),
    ]);
    expect(self).toEqual({ a: 5, b: 40 });
  });

  test("spans that are each other's parents end in a tree", () => {
    const tree = spanTree([
      span("a", "b", { ms: 10 }),
      span("b", "a", { at: 1, ms: 5 }),
      span("c", "c", { at: 2, ms: 1 }),
    ]);
    expect(tree.roots.map((root) => root.span.spanId.at(-1))).toEqual(["a", "c"]);
  });

  test("is never negative nor longer than the span, whatever the trace", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        for (const node of spanTree(spans).nodes) {
          expect(selfTimeMs(node)).toBeGreaterThanOrEqual(0);
          expect(selfTimeMs(node)).toBeLessThanOrEqual(node.span.durationMs);
        }
      }),
    );
  });

  test("does not depend on the order of the spans, and every span has a place", () => {
    fc.assert(
      fc.property(anySpans, fc.infiniteStream(fc.nat()), (spans, keys) => {
        const shuffled = [...spans].map((one) => ({ one, key: keys.next().value ?? 0 })).sort((a, b) => a.key - b.key);
        const describeNodes = (given: readonly Span[]) =>
          spanTree(given).nodes.map((node) => [node.span, node.parent?.span ?? null, selfTimeMs(node)]);
        expect(describeNodes(shuffled.map(({ one }) => one))).toEqual(describeNodes(spans));
        expect(spanTree(spans).nodes).toHaveLength(spans.length);
      }),
    );
  });
});
