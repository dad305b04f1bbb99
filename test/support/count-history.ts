/** Asks a source for the steps of a history and adds them up. */
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { historyMetric, historyWindow } from "./counter-histories.js";

/** Sums over all steps by `kind`; `run` tells histories in one backend apart. */
export async function countHistory(
  source: MetricSource,
  stepMs: number,
  run: string | null = null,
): Promise<Readonly<Record<string, number>>> {
  const matchers = run === null ? [] : [{ label: "run", op: "eq" as const, value: run }];
  const select = { metric: historyMetric, matchers };
  const of = { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 };
  const { rows } = await source.query(
    {
      parts: [{ id: "x", expression: { kind: "count", of, groupBy: ["kind"] } }],
      window: historyWindow,
      stepMs,
      rangeMs: stepMs,
    },
    { signal: new AbortController().signal, deadlineMs: Date.now() + 20_000 },
  );
  const sums: Record<string, number> = { old: 0, born: 0 };
  for (const { labels, values } of rows) {
    sums[labels["kind"] ?? ""] = Math.round(values.reduce<number>((sum, value) => sum + (value ?? 0), 0) * 1e6) / 1e6;
  }
  return sums;
}
