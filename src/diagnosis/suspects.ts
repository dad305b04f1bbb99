/** From a ranking to suspects with grade, part and reasons, and to the services that are cleared. Called by diagnose.ts. */
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { ClearedService, ScorePiece, Suspect } from "./diagnosis.js";
import { type Account, largestProbabilities } from "./explain.js";
import type { IncidentEvidence } from "./incident-evidence.js";
import { metricReasons } from "./metric-reasons.js";
import { befellReasons, beganMs, changeReason, changesNear, injectedFault, workloadReasons } from "./nearby.js";
import { lostHost } from "./outside-connections.js";
import type { Ranking } from "./rank.js";
import type { Key } from "./request.js";
import { sickEdge, sickSibling } from "./siblings.js";
import type { Slowness } from "./slowness.js";
import type { SuspectGrade, SuspectPart } from "./suspect-part.js";
import { isSilentKind } from "./tally.js";
import { traceReasons } from "./trace-reasons.js";
import { isSurelyChanged, type WrongAnswer, wrongAnswers } from "./wrong-answers.js";

/** What suspects are made with. */
export interface SuspectDeps {
  readonly evidence: IncidentEvidence;
  readonly incident: readonly Slowness[];
  /** Requests of the windows before. */
  readonly before: readonly Slowness[];
  readonly refOf: (service: Key) => ServiceRef;
  readonly nameOf: (service: Key) => string;
  /** Too little was seen for certainty. */
  readonly isThin: boolean;
}

const most = 5;
/** How many are named at least, if others looked guilty at first sight. */
const alternatives = 3;
/** Bad requests per request, so that a quiet pair of windows names nobody. */
const fewestExplained = 0.005;
const likelyExplained = 0.02;
const quarterHourMs = 900_000;

/** Likeliest first; [] when nothing is beyond chance. */
export function suspectsOf({ explaining, first }: Ranking, deps: SuspectDeps): readonly Suspect[] {
  const isQuiet = deps.evidence.onsetMs === null;
  const caution = isQuiet ? quiet : burning;
  const beyondChance = explaining.filter((account) => isNamed(account, caution));
  const harming = beyondChance.length > 0 || isQuiet ? beyondChance : standout(explaining);
  const silent = explaining
    .filter((account) => isSilent(account) && (!isQuiet || isSurelyChanged(account)))
    .sort((a, b) => b.explained - a.explained);
  // Where harm is explained, what only writes other lines is a bystander; but rather who surely changed than harm that may be chance.
  const certain = silent.filter(isSurelyChanged);
  const isHarmSure = harming.some((account) => isNamed(account, quiet));
  const named = harming.length === 0 ? silent : isHarmSure ? harming : [...certain, ...harming];
  if (named.length === 0) return [];
  const told = wrongAnswers(harming, [...first, ...explaining], deps);
  const taken = new Set(named.map(({ service }) => service));
  // Those it may be instead: what stood out at first sight, or explains what is left; last who surely does something else than usual.
  const others = [...first, ...explaining]
    .filter((account) => !taken.has(account.service) && isAlternative(account))
    .sort((a, b) => b.explained - a.explained)
    .concat(certain.filter(({ service }) => !taken.has(service)))
    .filter(({ service }, i, all) => all.findIndex((one) => one.service === service) === i);
  const whole = [...named, ...others.slice(0, Math.max(0, alternatives - named.length))];
  const accounts = withWrongAnswers(whole, told, new Set(harming.map(({ service }) => service))).slice(0, most);
  const rivalled = new Set(told.flatMap(({ callers }) => callers));
  const probabilities = largestProbabilities(
    accounts.map(({ explained, standardError }) => ({ mean: explained, error: standardError })),
  );
  const suspects = accounts.map((account, i) => {
    const probability = probabilities[i] ?? 0;
    const answer = told.find((one) => one.account === account);
    return answer === undefined
      ? suspectOf(account, probability, {
          ...deps,
          isExplaining: named.includes(account),
          isRivalled: rivalled.has(account.service),
        })
      : answererOf(answer, probability, deps);
  });
  return corroboratedFirst(suspects, deps.evidence);
}

/** How many that may have answered wrongly are named. */
const mostAnswerers = 2;

/**
 * Who may have answered wrongly stands behind its callers and whoever explains more by itself; the first before its callers where that is the better
 * explanation.
 */
function withWrongAnswers(
  accounts: readonly Account[],
  told: readonly WrongAnswer[],
  harming: ReadonlySet<Key>,
): readonly Account[] {
  const answerers = told.filter(({ account }) => !harming.has(account.service)).slice(0, mostAnswerers);
  const services = new Set(answerers.map(({ account }) => account.service));
  let list = accounts.filter(({ service }) => !services.has(service));
  for (const [i, { account, callers, isStronger }] of answerers.entries()) {
    const first = list.findIndex(({ service }) => callers.includes(service));
    const isBefore = (one: Account): boolean => harming.has(one.service) && one.explained > account.explained;
    const behind = Math.max(first + 1 + i, list.findLastIndex(isBefore) + 1);
    const at = i === 0 && isStronger ? first : behind;
    list = [...list.slice(0, at), account, ...list.slice(at)];
  }
  return list;
}

