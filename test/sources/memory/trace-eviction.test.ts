import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createMemoryTraceSource, type MemoryTraceSource } from "../../../src/sources/memory/memory-trace-source.js";
import { delayJason, span, t0, trace } from "../../support/spans.js";

const options = { signal: new AbortController().signal, deadlineMs: Number.POSITIVE_INFINITY };
const maxAgeMs = 60_000;

/** A source whose clock is `now`. */
const sourceAt = (now: { ms: number }, maxSpans: number): MemoryTraceSource =>
  createMemoryTraceSource({
    config: { name: "traces", kind: "jaeger", cluster: null, isShard: false, maxAgeMs, maxSpans },
    clock: { nowMs: () => now.ms },
  });

const query = {
  window: { fromMs: 0, toMs: t0 * 2 },
  minDurationMs: null,
  maxDurationMs: null,
  errorsOnly: false,
  tags: {},
  limit: 1000,
} as const;

describe("traces kept over a long time", () => {
  const step = fc.record({
    afterMs: fc.integer({ min: 0, max: 5_000 }),
    service: fc.constantFrom("a", "b", "c"),
    fails: fc.boolean(),
    durationMs: fc.nat(100),
  });

  test("nothing within the age is lost, a search finds what a list of them all would", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 300 }),
        fc.boolean(),
        fc.option(fc.nat(100)),
        async (steps, errorsOnly, minDurationMs) => {
          const now = { ms: t0 };
          const source = sourceAt(now, 100_000);
          const all = steps.map(({ afterMs, service, fails, durationMs }, i) => {
            now.ms += afterMs;
            const status = fails ? "ERROR" : "UNSET";
            const root = span("1", null, { serviceName: "front", startMs: now.ms, ms: 1 });
            const made = span("2", "1", { serviceName: service, startMs: now.ms, durationMs, status });
            source.append([trace(String(i + 1), [root])]);
            source.append([trace(String(i + 1), [made])]);
            return { traceId: String(i + 1).padStart(32, "0"), made };
          });
          const young = all.filter(({ made }) => made.startMs >= now.ms - maxAgeMs).reverse();
          const expected = young.filter(
            ({ made }) =>
              made.serviceName === "b" &&
              (!errorsOnly || made.status === "ERROR") &&
              made.durationMs >= (minDurationMs ?? 0),
          );
          const asked = { ...query, serviceName: "b", errorsOnly, minDurationMs };
          const { traces } = await source.search(asked, options);
          expect(traces.map(({ traceId }) => traceId).sort()).toEqual(expected.map(({ traceId }) => traceId).sort());
          expect(traces.map(({ spans }) => spans[0]?.startMs ?? 0)).toEqual(expected.map(({ made }) => made.startMs));
          for (const { traceId, made } of young.slice(-3)) {
            const [found] = (await source.getTraces([traceId], null, options)).traces;
            expect(found?.spans.find(({ spanId }) => spanId === made.spanId)).toEqual(made);
          }
          const links = await source.dependencies(query.window, options);
          const calls = young.filter(({ made }) => made.serviceName === "b").length;
          expect(links.find(({ destination }) => destination === "b")?.callCount ?? 0).toBe(calls);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("holds a bounded number of spans however long it is fed", () => {
    const now = { ms: t0 };
    const [byAge, byCount] = [sourceAt(now, 100_000), sourceAt(now, 200)];
    for (let i = 1; i <= 3000; i += 1) {
      now.ms = t0 + i * 1000;
      const one = trace(String(i), [span("1", null, { startMs: now.ms }), span("2", "1", { startMs: now.ms })]);
      byAge.append([one]);
      byCount.append([one]);
      expect(byAge.counts().traces).toBeLessThanOrEqual(61);
      expect(byCount.counts().spans).toBeLessThanOrEqual(200);
    }
    expect(byAge.counts()).toEqual({ traces: 61, spans: 122 });
  });

  test("a trace comes back as it was after its batch was packed", async () => {
    const source = sourceAt({ ms: t0 }, 100_000);
    const story = trace("a1", delayJason());
    source.append([story]);
    for (let i = 0; i < 200; i += 1) source.append([trace(`b${i.toString(16)}0`, [span("1", null)])]);
    const [found] = (await source.getTraces(["a1"], null, options)).traces;
    const byId = (spans: readonly { readonly spanId: string }[]) =>
      [...spans].sort((a, b) => (a.spanId < b.spanId ? -1 : 1));
    expect(byId(found?.spans ?? [])).toEqual(byId(story.spans));
  });
});
