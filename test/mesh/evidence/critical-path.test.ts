import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { criticalPath, pathSegments } from "../../../src/mesh/evidence/critical-path.js";
import { type SpanNode, spanTree } from "../../../src/mesh/evidence/span-tree.js";
import type { Span } from "../../../src/telemetry/trace-source.js";
import { delayJason, retries, span } from "../../support/spans.js";
import { anySpans } from "./span-arbitrary.js";

function pathOf(spans: readonly Span[]) {
  return criticalPath(spanTree(spans).roots[0] as SpanNode).map((step) => [
    step.spanId.replace(/^0+/, ""),
    step.selfMs,
  ]);
}

describe("critical path", () => {
  test("of jason's page is the two calls of ratings, each for the 3 s it was waited for", () => {
    const path = pathOf(delayJason());
    expect(path.map(([id]) => id)).toEqual(["a", "b", "11", "12", "13", "21", "22", "23"]);
    expect(Object.fromEntries(path)).toMatchObject({ "13": 2998, "23": 2998 });
    expect(path.reduce((sum, [, ms]) => sum + Number(ms), 0)).toBeCloseTo(6010, 6);
  });

  test("goes through every attempt of a retried call", () => {
    expect(pathOf(retries()).map(([id]) => id)).toEqual(["2", "3", "14", "24", "34", "44"]);
  });

  test("leaves out a sibling that ended before the one that was waited for", () => {
    const path = pathOf([
      span("a", null, { ms: 100 }),
      span("b", "a", { at: 10, ms: 50 }),
      span("c", "a", { at: 20, ms: 70 }),
    ]);
    expect(path).toEqual([
      ["a", 30],
      ["c", 70],
    ]);
  });

  test("its segments do not overlap and fill the root's time exactly, whatever the trace", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        for (const root of spanTree(spans).roots) {
          let reachedUs = root.fromUs;
          for (const segment of pathSegments(root)) {
            expect(segment.fromUs).toBe(reachedUs);
            reachedUs = segment.toUs;
          }
          expect(reachedUs).toBe(root.toUs);
          const sumMs = criticalPath(root).reduce((sum, step) => sum + step.selfMs, 0);
          expect(sumMs).toBeLessThanOrEqual(root.span.durationMs + 1e-9);
        }
      }),
    );
  });
});
