/** Counted rows as outcomes and series. Pure; the same sums for a service (rows into it) and an edge. */
import { type CountedCalls, outcomeOf, verdictOf } from "../classify-outcome.js";
import type { RequestOutcome, Series } from "../mesh.js";
import type { PlacedRow } from "./measure-table.js";

/** The outcome of rows over the whole window; null where no row is of requests (no proxy counted). */
export function outcomeOfRows(rows: readonly PlacedRow[]): RequestOutcome | null {
  const calls = callsOf(rows, 0);
  return calls.length === 0 ? null : outcomeOf(calls);
}

const outcomes = new WeakMap<readonly PlacedRow[], { readonly value: RequestOutcome | null }>();

/** outcomeOfRows, worked out once for all fields and all requests that share the rows. */
export function outcomeOnce(rows: readonly PlacedRow[]): RequestOutcome | null {
  const known = outcomes.get(rows);
  if (known !== undefined) return known.value;
  const value = outcomeOfRows(rows);
  outcomes.set(rows, { value });
  return value;
}

/** Requests per second at each point; null where nothing was measured. */
export function rateSeries(
  rows: readonly PlacedRow[],
  timestampsMs: readonly number[],
  rangeMs: number,
): Series | null {
  return seriesOf(rows, timestampsMs, (calls) => calls.reduce((sum, one) => sum + one.count, 0) / (rangeMs / 1000));
}

/** Failed ÷ counted at each point; null where nothing was counted. @param isDeniedFailed whether calls a policy denied count as failed */
export function errorRatioSeries(
  rows: readonly PlacedRow[],
  timestampsMs: readonly number[],
  isDeniedFailed = false,
): Series | null {
  return seriesOf(rows, timestampsMs, (calls) => {
    let failed = 0;
    let counted = 0;
    for (const one of calls) {
      const verdict = verdictOf(one);
      if (verdict.kind !== "LEFT") counted += one.count;
      const isDenied = isDeniedFailed && verdict.kind === "CLIENT_ERROR" && verdict.cause === "DENIED";
      if (verdict.kind === "FAILED" || isDenied) failed += one.count;
    }
    return counted > 0 ? failed / counted : null;
  });
}

function seriesOf(
  rows: readonly PlacedRow[],
  timestampsMs: readonly number[],
  countAt: (calls: readonly CountedCalls[]) => number | null,
): Series | null {
  const requests = rows.filter((row) => row.role === "calls");
  if (requests.length === 0) return null;
  const values = timestampsMs.map((_, i) => {
    const calls = callsOf(requests, i);
    return calls.length === 0 ? null : countAt(calls);
  });
  return { timestampsMs, values };
}

function callsOf(rows: readonly PlacedRow[], i: number): readonly CountedCalls[] {
  const calls: CountedCalls[] = [];
  for (const { source, row, role, values } of rows) {
    const count = values[i];
    if (role !== "calls" || count === null || count === undefined) continue;
    const { code, grpcStatus, flags, isMarkedFailed } = row;
    const isFromOutside = source.node.kind === "GATEWAY" || source.node.kind === "UNKNOWN";
    calls.push({ count, code, grpcStatus, flags, isMarkedFailed, isFromOutside });
  }
  return calls;
}
