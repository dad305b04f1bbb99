import { describe, expect, test } from "@jest/globals";
import { exemplars } from "../../../src/alerting/gathering/exemplars.js";
import type { MeshTrace } from "../../../src/mesh/mesh.js";
import type { Span } from "../../../src/telemetry/trace-source.js";
import { everyTrace, holding, hour, makeReader, reviews } from "../../mesh/evidence/make-reader.js";
import { delayJason, sidecarSpan, trace } from "../../support/spans.js";

const failing = (status: string, tries: number, ms: number): readonly Span[] => [
  sidecarSpan("productpage", "SERVER", "1", null, { ms }),
  sidecarSpan("reviews", "SERVER", "2", "1", { at: 1, ms: ms - 2 }),
  ...Array.from({ length: tries }, (_, n) =>
    sidecarSpan("ratings", "SERVER", `${n + 3}`, "2", {
      at: 2 + n,
      ms: 1,
      status: "ERROR",
      tags: { "http.status_code": status },
    }),
  ),
];

async function meshTraces(kinds: readonly (readonly Span[])[]): Promise<readonly MeshTrace[]> {
  const stored = kinds.map((spans, n) => trace(`a${n}`, spans));
  const { reader } = makeReader({ traces: [holding("jaeger", stored)] });
  const { value } = await reader.traces(reviews, hour, everyTrace, 50, null);
  return value?.traces ?? [];
}

describe("exemplar traces", () => {
  test("one per kind of fault, the commonest first, of each the slowest; then the next slowest", async () => {
    const found = await meshTraces([
      failing("503", 1, 20),
      failing("500", 1, 30),
      failing("503", 3, 50),
      failing("503", 1, 40),
    ]);
    const chosen = exemplars(found, false, 3);
    expect(chosen.map(({ summary, durationMs }) => [summary, durationMs])).toEqual([
      ["productpage > reviews > ratings: 503 after 3 tries", 50],
      ["productpage > reviews > ratings: 500", 30],
      ["productpage > reviews > ratings: 503", 40],
    ]);
    expect(chosen[0]?.detail?.split("\n")).toHaveLength(3);
    expect(chosen[0]?.errorCount).toBe(3);
  });

  test("for slowness: where the time went, whatever is marked as an error", async () => {
    const [slow] = exemplars(await meshTraces([delayJason()]), true, 3);
    expect(slow?.summary).toMatch(/^istio-ingressgateway > productpage > reviews: 3 s of its 7 s its own/);
  });

  test("a call that was given up leads on to what it waited for", async () => {
    const [slow] = exemplars(await meshTraces([delayJason()]), false, 3);
    expect(slow?.summary).toMatch(/^istio-ingressgateway > productpage > reviews: no response \(DC\); waited 3 s for /);
  });

  test("none of no traces", () => {
    expect(exemplars([], false, 3)).toEqual([]);
  });
});