/** So many times what the next explains. */
const farAhead = 3;

/** Where something must be the cause: who is far ahead of all others, though it may be chance. */
function standout([top, next]: readonly Account[]): readonly Account[] {
  return top !== undefined && isAlternative(top) && top.explained > farAhead * (next?.explained ?? 0) ? [top] : [];
}

/** What it takes to be named: much where nothing is known to burn, less where something must be the cause. */
interface Caution {
  readonly standardErrors: number;
  readonly credibility: number;
}

const quiet: Caution = { standardErrors: 1, credibility: 0.8 };
const burning: Caution = { standardErrors: 0.5, credibility: 0.3 };
/** What did as much in some windows before: an incident that comes again, unless it is a habit. */
const recurring: Caution = { standardErrors: 1.5, credibility: 0.95 };

function isNamed(account: Account, caution: Caution): boolean {
  const { explained, standardError, credibility } = account;
  if (explained <= fewestExplained || harmOf(account) <= 0.5 * explained) return false;
  if (account.burstCredibility > recurring.credibility && explained > recurring.standardErrors * standardError)
    return true;
  return credibility > caution.credibility && explained > caution.standardErrors * standardError;
}

function isAlternative(account: Account): boolean {
  return account.explained > fewestExplained && account.credibility > 0.2 && harmOf(account) > 0.5 * account.explained;
}

/** No error and no delay, but lines or calls that are gone or new: the sign of a wrong value. */
function isSilent(account: Account): boolean {
  const { explained, standardError } = account;
  return explained > fewestExplained && explained > standardError && harmOf(account) <= 0.5 * explained;
}

function harmOf({ parts }: Account): number {
  return parts.reduce((sum, { change, explained }) => (isSilentKind(change.tally.kind) ? sum : sum + explained), 0);
}

function suspectOf(
  account: Account,
  probability: number,
  deps: SuspectDeps & { readonly isExplaining: boolean; readonly isRivalled: boolean },
): Suspect {
  const { evidence, incident, nameOf, refOf, isThin, isExplaining, isRivalled } = deps;
  const { service, explained, standardError, credibility } = account;
  const name = nameOf(service);
  const onsetMs = beganMs(evidence);
  const changes = changesNear(evidence, service);
  const injected = injectedFault(service, name, incident, evidence);
  const sibling = sickSibling(account, incident, name);
  const outside = lostHost(evidence, service, name);
  const edge = sibling === null && injected === null && outside === null ? sickEdge(account, incident, nameOf) : null;
  const befell = befellReasons(evidence, service);
  const beside = [...befell, ...workloadReasons(evidence, service)];
  const [ofTraces, ofMetrics] = [traceReasons(account, deps), metricReasons(account, service, nameOf)];
  const main = isCountedMostly(account) ? [...ofMetrics, ...ofTraces] : [...ofTraces, ...ofMetrics];
  const [change] = changes;
  const isRecent = change !== undefined && onsetMs - change.atMs <= quarterHourMs;
  const isBeyond = (errors: number) => explained > errors * standardError || errorsAre(account, errors);
  const isSure = isBeyond(3) && explained > likelyExplained && credibility > 0.95;
  const isProven = isRecent || injected !== null || befell.length > 0;
  const isBacked = isProven && isBeyond(1.5) && credibility > 0.9;
  const isTold = injected !== null || !isVague(account);
  // What a callee's wrong answer explains as well is its own fault for certain only where something of it is known to have changed.
  const isOwn = !isRivalled || isProven || sibling !== null;
  const isLikely = isExplaining && !isThin && isTold && isOwn && (isSure || isBacked);
  const grade: SuspectGrade = isLikely ? "LIKELY" : "POSSIBLE";
  const reasons = [
    ...(injected === null ? [] : [injected.reason]),
    ...(change === undefined ? [] : [changeReason(change, onsetMs)]),
    ...main,
    ...(sibling === null ? [] : [sibling.reason]),
    ...(outside === null ? [] : [outside.reason]),
    ...(edge === null ? [] : [edge.reason]),
    ...beside,
  ];
  return {
    service: refOf(service),
    part: injected?.part ?? sibling?.part ?? outside?.part ?? edge?.part ?? externalPart(account),
    ...figuresOf(account),
    probability,
    grade,
    reasons,
    changes,
  };
}

/** Who may have answered wrongly: never more than possible, because its own calls show nothing. */
function answererOf(
  { account, reason }: WrongAnswer,
  probability: number,
  { evidence, refOf }: Pick<SuspectDeps, "evidence" | "refOf">,
): Suspect {
  const changes = changesNear(evidence, account.service);
  const onsetMs = beganMs(evidence);
  return {
    service: refOf(account.service),
    part: null,
    ...figuresOf(account),
    probability,
    grade: "POSSIBLE",
    reasons: [reason, ...changes.map((change) => changeReason(change, onsetMs))],
    changes,
  };
}

