/**
 * From judged tallies to services: how many bad requests each explains, one after the other. The service that explains most is taken, its
 * pieces are put back to what they were, and the rest is judged again: victims sink, a second fault stays. Called by diagnose.ts.
 */
import { groupBy } from "../telemetry/group-by.js";
import { meanOf, normalBelow } from "./beta-binomial.js";
import { type CalmTally, withoutBursts } from "./bursts.js";
import { type Change, judge, type Prior, priorOf, type UsualRatio } from "./change-test.js";
import type { Key } from "./request.js";
import { effectiveCount, isSilentKind, type Tally } from "./tally.js";

/** A tally's part in a service's score, as shares of all requests. */
export interface Part {
  readonly change: Change;
  /** That it changed, 0..1. */
  readonly credibility: number;
  /** Requests that could show it, of all. */
  readonly share: number;
  readonly weight: number;
  readonly explained: number;
  readonly standardError: number;
}

/** A service with what it explains. Shares of all requests. */
export interface Account {
  readonly service: Key;
  /** That anything of it changed, 0..1. */
  readonly credibility: number;
  /** The same if bursts it had before were incidents too, and no habit. */
  readonly burstCredibility: number;
  readonly explained: number;
  readonly standardError: number;
  readonly parts: readonly Part[];
}

/** What accounts are made with. */
export interface ExplainDeps {
  /** Weight of all the incident's requests. */
  readonly requestCount: number;
  readonly usual: (kind: Tally["kind"]) => UsualRatio;
  /** Factor ½..1 of the slowness of a service's calls: whether it is slow to all its callers. */
  readonly tie: (service: Key) => number;
  /** Services whose slow calls are a habit, by longer time. */
  readonly slowByHabit: ReadonlySet<Key>;
}

/** Accounts of all services, the largest first. */
export function accountsOf(all: readonly Tally[], deps: ExplainDeps): readonly Account[] {
  const priors = new Map<Tally["kind"], Prior>();
  const calm: CalmTally[] = [];
  for (const [kind, alike] of groupBy(all, (tally) => tally.kind)) {
    const { belief } = priorOf(alike);
    const calmed = alike.map((tally) => withoutBursts(tally, belief));
    priors.set(kind, priorOf(calmed.map(({ tally }) => tally)));
    calm.push(...calmed);
  }
  const tallies = calm.map(({ tally }) => tally);
  const habits = habitsOf(tallies, priors);
  const byService = new Map<Key, Change[]>();
  for (const { tally, burstShare } of calm) {
    const prior = priors.get(tally.kind);
    if (prior === undefined) continue;
    for (const service of tally.services) {
      const usual = deps.usual(tally.kind)(service) ?? habits.get(`${tally.kind} ${service}`) ?? null;
      const change = judge(tally, prior, usual, burstShare);
      const changes = byService.get(service);
      if (changes === undefined) byService.set(service, [change]);
      else changes.push(change);
    }
  }
  const prior = 1 / Math.max(10, byService.size);
  return [...byService]
    .map(([service, changes]) => accountOf(service, changes, prior, deps))
    .sort((a, b) => b.explained - a.explained || (a.service < b.service ? -1 : 1));
}

/** As if so many requests of any service had been seen before a service's own. */
const commonTrust = 5;

/** What share of each kind a service usually has, over all its places: one of them never seen is likelier to be like the others. */
function habitsOf(tallies: readonly Tally[], priors: ReadonlyMap<Tally["kind"], Prior>): ReadonlyMap<string, number> {
  const sums = new Map<string, { n: number; x: number; kind: Tally["kind"] }>();
  for (const { kind, services, baselines } of tallies)
    for (const service of isSilentKind(kind) ? [] : services) {
      const sum = sums.get(`${kind} ${service}`) ?? { n: 0, x: 0, kind };
      sums.set(`${kind} ${service}`, sum);
      for (const exposure of baselines) {
        const count = effectiveCount(exposure);
        sum.n += count;
        sum.x += exposure.n > 0 ? (exposure.x / exposure.n) * count : 0;
      }
    }
  const commonOf = (kind: Tally["kind"]): number => meanOf(priors.get(kind)?.belief ?? { bad: 1, good: 99 });
  return new Map(
    [...sums].map(([key, { n, x, kind }]) => [key, (x + commonOf(kind) * commonTrust) / (n + commonTrust)]),
  );
}

/** That earlier bursts of a service were incidents, as this one may be, and no habit that harms nobody. */
const incidentsBefore = 0.5;

/** What holds if earlier bursts were incidents, and if they are habit, by how likely either is. */
function mixed(fresh: number, habitual: number): number {
  return incidentsBefore * fresh + (1 - incidentsBefore) * habitual;
}

