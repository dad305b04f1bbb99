/** Measurements of all objectives from the ledgers: sums, coverage, and how the data is. Pure. */
import { serviceKey } from "../../telemetry/service-ref.js";
import { ledgerTiers, type ScopeLedger, type WindowSum } from "../ledger/scope-ledger.js";
import {
  countedWindow,
  type DataState,
  type Measurement,
  ratioWindow,
  unmeasured,
  type WindowMeasure,
} from "../measurement.js";
import type { Objective } from "../objective.js";
import { periodWindow, tierWindowsMs } from "../windows.js";
import type { AskedValues } from "./asked-values.js";
import { measureAsked } from "./measure-asked.js";
import { placeOf } from "./sli-family.js";
import { askedQuery, isPartGood, ownScope } from "./user-counts.js";

/** The ledgers of one cluster or shard. */
export interface LedgerGroup {
  readonly name: string;
  readonly ledgers: ReadonlyMap<string, ScopeLedger>;
  /** Scopes whose counts are interpolated between bucket edges. */
  readonly approximate: ReadonlySet<string>;
  /** Scopes that could not be had, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
  /** Why nothing of it is counted; null when it is. */
  readonly problem: string | null;
}

/** Where an objective's good and total counts stand in one group. */
interface Held {
  readonly ledger: ScopeLedger;
  readonly keys: readonly string[];
  readonly slow: ScopeLedger | null;
  readonly problem: string | null;
}

/** One measurement per objective, each worked out when it is come to: thousands of them at once are tens of MB. */
export function* measureObjectives(
  objectives: readonly Objective[],
  groups: readonly LedgerGroup[],
  endMs: number,
  asked: ReadonlyMap<string, AskedValues>,
): Generator<Measurement, void, undefined> {
  const windows = objectives.map((objective) => [
    ...tierWindowsMs(objective).map((length) => endMs - length),
    periodWindow(objective.period, endMs).fromMs,
  ]);
  const starts = new Set<number>();
  for (const own of windows) for (const fromMs of own) starts.add(fromMs);
  const sumsOf = sumsOnce([...starts], endMs);
  const keysOf = keysByName();
  for (const [i, objective] of objectives.entries()) {
    yield askedQuery(objective) === null
      ? measure(objective, groups, endMs, windows[i] ?? [], sumsOf, keysOf)
      : measureAsked(objective, [...asked.values()], endMs);
  }
}

function measure(
  objective: Objective,
  groups: readonly LedgerGroup[],
  endMs: number,
  fromMs: readonly number[],
  sumsOf: (ledger: ScopeLedger) => ReadonlyMap<number, WindowSum>,
  keysOf: (ledger: ScopeLedger, objective: Objective, suffix: string) => readonly string[],
): Measurement {
  const { sli } = objective;
  const place = placeOf(objective);
  const own = ownScope(objective);
  const base = { objectiveId: objective.id, endMs };
  const nothing = (dataState: "NO_DATA" | "UNKNOWN", reason: string) => unmeasured(objective, endMs, dataState, reason);
  const scope = place?.callsScope ?? own;
  if (scope === null) return nothing("UNKNOWN", "This kind of objective is not counted.");
  const reasons = groups.flatMap(({ refused }) => refused.get(scope) ?? []);
  // All must have answered a query of a user; of calls, those whose metrics tell them.
  const [refusal] = own !== null || reasons.length === groups.length ? reasons : [];
  if (refusal !== undefined) return nothing("UNKNOWN", refusal);

  const held = groups.flatMap(({ ledgers, problem }): Held[] => {
    const ledger = ledgers.get(scope);
    if (ledger === undefined) return [];
    const keys = place === null ? [""] : keysOf(ledger, objective, place.suffix);
    const slow = place?.slowScope == null ? null : (ledgers.get(place.slowScope) ?? null);
    return [{ ledger, keys, slow, problem }];
  });
  if (held.length === 0) {
    const [
      problem = "No metrics source has told calls of a mesh yet; `meshlens check --deep` says what each one has.",
    ] = groups.flatMap((group) => group.problem ?? []);
    return nothing("UNKNOWN", problem);
  }
  const known = held.filter(({ keys }) => keys.length > 0);
  const asked = known.length > 0 ? known : held;
  const needsSlow = sli.kind === "LATENCY";

  const windowOf = (from: number): WindowMeasure => {
    let good = 0;
    let total = 0;
    let coverage = 1;
    for (const { ledger, keys, slow } of asked) {
      const sum = sumsOf(ledger).get(from);
      const slowSum = slow === null ? undefined : sumsOf(slow).get(from);
      coverage = Math.min(coverage, sum?.coverage ?? 0, needsSlow ? (slowSum?.coverage ?? 0) : 1);
      for (const key of keys) {
        const all = sum?.sum(key, "total") ?? 0;
        total += all;
        if (own !== null) {
          const part = sum?.sum(key, "part") ?? 0;
          good += isPartGood(objective) ? part : all - part;
        } else good += all - (needsSlow ? (slowSum?.sum(key, "slow") ?? 0) : (sum?.sum(key, "failed") ?? 0));
      }
    }
    if (sli.kind === "RATIO") return ratioWindow(endMs - from, total > 0 ? 1 - good / total : null, coverage);
    return countedWindow(endMs - from, { goodCount: good, totalCount: total, coverage });
  };

  const measured = fromMs.map(windowOf);
  const period = measured.at(-1) ?? null;
  const windows = measured.slice(0, -1);
  const { dataState, dataReason } = stateOf(objective, asked, endMs, windows[0] ?? period);
  const isApproximate =
    sli.kind === "RATIO" ||
    groups.some(({ approximate }) => place?.slowScope != null && approximate.has(place.slowScope));
  return { ...base, dataState, dataReason, windows, period, isApproximate };
}

