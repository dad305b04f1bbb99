/** Counts of proxies summed by service and by edge: one number per call, whoever reported it. Called by metric-tallies.ts. */
import { serviceKey } from "../telemetry/service-ref.js";
import type { CallCounts, EdgeMeasure } from "./incident-evidence.js";
import type { KeyBook } from "./partition.js";
import type { Key } from "./request.js";
import { isInjectedFlag, isTimeoutFlag } from "./span-facts.js";

/** Counted calls and what their flags say of them. */
export interface SideSum extends CallCounts {
  /** Of the failed: the caller gave up waiting. */
  readonly waitedCount: number;
  /** Failed or not: a rule of the mesh delayed or answered them. */
  readonly injectedCount: number;
}

/** One edge of one window, as its two ends saw it; null where that end does not report. */
export interface EdgeSum {
  /** Null: from outside. */
  readonly source: Key | null;
  /** Null: a host outside. */
  readonly destination: Key | null;
  readonly host: string | null;
  caller: SideSum | null;
  server: SideSum | null;
}

/** Edges by key; versions and pods together. */
export function edgeSums(edges: readonly EdgeMeasure[] | null, book: KeyBook): ReadonlyMap<string, EdgeSum> {
  const sums = new Map<string, EdgeSum>();
  const keep = (service: Parameters<typeof serviceKey>[0]): Key => {
    const key = serviceKey(service);
    if (!book.has(key)) book.set(key, service);
    return key;
  };
  for (const edge of edges ?? []) {
    const source = edge.source === null ? null : keep(edge.source);
    const destination = edge.destination.kind === "SERVICE" ? keep(edge.destination.service) : null;
    const host = edge.destination.kind === "EXTERNAL" ? edge.destination.host : null;
    const key = `${source ?? ""}\u0001${destination ?? host ?? ""}`;
    const sum = sums.get(key) ?? { source, destination, host, caller: null, server: null };
    sums.set(key, sum);
    if (edge.reporter === "SOURCE") sum.caller = added(sum.caller, sideOf(edge));
    else sum.server = added(sum.server, sideOf(edge));
  }
  return sums;
}

function sideOf({ requestCount, failedCount, durationSumMs, flags }: EdgeMeasure): SideSum {
  const countOf = (is: (flag: string) => boolean): number =>
    flags.reduce((sum, { flag, count }) => (is(flag) ? sum + count : sum), 0);
  return {
    requestCount,
    failedCount,
    durationSumMs,
    waitedCount: Math.min(failedCount, countOf(isTimeoutFlag)),
    injectedCount: Math.min(requestCount, countOf(isInjectedFlag)),
  };
}

function added(sum: SideSum | null, more: SideSum): SideSum {
  if (sum === null) return more;
  const isTimed = sum.durationSumMs !== null && more.durationSumMs !== null;
  return {
    requestCount: sum.requestCount + more.requestCount,
    failedCount: sum.failedCount + more.failedCount,
    durationSumMs: isTimed ? (sum.durationSumMs ?? 0) + (more.durationSumMs ?? 0) : null,
    waitedCount: sum.waitedCount + more.waitedCount,
    injectedCount: sum.injectedCount + more.injectedCount,
  };
}

/** What one service did in one window. */
export interface ServiceSum {
  /** Calls into it. */
  readonly calls: number;
  /** Calls it made. */
  readonly made: number;
  /** Those that failed by its own fault: failed less what failed behind it, and calls that never arrived. */
  readonly ownFailed: number;
  /** Of those: the caller gave up waiting, so it may be whom the service waited for. */
  readonly ownWaited: number;
  /** Time in it less the time it waited for others; null where it is not measured. */
  readonly ownMs: number | null;
}

/** Sums by service, callees taken out. */
export function serviceSums(edges: ReadonlyMap<string, EdgeSum>): ReadonlyMap<Key, ServiceSum> {
  const services = new Map<
    Key,
    {
      calls: number;
      made: number;
      failed: number;
      waited: number;
      lost: number;
      behind: number;
      inMs: number | null;
      outMs: number;
    }
  >();
  const of = (key: Key) => {
    const known = services.get(key) ?? {
      calls: 0,
      made: 0,
      failed: 0,
      waited: 0,
      lost: 0,
      behind: 0,
      inMs: 0,
      outMs: 0,
    };
    services.set(key, known);
    return known;
  };
  for (const { source, destination, caller, server } of edges.values()) {
    const seen = caller ?? server;
    if (seen === null) continue;
    if (destination !== null) {
      const into = of(destination);
      const arrived = server ?? caller;
      into.calls += Math.max(seen.requestCount, server?.requestCount ?? 0);
      into.failed += (server ?? seen).failedCount;
      into.waited += Math.max(caller?.waitedCount ?? 0, server?.waitedCount ?? 0);
      if (caller !== null && server !== null) into.lost += Math.max(0, caller.failedCount - server.failedCount);
      into.inMs = into.inMs === null || arrived?.durationSumMs == null ? null : into.inMs + arrived.durationSumMs;
    }
    if (source !== null) {
      const from = of(source);
      from.made += seen.requestCount;
      from.behind += seen.failedCount;
      from.outMs += seen.durationSumMs ?? 0;
    }
  }
  return new Map(
    [...services].map(([key, { calls, made, failed, waited, lost, behind, inMs, outMs }]) => {
      const ownFailed = Math.max(0, failed - behind) + lost;
      return [
        key,
        {
          calls,
          made,
          ownFailed,
          ownWaited: Math.min(ownFailed, waited),
          ownMs: inMs === null ? null : Math.max(0, inMs - outMs),
        },
      ];
    }),
  );
}