function accountOf(service: Key, changes: readonly Change[], prior: number, deps: ExplainDeps): Account {
  const harms = changes.filter(({ tally }) => !isSilentKind(tally.kind));
  const odds = Math.log(prior / (1 - prior));
  const fresh = logistic(odds + jointFactor(harms.map((change) => change.logFactor)));
  const habitual = logistic(odds + jointFactor(harms.map((change) => change.habitLogFactor)));
  const tie = deps.tie(service);
  const parts = changes.map((change): Part => {
    const { tally, logFactor: own, habitLogFactor, incidentRatio, expectedRatio, standardError } = change;
    // A pattern stands for itself: it is no harm, and lines change for many reasons.
    const certain = isSilentKind(tally.kind)
      ? mixed(logistic(odds + own), logistic(odds + habitLogFactor))
      : mixed(fresh * logistic(own), habitual * logistic(habitLogFactor));
    const share = tally.incident.n / deps.requestCount;
    const isHabit = tally.kind === "LATENCY" && deps.slowByHabit.has(service);
    const weight = weightOf(tally, service, tie) * (isHabit ? habitWeight : 1);
    const surplus = own === 0 ? 0 : Math.max(0, incidentRatio - expectedRatio);
    return {
      change,
      credibility: certain,
      share,
      weight,
      explained: certain * surplus * share * weight,
      standardError: standardError * share * weight,
    };
  });
  const explained = parts.reduce((sum, part) => sum + part.explained, 0);
  const variance = parts.reduce((sum, part) => (part.explained > 0 ? sum + part.standardError ** 2 : sum), 0);
  return {
    service,
    credibility: mixed(fresh, habitual),
    burstCredibility: fresh,
    explained: Math.min(1, explained),
    standardError: Math.sqrt(variance),
    parts: parts.filter((part) => part.explained > 0).sort((a, b) => b.explained - a.explained),
  };
}

/** Shares of a changed service's kinds of badness that may show the change: one of many, or all. */
const affectedShares = [0.03, 0.1, 0.3, 0.6, 1];

/** Log of how much better "the service changed" fits than "it is as ever": some of its kinds of badness show it, which is not known. */
function jointFactor(factors: readonly number[]): number {
  const logs = affectedShares.map((share) =>
    factors.reduce((sum, factor) => sum + Math.log(1 - share + share * Math.exp(Math.min(factor, 500))), 0),
  );
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, one) => sum + Math.exp(one - most), 0) / logs.length);
}

/** Enough to order near-ties and to speak up for silent faults, too little to outvote harm. */
const patternWeight = 0.1;

/** The mean over longer time speaks against it, but it does not tell operations apart. */
const habitWeight = 0.3;

/** A call that never arrived is the called service's first of all, but its caller may have misdialled. */
const callerWeight = 0.5;
/** A share of time is not yet a bad request: half of it is counted. */
const timeWeight = 0.5;

/** Slowness of a call is shared by its two ends; what a service does by itself is its own. */
function weightOf({ kind, services }: Tally, service: Key, tie: number): number {
  if (kind === "ERRORS") return services[0] === service ? 1 : callerWeight;
  if (isSilentKind(kind)) return patternWeight;
  if (kind === "METRIC_LATENCY") return timeWeight * (services.length > 1 ? tie : 1);
  return kind === "LATENCY" && services.length > 1 ? tie : 1;
}

function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** That each of the values is the largest, each being normal with its error; adds up to about 1. */
export function largestProbabilities(
  values: readonly { readonly mean: number; readonly error: number }[],
): readonly number[] {
  const [low, high] = values.reduce(
    ([least, most], { mean, error }) => [Math.min(least, mean - 4 * error), Math.max(most, mean + 4 * error)],
    [0, 0],
  );
  const steps = 200;
  const width = (high - low) / steps;
  if (!(width > 0)) return values.map(() => (values.length > 0 ? 1 / values.length : 0));
  const below = (at: number, { mean, error }: { mean: number; error: number }): number =>
    normalBelow((at - mean) / Math.max(error, width / 4));
  const sums = values.map(() => 0);
  for (let step = 0; step < steps; step += 1) {
    const from = low + step * width;
    const under = values.map((value) => below(from + width / 2, value));
    values.forEach((value, i) => {
      const mass = below(from + width, value) - below(from, value);
      sums[i] = (sums[i] ?? 0) + under.reduce((product, one, j) => (j === i ? product : product * one), mass);
    });
  }
  const total = sums.reduce((sum, one) => sum + one, 0);
  return sums.map((sum) => (total > 0 ? sum / total : 0));
}