function figuresOf({ explained, standardError, parts }: Account): Pick<Suspect, "score" | "standardError" | "pieces"> {
  return { score: 100 * explained, standardError: 100 * standardError, pieces: parts.map(pieceOf) };
}

/** Whether failures by the metrics are beyond so many standard errors: the times beside them, a rough measure, do not weaken them. */
export function errorsAre({ parts, explained }: Account, errors: number): boolean {
  const failing = parts.find(({ change }) => change.tally.kind === "METRIC_ERRORS");
  return (
    failing !== undefined &&
    failing.explained > errors * failing.standardError &&
    failing.explained > 0.5 * explained &&
    failing.explained > likelyExplained
  );
}

/** What proxies counted makes up most of its harm; traces say what else is unlike before. */
function isCountedMostly(account: Account): boolean {
  const counted = account.parts.filter(({ change }) => change.tally.kind.startsWith("METRIC_"));
  return counted.reduce((sum, part) => sum + part.explained, 0) > 0.5 * harmOf(account);
}

/** Mostly calls that were given up: slow it was, but who made it slow was not seen. */
export function isVague({ parts, explained }: Account): boolean {
  const waits = parts.filter(({ change }) => change.tally.kind === "METRIC_WAITS");
  return waits.reduce((sum, part) => sum + part.explained, 0) > 0.5 * explained;
}

/** What has no spans of its own and takes most of the time. */
function externalPart({ parts, explained }: Account): SuspectPart | null {
  const external = parts.filter(({ change }) => change.tally.external !== null);
  const share = external.reduce((sum, part) => sum + part.explained, 0);
  const name = external[0]?.change.tally.external ?? null;
  return name !== null && share > 0.5 * explained ? { kind: "EXTERNAL", name } : null;
}

function pieceOf(part: Account["parts"][number]): ScorePiece {
  const { tally, incidentRatio, expectedRatio } = part.change;
  return {
    kind: tally.kind,
    name: tally.name,
    share: part.share,
    incident: 100 * incidentRatio,
    expected: 100 * expectedRatio,
    credibility: part.credibility,
    weight: part.weight,
    explained: 100 * part.explained,
    standardError: 100 * part.standardError,
  };
}

/** Of suspects that cannot be told apart by their scores, the one that changed shortly before, or whose pods suffer, stands first. */
function corroboratedFirst(suspects: readonly Suspect[], evidence: IncidentEvidence): readonly Suspect[] {
  const [top] = suspects;
  if (top === undefined) return suspects;
  const onsetMs = beganMs(evidence);
  const support = ({ changes, reasons, part }: Suspect): number =>
    (changes.some(({ atMs }) => onsetMs - atMs <= quarterHourMs) || part?.kind === "RULE" ? 2 : 0) +
    (reasons.some(({ kind }) => kind === "CPU" || kind === "MEMORY" || kind === "RESTARTS") ? 1 : 0);
  const rival = suspects.find(
    (one) =>
      support(one) > support(top) &&
      one.score > 0.4 * top.score &&
      top.score - one.score < Math.hypot(one.standardError, top.standardError),
  );
  return rival === undefined ? suspects : [rival, ...suspects.filter((one) => one !== rival)];
}

const mostCleared = 10;

/** Services that fail or wait only because a suspect does. */
export function clearedOf(
  { first }: Ranking,
  suspects: readonly Suspect[],
  suspectKeys: readonly Key[],
  { incident, refOf, nameOf }: SuspectDeps,
): readonly ClearedService[] {
  const [culprit] = suspectKeys;
  if (culprit === undefined || suspects.length === 0) return [];
  const named = new Set(suspectKeys);
  const failing = new Map<Key, { all: number; behind: number }>();
  for (const { request } of incident) {
    const isBorn = request.origins.some(({ service }) => named.has(service));
    for (const service of new Set(request.visits.filter(({ isError }) => isError).map((visit) => visit.service))) {
      const count = failing.get(service) ?? { all: 0, behind: 0 };
      failing.set(service, count);
      count.all += 1;
      if (isBorn && !request.origins.some((origin) => origin.service === service)) count.behind += 1;
    }
  }
  const cleared = new Map<Key, string>();
  for (const [service, { all, behind }] of failing)
    if (!named.has(service) && behind >= 2 && behind >= 0.8 * all)
      cleared.set(service, `Its errors (${behind} of ${all} requests) began in ${nameOf(culprit)}.`);
  for (const { service, explained, credibility } of first)
    if (!named.has(service) && !cleared.has(service) && explained > fewestExplained && credibility > 0.5)
      cleared.set(service, `It is slow only while it waits for ${nameOf(culprit)}.`);
  return [...cleared].slice(0, mostCleared).map(([service, sentence]) => ({ service: refOf(service), sentence }));
}
