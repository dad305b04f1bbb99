/**
 * Who is slow now and then anyway, by longer time: a few traces of the time before may hold none of its slow calls, and those of the incident
 * some, though nothing changed. Called by diagnose.ts.
 */
import { groupBy } from "../telemetry/group-by.js";
import { serviceKey } from "../telemetry/service-ref.js";
import { edgeSums } from "./edge-sums.js";
import type { EdgeMeasure, IncidentEvidence, LearntBackground } from "./incident-evidence.js";
import type { Key } from "./request.js";
import type { Slowness } from "./slowness.js";

/** Calls that tell a mean, now and over longer time. */
const [fewestNow, fewestUsual] = [20, 100];
/** One window may be an earlier incident. */
const fewestWindows = 2;
/** Longer than its middle call by this in the mean: it has slow calls as a habit. */
const habitual = 2;
const habitualMs = 5;
/** No longer than over longer time, but for chance and the mix of calls. */
const asEver = 1.25;

/**
 * Services with a habit of slow calls whose calls now take no longer in the mean than usual: over longer time, and in most of the counted windows
 * before, because a mean over longer time holds earlier incidents too.
 */
export function slowByHabit(
  { background, incident, baselines }: Pick<IncidentEvidence, "background" | "incident" | "baselines">,
  before: readonly Slowness[],
): ReadonlySet<Key> {
  const now = meansOfCalls(incident.edges);
  const longer = usualMeans(background);
  const windows = baselines.map(({ edges }) => meansOfCalls(edges));
  const middle = middles(before);
  return new Set(
    [...now].flatMap(([service, nowMs]) => {
      const longerMs = longer.get(service);
      const counted = windows.flatMap((means) => means.get(service) ?? []).sort((a, b) => a - b);
      const countedMs = counted[Math.floor((counted.length - 1) / 2)];
      const middleMs = middle.get(service);
      if (counted.length < fewestWindows) return [];
      if (longerMs === undefined || countedMs === undefined || middleMs === undefined) return [];
      const usualMs = Math.min(longerMs, countedMs);
      return usualMs > habitual * middleMs + habitualMs && nowMs < asEver * usualMs ? [service] : [];
    }),
  );
}

interface Sum {
  calls: number;
  ms: number;
}

function meansOf(sums: ReadonlyMap<Key, Sum>, fewest: number): ReadonlyMap<Key, number> {
  return new Map([...sums].flatMap(([key, { calls, ms }]) => (calls >= fewest ? [[key, ms / calls]] : [])));
}

/** As callers saw their calls; calls from nobody known are left out, as in what is learnt. */
function meansOfCalls(edges: readonly EdgeMeasure[] | null): ReadonlyMap<Key, number> {
  const sums = new Map<Key, Sum>();
  for (const { source, destination, caller, server } of edgeSums(edges, new Map()).values()) {
    const seen = caller ?? server;
    if (source === null || destination === null || seen === null || seen.durationSumMs === null) continue;
    add(sums, destination, seen.requestCount, seen.durationSumMs);
  }
  return meansOf(sums, fewestNow);
}

function usualMeans(background: readonly LearntBackground[]): ReadonlyMap<Key, number> {
  const sums = new Map<Key, Sum>();
  for (const { source, destination, steps } of background)
    for (const { requestCount, durationSumMs } of source === null ? [] : steps)
      if (durationSumMs !== null) add(sums, serviceKey(destination), requestCount, durationSumMs);
  return meansOf(sums, fewestUsual);
}

function add(sums: Map<Key, Sum>, key: Key, calls: number, ms: number): void {
  const sum = sums.get(key) ?? { calls: 0, ms: 0 };
  sums.set(key, sum);
  sum.calls += calls;
  sum.ms += ms;
}

/** The middle visit of each service before. */
function middles(before: readonly Slowness[]): ReadonlyMap<Key, number> {
  const visits = groupBy(
    before.flatMap(({ request }) => request.visits),
    ({ service }) => service,
  );
  return new Map(
    [...visits].flatMap(([service, all]) => {
      const ordered = all.map(({ ms }) => ms).sort((a, b) => a - b);
      const middle = ordered[Math.floor(ordered.length / 2)];
      return middle === undefined ? [] : [[service, middle]];
    }),
  );
}