function stateOf(
  { sli, origin }: Objective,
  asked: readonly Held[],
  endMs: number,
  shortest: WindowMeasure | null,
): { readonly dataState: DataState; readonly dataReason: string | null } {
  const needsSlow = sli.kind === "LATENCY";
  const problem = asked.find((one) => one.problem !== null)?.problem;
  if (problem != null) return { dataState: "UNKNOWN", dataReason: problem };
  const isUnknown = asked.some(({ ledger, slow }) => !ledger.isCovered(endMs) || slow?.isCovered(endMs) === false);
  if (isUnknown) {
    return { dataState: "UNKNOWN", dataReason: "The newest counts could not be had whole; they are asked for again." };
  }
  if (origin.kind === "default" && asked.every(({ keys }) => keys.length === 0)) {
    // It is in the mesh, or it had no default objectives: a front that only calls others.
    return { dataState: "IDLE", dataReason: "Nobody has called it." };
  }
  if (needsSlow && asked.every(({ slow }) => slow === null)) {
    return { dataState: "NO_DATA", dataReason: "The metrics sources have no histogram of its durations." };
  }
  // A gauge has samples when it is scraped, which may be every few minutes; counters and queries have a value at each step.
  const presentMs = sli.kind === "GAUGE" ? gaugePresentMs : 0;
  const isThere = asked.some(({ ledger, keys, slow }) =>
    keys.some((key) => {
      const hasDurations = slow === null || !Number.isNaN(slow.newest(endMs, key, "slow") ?? Number.NaN);
      for (let atMs = endMs; hasDurations && atMs >= endMs - presentMs; atMs -= ledgerTiers.fineMs) {
        if (!Number.isNaN(ledger.newest(atMs, key, "total") ?? Number.NaN)) return true;
      }
      return false;
    }),
  );
  if (!isThere) {
    return { dataState: "NO_DATA", dataReason: "The metrics sources answered and have no series of it (any more)." };
  }
  const isIdle = sli.kind === "RATIO" ? shortest?.errorRatio == null : shortest === null || shortest.totalCount === 0;
  return isIdle ? { dataState: "IDLE", dataReason: idleWords[sli.kind] } : { dataState: "OK", dataReason: null };
}

/** Prometheus's own lookback. */
const gaugePresentMs = 300_000;

const idleWords: Readonly<Record<Objective["sli"]["kind"], string>> = {
  AVAILABILITY: "There were no calls in the shortest window.",
  LATENCY: "There were no calls in the shortest window.",
  CONNECTIONS: "No connections were opened in the shortest window.",
  EVENTS: "There were no events in the shortest window.",
  RATIO: "The ratio had no number in the shortest window: there were no events.",
  GAUGE: "The gauge had no samples in the shortest window.",
};

/** The sums of each ledger are worked out once for all objectives. */
function sumsOnce(fromMs: readonly number[], endMs: number) {
  const kept = new Map<ScopeLedger, ReadonlyMap<number, WindowSum>>();
  return (ledger: ScopeLedger): ReadonlyMap<number, WindowSum> => {
    const known = kept.get(ledger);
    if (known !== undefined) return known;
    const sums = new Map(ledger.windows(endMs, fromMs).map((sum) => [sum.fromMs, sum]));
    kept.set(ledger, sums);
    return sums;
  };
}

/** Keys of an objective's service: one where it names the cluster, else those of every cluster that has the name. */
function keysByName() {
  const kept = new Map<ScopeLedger, ReadonlyMap<string, readonly string[]>>();
  return (ledger: ScopeLedger, { service }: Objective, suffix: string): readonly string[] => {
    let byName = kept.get(ledger);
    if (byName === undefined) {
      const found = new Map<string, string[]>();
      for (const key of ledger.keys()) {
        const name = key.slice(key.indexOf("\u0000"));
        const own = found.get(name);
        if (own === undefined) found.set(name, [key]);
        else own.push(key);
      }
      byName = found;
      kept.set(ledger, byName);
    }
    const name = serviceKey({ ...service, cluster: "" }) + suffix;
    const keys = byName.get(name) ?? [];
    if (service.cluster === null) return keys;
    return keys.filter((key) => key === `${service.cluster}${name}`);
  };
}
