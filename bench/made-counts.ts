/** Thirty days of counts of a mesh, made up: calls, failed and slow ones of every service. Used by the benches of memory and store. */
import type { LedgerBlock } from "../src/slo/ledger/scope-ledger.js";
import { callsScope, slowScope } from "../src/slo/measure/sli-family.js";
import { type ServiceRef, serviceKey } from "../src/telemetry/service-ref.js";

const hourMs = 3_600_000;

/** Services differ a thousandfold in traffic. */
export function countOf(n: number, scale: number): number {
  return Math.round(scale * 10 ** ((n % 7) / 2 - 1.5) * (1 + (n % 3) / 3));
}

/** Blocks as the store keeps them: fine buckets for six hours, coarse ones before. As its reader does, `roomFor` may give the same memory again. */
export function* madeCounts(
  refs: readonly ServiceRef[],
  nowMs: number,
  roomFor: (length: number) => Float64Array = (length) => new Float64Array(length),
) {
  const tiers = [
    { fromMs: nowMs - 30 * 24 * hourMs, toMs: nowMs - 6 * hourMs, stepMs: 900_000, blockMs: 6 * hourMs },
    { fromMs: nowMs - 6 * hourMs, toMs: nowMs, stepMs: 30_000, blockMs: hourMs / 2 },
  ];
  const keys = refs.map(serviceKey);
  const scopes = [
    { scope: callsScope("callers", "service", ""), counters: ["total", "failed"] },
    { scope: slowScope("callers", "service", "", 500), counters: ["slow"] },
  ];
  for (const { fromMs, toMs, stepMs, blockMs } of tiers) {
    for (let startMs = fromMs; startMs < toMs; startMs += blockMs) {
      for (const { scope, counters } of scopes) {
        const bucketCount = blockMs / stepMs;
        const values = roomFor(keys.length * counters.length * bucketCount);
        for (let i = 0; i < values.length; i += 1) {
          const series = Math.floor(i / bucketCount / counters.length);
          const counter = counters[Math.floor(i / bucketCount) % counters.length];
          const isQuiet = counter !== "total" && (series * 31 + i) % 5 !== 0;
          values[i] = isQuiet ? 0 : trembling(countOf(series, counter === "total" ? stepMs / 300 : 1), i);
        }
        const block: LedgerBlock = { startMs, stepMs, bucketCount, counters, keys, values };
        yield { scope: `east|${scope}`, block };
      }
    }
  }
}

/** As counts of independent calls differ from one bucket to the next. */
function trembling(count: number, i: number): number {
  const noise = (Math.imul(i + 1, 0x9e3779b1) >>> 8) / 2 ** 24;
  return Math.max(0, Math.round(count + Math.sqrt(count) * 3.4 * (noise - 0.5)));
}
