/**
 * Who may have answered wrongly: a service that fails by itself after a call that went well may have been told something wrong by the callee.
 * Whether its failures keep to what it had asked of one callee is counted visit by visit. Called by suspects.ts.
 */

import { type Belief, logLikelihood, weakened } from "./beta-binomial.js";
import { type AskedAsEver, askedAsEver } from "./counted-answers.js";
import type { Reason } from "./diagnosis.js";
import type { Account, Part } from "./explain.js";
import type { IncidentEvidence } from "./incident-evidence.js";
import type { ErrorOrigin, Key, Visit } from "./request.js";
import { sayCount, sayList, sayPercent } from "./say.js";
import type { Slowness } from "./slowness.js";
import { isSilentKind, type Tally } from "./tally.js";

/** An account of errors born in callers, charged to whom they all had called. */
export interface WrongAnswer {
  readonly account: Account;
  readonly reason: Reason;
  /** Callers whose failures it would explain. */
  readonly callers: readonly Key[];
  /** More of it than of the callers' own fault: several share it, or their failures keep to it, or it does something else than usual. */
  readonly isStronger: boolean;
}

/** What is looked at. */
export interface AnswerDeps {
  readonly incident: readonly Slowness[];
  /** Requests of the windows before. */
  readonly before: readonly Slowness[];
  readonly evidence: Pick<IncidentEvidence, "incident" | "baselines">;
  readonly nameOf: (service: Key) => string;
}

/** Of the failures beyond what is usual: nearly all must have had its answer. */
const leastAnswered = 0.9;
const fewestFailed = 3;
/** Of an account that its own errors make up. */
const mostlyErrors = 0.5;
const leastCredibility = 0.5;
/** What of the callers' failures it is charged with, as the weaker and as the stronger explanation. */
const [weightOfWeaker, weightOfStronger] = [0.45, 0.95];
/** Nats by which "they keep to its answers" must fit better than "they strike at any visit". */
const leastGain = 4;
/** Of the candidates of one caller: those as good as the best but for so many nats. */
const mostBehind = 2;
/** What it counts, in nats, that nothing was asked after it, and that it does something else than usual. */
const [worthOfLast, worthOfChanged] = [2, 6];

/** Candidates, the largest first. @param named services that explain harm @param seen all accounts, to know who does something else than usual */
export function wrongAnswers(
  named: readonly Account[],
  seen: readonly Account[],
  deps: AnswerDeps,
): readonly WrongAnswer[] {
  const failing = named.filter(
    ({ credibility, parts, explained }) =>
      credibility > leastCredibility &&
      ownErrors(parts).reduce((sum, part) => sum + part.explained, 0) > mostlyErrors * explained,
  );
  const guilty = new Set(failing.map(({ service }) => service));
  const changed = new Set(seen.filter(isSurelyChanged).map(({ service }) => service));
  const shared = new Map<Key, CalledBy[]>();
  for (const caller of failing)
    for (const answers of candidatesOf(caller, changed, guilty, deps))
      shared.set(answers.callee, [...(shared.get(answers.callee) ?? []), answers]);
  return [...shared]
    .map(([callee, by]) => wrongAnswerOf(callee, by, deps.nameOf))
    .sort((a, b) => Number(b.isStronger) - Number(a.isStronger) || b.account.explained - a.account.explained);
}

function ownErrors(parts: readonly Part[]): readonly Part[] {
  return parts.filter(
    ({ change: { tally } }) => isCounted(tally) || (tally.kind === "ERRORS" && tally.services.length === 1),
  );
}

function isCounted({ kind, external }: Tally): boolean {
  return kind === "METRIC_ERRORS" && external === null;
}

const surely = 0.95;

/** It writes other lines or makes other calls than before, beyond doubt. */
export function isSurelyChanged({ parts }: Account): boolean {
  return parts.some(({ change, credibility }) => isSilentKind(change.tally.kind) && credibility > surely);
}

