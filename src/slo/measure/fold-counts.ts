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
import { type CallFamily, callsScope, type FamilyRule, type Grain, slowScope } from "./sli-family.js";

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
  const sums = family.rules.map((rule) => ({ rule, sum: createCounts(["total", "failed"], times) }));
  for (const [dialect, own] of groupBy(parts, ({ dialect }) => dialect)) {
    for (const row of keyed(dialect, family.grain, rowsOfParts(own, rows), index)) {
      for (const { rule, sum } of sums) {
        const judged = judge(row, rule);
        // A service whose callers all left is there all the same: it had no calls that count.
        sum.add(row.key, 0, row.values, judged === "LEFT" ? 0 : 1);
        sum.add(row.key, 1, row.values, judged === "FAILED" ? 1 : 0);
      }
    }
  }
  return sums.map(({ rule, sum }) => ({
    scope: callsScope(family.view, family.grain, rule.id),
    block: sum.block(),
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
  const { view, grain } = family;
  const rowsOf = groupBy(rows, ({ part }) => part);
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
          const ofPart = rowsOf.get(part.part.id) ?? [];
          const bounded = rowsOfParts([part], ofPart, (labels) => (labels["le"] ?? "") === le);
          // Buckets of failed calls say that there is a histogram, and add nothing.
          for (const row of keyed(part.dialect, grain, bounded, index))
            sum.add(row.key, 0, row.values, judge(row, rule) === "GOOD" ? weight : 0);
        }
      }
      return [{ scope: slowScope(view, grain, rule.id, thresholdMs), block: slowOf(all, sum.block()) }];
    });
  });
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

interface PartRow {
  readonly role: string;
  readonly row: MetricRow;
}

/** The rows of some parts, as they stand in the answer. */
function* rowsOfParts(
  parts: readonly FamilyPart[],
  rows: readonly MetricRow[],
  isWanted: (labels: MetricRow["labels"]) => boolean = () => true,
): Generator<PartRow, void, undefined> {
  const roleOf = new Map(parts.map(({ part, role }) => [part.id, role]));
  for (const row of rows) {
    const role = roleOf.get(row.part);
    if (role !== undefined && isWanted(row.labels)) yield { role, row };
  }
}

/**
 * Rows with the key of their series; rows that are nobody's, or another dialect's, are left out. One after the other, each forgotten
 * before the next: an answer has tens of thousands.
 */
function* keyed(
  dialect: Dialect,
  grain: Grain,
  rows: Iterable<PartRow>,
  index: ServiceIndex,
): Generator<KeyedRow, void, undefined> {
  for (const { row, values, suffix } of suffixed(dialect, grain, rows)) {
    const key = rowKey(grain, dialect, row, suffix, index);
    if (key === null) continue;
    const { node } = index.placeSource(row.source);
    const isFromOutside = node.kind === "GATEWAY" || node.kind === "UNKNOWN";
    const { code, grpcStatus, flags, isMarkedFailed } = row;
    yield { key, calls: { code, grpcStatus, flags, isMarkedFailed, isFromOutside }, values };
  }
}

/** Rows in the dialect's terms; only one whose metrics need arithmetic needs them all at once. */
function* suffixed(
  dialect: Dialect,
  grain: Grain,
  rows: Iterable<PartRow>,
): Generator<Pick<CountedRow, "row" | "values"> & { readonly suffix: string }, void, undefined> {
  const { derive } = dialect;
  const counted: CountedRow[] = [];
  const suffixes = new Map<CountedRow["row"], string>();
  for (const { role, row: own } of rows) {
    const row = dialect.toRow(own.labels, "REQUEST");
    if (row === null) continue;
    const suffix = labelSuffix(grain, dialect, own.labels);
    if (derive === undefined || role === "fast") {
      yield { row, values: own.values, suffix };
      continue;
    }
    counted.push({ row, role, values: own.values });
    suffixes.set(row, suffix);
  }
  for (const { row, values } of derive?.(counted) ?? []) yield { row, values, suffix: suffixes.get(row) ?? "" };
}

/** Sums by key and counter; a bucket is NaN until something was counted in it. */
export function createCounts(counters: readonly string[], times: BucketTimes) {
  const { bucketCount } = times;
  const width = counters.length * bucketCount;
  const places = new Map<string, number>();
  let sums = new Float64Array(64 * width).fill(Number.NaN);

  function placeOf(key: string): number {
    const known = places.get(key);
    if (known !== undefined) return known;
    const place = places.size * width;
    if (place === sums.length) {
      const more = new Float64Array(2 * sums.length).fill(Number.NaN);
      more.set(sums);
      sums = more;
    }
    places.set(key, place);
    return place;
  }

  return {
    add(key: string, counter: number, values: readonly (number | null)[], weight: number): void {
      const from = placeOf(key) + counter * bucketCount;
      for (let i = 0; i < bucketCount; i += 1) {
        const value = values[i];
        if (value === null || value === undefined) continue;
        const before = sums[from + i] as number;
        sums[from + i] = (Number.isNaN(before) ? 0 : before) + withoutNoise(value) * weight;
      }
    },
    block: (): LedgerBlock => ({
      ...times,
      counters,
      keys: [...places.keys()],
      values: sums.slice(0, places.size * width),
    }),
  };
}

/** Differences of counters are whole; sums of them come with a float's noise. */
function withoutNoise(count: number): number {
  const whole = Math.round(count);
  return Math.abs(count - whole) < 1e-6 * Math.max(1, whole) ? whole : count;
}
