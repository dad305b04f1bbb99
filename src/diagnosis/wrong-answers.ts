/**
 * Who may have answered wrongly: a service that fails by itself after a call that went well may have been told something wrong by the callee.
 * When failures born in several callers share one callee, one cause explains them better than several. Called by suspects.ts.
 */
import type { Reason } from "./diagnosis.js";
import type { Account, Part } from "./explain.js";
import type { Key, Request } from "./request.js";
import { sayCount, sayList } from "./say.js";
import type { Slowness } from "./slowness.js";

/** An account of errors born in callers, charged to whom they all had called. */
export interface WrongAnswer {
  readonly account: Account;
  readonly reason: Reason;
  /** Callers whose failures it would explain; with more than one it is the simpler cause. */
  readonly callers: readonly Key[];
}

/** Of the requests that failed so: nearly all must have had its answer. */
const leastCalled = 0.9;
const fewestFailed = 3;
/** Of an account that its own errors make up. */
const mostlyErrors = 0.5;
const leastCredibility = 0.5;
/** One caller's failures are likelier its own; those of several, at once, of the one they share. */
const [weightOfOne, weightOfMany] = [0.45, 0.95];

/** Candidates, the largest first. @param accounts of services that explain harm */
export function wrongAnswers(
  accounts: readonly Account[],
  incident: readonly Slowness[],
  nameOf: (service: Key) => string,
): readonly WrongAnswer[] {
  const failing = accounts.filter(
    ({ credibility, parts, explained }) =>
      credibility > leastCredibility &&
      ownErrors(parts).reduce((sum, part) => sum + part.explained, 0) > mostlyErrors * explained,
  );
  const guilty = new Set(failing.map(({ service }) => service));
  const requests = incident.map(({ request }) => request);
  const shared = new Map<Key, { readonly caller: Account; readonly calls: CalledBy }[]>();
  for (const caller of failing)
    for (const [callee, calls] of calleesOf(caller, requests))
      if (!guilty.has(callee)) shared.set(callee, [...(shared.get(callee) ?? []), { caller, calls }]);
  const isCalled = (from: Key, to: Key): boolean =>
    requests.some(({ calls }) => calls.some(({ source, destination }) => source === from && destination === to));
  // A caller that calls another failing one suffers from it: of such the last alone counts.
  const apart = (by: readonly { readonly caller: Account; readonly calls: CalledBy }[]) =>
    by.filter(({ caller }) => !by.some((other) => isCalled(caller.service, other.caller.service)));
  return [...shared]
    .flatMap(([callee, by]) => {
      const alone = apart(by);
      return alone.length === 0 ? [] : [wrongAnswerOf(callee, alone, nameOf)];
    })
    .sort((a, b) => b.account.explained - a.account.explained);
}

function ownErrors(parts: readonly Part[]): readonly Part[] {
  return parts.filter(({ change }) => change.tally.kind === "ERRORS" && change.tally.services.length === 1);
}

interface CalledBy {
  /** Requests in which the caller failed by itself, and those of them that had the callee's answer before. */
  readonly failed: number;
  readonly failedCalled: number;
  /** Requests in which the caller did its work well, and those of them with that call. */
  readonly good: number;
  readonly goodCalled: number;
}

/** Callees that nearly all failures of a service had called, and with more right than its good requests; each with the counts. */
function calleesOf({ service, parts }: Account, requests: readonly Request[]): ReadonlyMap<Key, CalledBy> {
  const keys = new Set(ownErrors(parts).map(({ change }) => change.tally.key));
  const counts = new Map<Key, { failedCalled: number; goodCalled: number }>();
  let [failed, good] = [0, 0];
  for (const { places, origins, calls } of requests) {
    if (![...keys].some((key) => places.has(key))) continue;
    const isFailed = origins.some(({ key }) => keys.has(key));
    if (isFailed) failed += 1;
    else good += 1;
    const called = new Set(
      calls.flatMap(({ source, destination, isFailed: isLost }) =>
        source === service && destination !== null && !isLost ? [destination] : [],
      ),
    );
    for (const callee of called) {
      const count = counts.get(callee) ?? { failedCalled: 0, goodCalled: 0 };
      counts.set(callee, count);
      if (isFailed) count.failedCalled += 1;
      else count.goodCalled += 1;
    }
  }
  const isFit = ({ failedCalled, goodCalled }: { failedCalled: number; goodCalled: number }): boolean =>
    failed >= fewestFailed && failedCalled >= leastCalled * failed && goodCalled * failed <= failedCalled * good;
  return new Map(
    [...counts].filter(([, count]) => isFit(count)).map(([key, count]) => [key, { ...count, failed, good }]),
  );
}

function wrongAnswerOf(
  callee: Key,
  by: readonly { readonly caller: Account; readonly calls: CalledBy }[],
  nameOf: (service: Key) => string,
): WrongAnswer {
  const weight = by.length > 1 ? weightOfMany : weightOfOne;
  // The more of the good requests did without its answer, the more it stands out of the callees.
  const parts = by.flatMap(({ caller, calls }) => {
    const lift = 1 - (0.5 * calls.goodCalled) / Math.max(1, calls.good);
    return ownErrors(caller.parts).map((part) => scaled(part, weight * lift));
  });
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
  const sum = (of: (calls: CalledBy) => number): number => by.reduce((total, { calls }) => total + of(calls), 0);
  const numbers = {
    failedCount: sum(({ failed }) => failed),
    failedCalledCount: sum(({ failedCalled }) => failedCalled),
    goodCount: sum(({ good }) => good),
    goodCalledCount: sum(({ goodCalled }) => goodCalled),
  };
  const callers = by.map(({ caller }) => caller.service);
  const sentence = `It may have answered wrongly: ${sayList(callers.map(nameOf))} had its answer in ${sayCount(numbers.failedCalledCount)} of ${sayCount(numbers.failedCount)} requests that failed first there, and in ${sayCount(numbers.goodCalledCount)} of ${sayCount(numbers.goodCount)} that did not.`;
  return { account, callers, reason: { kind: "ERRORS", sentence, numbers } };
}

function scaled(part: Part, by: number): Part {
  const { weight, explained, standardError } = part;
  return { ...part, weight: weight * by, explained: explained * by, standardError: standardError * by };
}