/** A callee and the failures of one caller. */
interface CalledBy {
  readonly callee: Key;
  readonly caller: Account;
  /** Where counts of calls are all there is, what they say; else null, and the visits below are known. */
  readonly counted: AskedAsEver | null;
  /** Visits in which the caller failed by itself, and those of them with the callee's answer before. */
  readonly failed: number;
  readonly failedAnswered: number;
  /** Visits in which the caller did its work well, now and before, and those of them with that answer. */
  readonly good: number;
  readonly goodAnswered: number;
  /** How much better it fits that failures keep to its answers; nats. */
  readonly gain: number;
  readonly isChanged: boolean;
  readonly worth: number;
}

/** Callees whose answer nearly all failures of a service had before; the best and those as good. */
function candidatesOf(
  caller: Account,
  changed: ReadonlySet<Key>,
  guilty: ReadonlySet<Key>,
  { incident, before, evidence }: AnswerDeps,
): readonly CalledBy[] {
  const own = ownErrors(caller.parts).map(({ change }) => change);
  const keys = new Set(own.map(({ tally }) => tally.key));
  const isAny = own.some(({ tally }) => isCounted(tally));
  const isOwn = ({ key, service, peer }: ErrorOrigin): boolean =>
    keys.has(key) || (isAny && service === caller.service && peer === null);
  const now = visitsOf(caller.service, isOwn, incident);
  const past = visitsOf(caller.service, isOwn, before);
  if (now.failed.length < fewestFailed) {
    const failedRatio = Math.max(...own.map(({ incidentRatio, expectedRatio }) => incidentRatio - expectedRatio));
    // One or two failures seen prove nothing, but whom they had asked last is likelier than others.
    const lastOf = (callee: Key): number => now.failed.filter(({ answeredBy }) => answeredBy.at(-1) === callee).length;
    return askedAsEver(caller.service, failedRatio, evidence)
      .filter(({ callee }) => !guilty.has(callee))
      .map((counted) => ({
        ...unseen,
        callee: counted.callee,
        caller,
        counted,
        isChanged: changed.has(counted.callee),
        worth: lastOf(counted.callee) * worthOfLast + (changed.has(counted.callee) ? worthOfChanged : 0),
      }))
      .sort((a, b) => b.worth - a.worth)
      .slice(0, mostCounted);
  }
  const operations = new Set(now.failed.map(({ operation }) => operation));
  const isAlike = ({ operation }: Visit): boolean => operations.has(operation);
  const good = [...now.good, ...past.good].filter(isAlike);
  // Failures that are usual say nothing of those that are new.
  const pastCount = past.good.filter(isAlike).length + past.failed.length;
  const scale = pastCount === 0 ? 0 : (now.good.filter(isAlike).length + now.failed.length) / pastCount;
  const excessOf = (is: (visit: Visit) => boolean): number =>
    now.failed.filter(is).length - scale * past.failed.filter(is).length;
  const excess = excessOf(() => true);
  const callees = new Set(now.failed.flatMap(({ answeredBy }) => answeredBy));
  const found = [...callees].flatMap((callee): readonly CalledBy[] => {
    const isAnswered = ({ answeredBy }: Visit): boolean => answeredBy.includes(callee);
    const answered = excessOf(isAnswered);
    if (guilty.has(callee) || excess <= 0 || answered < leastAnswered * excess) return [];
    const failedAnswered = now.failed.filter(isAnswered).length;
    const goodAnswered = good.filter(isAnswered).length;
    const gain = gainOf(Math.min(answered, excess), excess, { bad: goodAnswered, good: good.length - goodAnswered });
    const isLast = excessOf(({ answeredBy }) => answeredBy.at(-1) === callee) >= leastAnswered * excess;
    const isChanged = changed.has(callee);
    if (!isLast && !isChanged && gain < leastGain) return [];
    const worth = gain + (isLast ? worthOfLast : 0) + (isChanged ? worthOfChanged : 0);
    const counts = { failed: now.failed.length, failedAnswered, good: good.length, goodAnswered };
    return [{ callee, caller, counted: null, ...counts, gain, isChanged, worth }];
  });
  const best = Math.max(...found.map(({ worth }) => worth));
  return found.filter(({ worth }) => worth >= best - mostBehind);
}

