/** Rows of a family's parts folded into blocks of counts: services, versions or callers by rule and threshold. Pure. */
import type { CountedCalls } from "../../mesh/classify-outcome.js";
import type { CountedRow, Dialect } from "../../mesh/dialects/dialect.js";
import type { ServiceIndex } from "../../mesh/metrics/service-index.js";
import { groupBy } from "../../telemetry/group-by.js";
import type { MetricResult, MetricRow } from "../../telemetry/metric-source.js";
import type { LedgerBlock } from "../ledger/scope-ledger.js";
import type { FamilyPart } from "./family-parts.js";
import { judgeCall } from "./judge-call.js";
import { labelSuffix, rowKey } from "./row-key.js";
import { type CallFamily, callsScope, type FamilyRule, slowScope } from "./sli-family.js";

/** A block and whose it is, as the store takes it. */
export interface ScopedCounts {
  readonly scope: string;
  readonly block: LedgerBlock;
}

/** When the buckets of a fold lie. */
export interface BucketTimes {
  readonly startMs: number;
  readonly stepMs: number;
  readonly bucketCount: number;
}

interface KeyedRow {
  readonly key: string;
  readonly calls: Omit<CountedCalls, "count">;
  readonly values: readonly (number | null)[];
}

/** Total and failed calls of one family of one source, a block per rule in the order of its rules. */
export function foldCalls(
  parts: readonly FamilyPart[],
  { rows }: Pick<MetricResult, "rows">,
  index: ServiceIndex,
  times: BucketTimes,
): readonly ScopedCounts[] {
  const family = parts[0]?.family;
  if (family === undefined) return [];
  const rowsOf = groupBy(rows, (row) => row.part);
  const calls = [...groupBy(parts, ({ dialect }) => dialect)].flatMap(([dialect, own]) =>
    keyed(
      dialect,
      own.flatMap((part) => (rowsOf.get(part.part.id) ?? []).map((row) => ({ part, row }))),
      index,
    ),
  );
  return family.rules.map((rule) => ({
    scope: callsScope(family.view, family.grain, rule.id),
    block: sumCalls(calls, rule, times),
  }));
}

/** Slow calls of one family of one source, a block per rule and threshold, given what `foldCalls` made of its calls. */
export function foldSlow(
  family: CallFamily,
  parts: readonly FamilyPart[],
  { rows }: Pick<MetricResult, "rows">,
  calls: readonly ScopedCounts[],
  index: ServiceIndex,
  times: BucketTimes,
): readonly ScopedCounts[] {
  const rowsOf = groupBy(rows, (row) => row.part);
  const { view, grain } = family;
  return family.rules.flatMap((rule) => {
    const scope = callsScope(view, grain, rule.id);
    const all = calls.find((one) => one.scope === scope)?.block;
    if (all === undefined) return [];
    return rule.thresholdsMs.flatMap((thresholdMs): readonly ScopedCounts[] => {
      const own = parts.filter(({ thresholds }) => thresholds.has(thresholdMs));
      // Without a histogram slow calls are not known, but for those of a time without calls.
      if (own.length === 0 && all.keys.length > 0) return [];
      const sum = createCounts(["fast"], times);
      for (const part of own) {
        for (const { le, weight } of part.thresholds.get(thresholdMs)?.weights ?? []) {
          const bounded = (rowsOf.get(part.part.id) ?? []).filter(({ labels }) => (labels["le"] ?? "") === le);
          const placed = keyed(
            part.dialect,
            bounded.map((row) => ({ part, row })),
            index,
          );
          // Buckets of failed calls say that there is a histogram, and add nothing.
          for (const row of placed) sum.add(row.key, 0, row.values, judge(row, rule) === "GOOD" ? weight : 0);
        }
      }
      return [{ scope: slowScope(view, grain, rule.id, thresholdMs), block: slowOf(all, sum.block()) }];
    });
  });
}