const mostCounted = 2;
const unseen = { failed: 0, failedAnswered: 0, good: 0, goodAnswered: 0, gain: 0, worth: 0 };

/** Visits of a service by whether such an error was born in them. */
function visitsOf(
  service: Key,
  isOwn: (origin: ErrorOrigin) => boolean,
  window: readonly Slowness[],
): { readonly failed: readonly Visit[]; readonly good: readonly Visit[] } {
  const failed: Visit[] = [];
  const good: Visit[] = [];
  for (const { request } of window) {
    const born = new Set(
      request.origins.flatMap((origin) => (isOwn(origin) && origin.visit !== null ? [origin.visit] : [])),
    );
    failed.push(...born);
    for (const visit of request.visits)
      if (visit.service === service && !visit.isError && !born.has(visit)) good.push(visit);
  }
  return { failed, good };
}

/** As if so many visits stood behind what is usual at most: the mix of requests differs. */
const mostTrust = 40;

function gainOf(answered: number, failed: number, usual: Belief): number {
  const belief = weakened({ bad: usual.bad + 1, good: usual.good + 0.5 }, mostTrust);
  return logLikelihood(answered, failed, { bad: 19.5, good: 0.5 }) - logLikelihood(answered, failed, belief);
}

function wrongAnswerOf(callee: Key, by: readonly CalledBy[], nameOf: (service: Key) => string): WrongAnswer {
  // Counts cannot tell whom of several it keeps to.
  const seen = by.filter(({ counted }) => counted === null);
  const isStronger = seen.length > 1 || by.some(({ gain, isChanged }) => gain >= leastGain || isChanged);
  const weight = isStronger ? weightOfStronger : weightOfWeaker;
  const parts = by.flatMap(({ caller }) => ownErrors(caller.parts).map((part) => scaled(part, weight)));
  const credibility = Math.min(...by.map(({ caller }) => caller.credibility));
  const account: Account = {
    service: callee,
    credibility,
    burstCredibility: credibility,
    explained: Math.min(
      1,
      parts.reduce((sum, part) => sum + part.explained, 0),
    ),
    standardError: Math.sqrt(parts.reduce((sum, part) => sum + part.standardError ** 2, 0)),
    parts,
  };
  const callers = by.map(({ caller }) => caller.service);
  return { account, callers, isStronger, reason: reasonOf(by, nameOf) };
}

function reasonOf(by: readonly CalledBy[], nameOf: (service: Key) => string): Reason {
  const sum = (of: (calls: CalledBy) => number): number => by.reduce((total, calls) => total + of(calls), 0);
  const seen = by.filter(({ counted }) => counted === null);
  const [{ counted = null, caller = null } = {}] = by;
  if (seen.length === 0 && counted !== null && caller !== null) {
    const { perVisit, usualPerVisit } = counted;
    const sentence = `It may have answered wrongly: ${nameOf(caller.service)} fails by itself, but asked it in ${sayPercent(perVisit)} of the calls it got, before in ${sayPercent(usualPerVisit)}.`;
    return { kind: "ERRORS", sentence, numbers: { perVisit, usualPerVisit } };
  }
  const numbers = {
    failedCount: sum(({ failed }) => failed),
    failedAnsweredCount: sum(({ failedAnswered }) => failedAnswered),
    goodCount: sum(({ good }) => good),
    goodAnsweredCount: sum(({ goodAnswered }) => goodAnswered),
  };
  const callers = seen.map(({ caller: one }) => nameOf(one.service));
  const sentence = `It may have answered wrongly: ${sayList(callers)} had its answer in ${sayCount(numbers.failedAnsweredCount)} of ${sayCount(numbers.failedCount)} visits that failed first there, and in ${sayCount(numbers.goodAnsweredCount)} of ${sayCount(numbers.goodCount)} that did not, now and before.`;
  return { kind: "ERRORS", sentence, numbers };
}

function scaled(part: Part, by: number): Part {
  const { weight, explained, standardError } = part;
  return { ...part, weight: weight * by, explained: explained * by, standardError: standardError * by };
}