function sumCalls(rows: readonly KeyedRow[], rule: FamilyRule, times: BucketTimes): LedgerBlock {
  const sum = createCounts(["total", "failed"], times);
  for (const row of rows) {
    const judged = judge(row, rule);
    // A service whose callers all left is there all the same: it had no calls that count.
    sum.add(row.key, 0, row.values, judged === "LEFT" ? 0 : 1);
    sum.add(row.key, 1, row.values, judged === "FAILED" ? 1 : 0);
  }
  return sum.block();
}

/** Calls that were not fast; NaN where there is no histogram to tell. */
function slowOf(all: LedgerBlock, fast: LedgerBlock): LedgerBlock {
  const { bucketCount } = all;
  const indexOf = new Map(all.keys.map((key, i) => [key, i]));
  const values = fast.values.map((count, i) => {
    const series = indexOf.get(fast.keys[Math.floor(i / bucketCount)] ?? "");
    const total = series === undefined ? 0 : (all.values[series * 2 * bucketCount + (i % bucketCount)] ?? Number.NaN);
    return Number.isNaN(total) ? count * 0 : Math.max(0, total - count);
  });
  return { ...fast, counters: ["slow"], values };
}

const judge = ({ calls }: KeyedRow, { rule }: FamilyRule) => judgeCall({ ...calls, count: 0 }, rule);

/** Rows with the key of their series; rows that are nobody's, or another dialect's, are left out. */
function keyed(
  dialect: Dialect,
  rows: readonly { readonly part: FamilyPart; readonly row: MetricRow }[],
  index: ServiceIndex,
): readonly KeyedRow[] {
  const suffixes = new Map<CountedRow["row"], string>();
  const grain = rows[0]?.part.family.grain ?? "service";
  const counted = rows.flatMap(({ part, row: { labels, values } }) => {
    const row = dialect.toRow(labels, "REQUEST");
    if (row === null) return [];
    suffixes.set(row, labelSuffix(grain, dialect, labels));
    return { row, role: part.role, values };
  });
  const isFast = rows[0]?.part.role === "fast";
  return (isFast ? counted : (dialect.derive?.(counted) ?? counted)).flatMap(({ row, values }) => {
    const key = rowKey(grain, dialect, row, suffixes.get(row) ?? "", index);
    if (key === null) return [];
    const { node } = index.placeSource(row.source);
    const isFromOutside = node.kind === "GATEWAY" || node.kind === "UNKNOWN";
    const { code, grpcStatus, flags, isMarkedFailed } = row;
    return {
      key,
      calls: { code, grpcStatus, flags, isMarkedFailed, isFromOutside },
      values,
    };
  });
}

/** Sums by key and counter; a bucket is NaN until something was counted in it. */
export function createCounts(counters: readonly string[], times: BucketTimes) {
  const { bucketCount } = times;
  const width = counters.length * bucketCount;
  const sums = new Map<string, Float64Array>();
  return {
    add(key: string, counter: number, values: readonly (number | null)[], weight: number): void {
      let own = sums.get(key);
      if (own === undefined) {
        own = new Float64Array(width).fill(Number.NaN);
        sums.set(key, own);
      }
      for (let i = 0; i < bucketCount; i += 1) {
        const value = values[i];
        if (value === null || value === undefined) continue;
        const at = counter * bucketCount + i;
        const before = own[at] as number;
        own[at] = (Number.isNaN(before) ? 0 : before) + withoutNoise(value) * weight;
      }
    },
    block(): LedgerBlock {
      const values = new Float64Array(sums.size * width);
      let at = 0;
      for (const own of sums.values()) {
        values.set(own, at);
        at += width;
      }
      return { ...times, counters, keys: [...sums.keys()], values };
    },
  };
}

/** Differences of counters are whole; sums of them come with a float's noise. */
function withoutNoise(count: number): number {
  const whole = Math.round(count);
  return Math.abs(count - whole) < 1e-6 * Math.max(1, whole) ? whole : count;
}
