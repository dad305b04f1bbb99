/** Sentences from the parts of an account: what failed, what was slow, which lines came or went. Called by suspects.ts. */
import type { Reason } from "./diagnosis.js";
import type { Account, Part } from "./explain.js";
import type { Key, TimePiece } from "./request.js";
import { sayCount, sayMs, sayPercent } from "./say.js";
import type { Slowness } from "./slowness.js";

/** What the sentences are made with. */
export interface ReasonDeps {
  readonly incident: readonly Slowness[];
  /** The shortest clear name of a service. */
  readonly nameOf: (service: Key) => string;
}

const fewestCallers = 3;
/** Calls left out about as often as ever are no reason beside others. */
const likely = 0.5;

/** The most telling first. */
export function traceReasons(account: Account, deps: ReasonDeps): readonly Reason[] {
  const { service, parts } = account;
  const told = (kind: string): readonly Part[] => parts.filter(({ change }) => change.tally.kind === kind);
  const latency = told("LATENCY");
  const groups: { weight: number; reason: Reason | null }[] = [
    ...told("ERRORS")
      .slice(0, 2)
      .map((part) => ({ weight: part.explained, reason: errorReason(part, service, deps) })),
    group(latency.filter(isTransit), (some) => slowCalls(some, service, deps)),
    group(
      latency.filter((part) => !isTransit(part)),
      ([most]) => (most === undefined ? null : slowWork(most, service, deps)),
    ),
    ...told("ERROR_LINES")
      .slice(0, 1)
      .map((part) => ({ weight: part.explained, reason: lineReason(part, service, deps) })),
    ...told("LOG_PATTERN")
      .slice(0, 1)
      .map((part) => ({ weight: part.explained, reason: patternReason(part, service, deps) })),
    ...told("FEWER_CALLS")
      .filter(
        ({ credibility }) => credibility > likely || parts.every(({ change }) => change.tally.kind === "FEWER_CALLS"),
      )
      .slice(0, 1)
      .map((part) => ({ weight: part.explained, reason: fewerCallsReason(part, service, deps) })),
  ];
  return groups.sort((a, b) => b.weight - a.weight).flatMap(({ reason }) => (reason === null ? [] : [reason]));
}

function group(parts: readonly Part[], say: (parts: readonly Part[]) => Reason | null) {
  const weight = parts.reduce((sum, { explained }) => sum + explained, 0);
  return { weight, reason: parts.length === 0 ? null : say(parts) };
}

function isTransit({ change: { tally } }: Part): boolean {
  return tally.key.startsWith("T");
}

function errorReason({ change, ...part }: Part, service: Key, { nameOf }: ReasonDeps): Reason {
  const { tally, incidentRatio, expectedRatio } = change;
  const { x, n } = tally.incident;
  const where = tally.services.length > 1 ? `on the way to` : `inside`;
  const origin = tally.services[0] ?? service;
  return {
    kind: "ERRORS",
    sentence: `${sayCount(x)} of ${sayCount(n)} visits failed first ${where} ${nameOf(origin)} (\`${tally.name}\`); ${sayCount(expectedRatio * n)} expected.`,
    numbers: {
      incidentCount: x,
      visitCount: n,
      expectedCount: expectedRatio * n,
      incidentRatio,
      expectedRatio,
      explainedPer100: 100 * part.explained,
    },
  };
}

/** Times of one kind in the incident: usual and now, of the requests that were slow by it. */
function timesOf(key: string, incident: readonly Slowness[]) {
  const slow: { ms: number; usualMs: number }[] = [];
  let count = 0;
  for (const { request, pieces } of incident) {
    const piece = request.pieces.find((one) => one.key === key);
    if (piece === undefined) continue;
    count += 1;
    const excess = pieces.find((one) => one.piece === piece);
    if (excess !== undefined && isMuch(piece, excess.expectedMs))
      slow.push({ ms: piece.ms / piece.calls, usualMs: excess.expectedMs / piece.calls });
  }
  const middle = slow.toSorted((a, b) => a.ms - b.ms)[Math.floor(slow.length / 2)];
  return middle === undefined
    ? null
    : { slowCount: slow.length, count, incidentMs: middle.ms, usualMs: middle.usualMs };
}

function isMuch(piece: TimePiece, expectedMs: number): boolean {
  return piece.ms > 2 * expectedMs + 5;
}

function slowCalls(parts: readonly Part[], service: Key, { incident, nameOf }: ReasonDeps): Reason | null {
  const sides = parts.flatMap((part) => {
    const [from = "", to = ""] = part.change.tally.services;
    const times = timesOf(part.change.tally.key, incident);
    return times === null ? [] : [{ isInto: to === service, other: nameOf(to === service ? from : to), times }];
  });
  const into = sides.filter(({ isInto }) => isInto);
  const outOf = sides.filter(({ isInto }) => !isInto);
  const say = ({ other, times }: (typeof sides)[number], word: string): string =>
    `${word} ${other} ${sayMs(times.incidentMs)} instead of ${sayMs(times.usualMs)} in ${sayCount(times.slowCount)} of ${sayCount(times.count)}`;
  const listOf = (some: typeof sides, word: string): string =>
    some
      .slice(0, fewestCallers)
      .map((side) => say(side, word))
      .join(", ");
  const name = nameOf(service);
  const first = sides[0];
  if (first === undefined) return null;
  const sentence =
    into.length > 0 && outOf.length > 0
      ? `Calls into and out of ${name} wait: ${listOf(into, "from")}; ${listOf(outOf, "to")}.`
      : into.length > 0
        ? `Calls into ${name} wait: ${listOf(into, "from")}.`
        : `Calls out of ${name} wait: ${listOf(outOf, "to")}.`;
  return { kind: "SLOW_CALLS", sentence, numbers: { ...first.times, explainedPer100: 100 * sumOf(parts) } };
}

function slowWork(part: Part, service: Key, { incident, nameOf }: ReasonDeps): Reason | null {
  const { tally } = part.change;
  const times = timesOf(tally.key, incident);
  if (times === null) return null;
  const took = `${sayMs(times.incidentMs)} instead of ${sayMs(times.usualMs)} in ${sayCount(times.slowCount)} of ${sayCount(times.count)} requests`;
  const numbers = { ...times, explainedPer100: 100 * part.explained };
  const name = nameOf(service);
  return tally.external === null
    ? { kind: "SLOW_WORK", sentence: `\`${tally.name}\` of ${name} itself takes ${took}.`, numbers }
    : {
        kind: "EXTERNAL",
        sentence: `${name} waits for \`${tally.external}\`, which has no spans of its own: ${took}. It is ${name} or what is behind it.`,
        numbers,
      };
}

function lineReason({ change, explained }: Part, service: Key, { nameOf }: ReasonDeps): Reason {
  const { x, n } = change.tally.incident;
  const sample = change.tally.name === "" ? "" : `: "${change.tally.name}"`;
  return {
    kind: "ERROR_LINES",
    sentence: `${sayCount(x)} of ${sayCount(n)} requests hold ERROR lines of ${nameOf(service)}, ${sayCount(change.expectedRatio * n)} expected${sample}.`,
    numbers: {
      incidentCount: x,
      visitCount: n,
      expectedCount: change.expectedRatio * n,
      explainedPer100: 100 * explained,
    },
  };
}

function patternReason({ change, explained }: Part, service: Key, { nameOf }: ReasonDeps): Reason {
  const { tally, incidentRatio, expectedRatio } = change;
  const isGone = tally.name.startsWith("-");
  const now = isGone ? 1 - incidentRatio : incidentRatio;
  const usual = isGone ? 1 - expectedRatio : expectedRatio;
  const hint = isGone ? "a wrong value or an early return looks like this" : "it does something else than usual";
  return {
    kind: "LOG_PATTERN",
    sentence: `"${tally.name.slice(1)}" of ${nameOf(service)} is in ${sayPercent(now)} of these requests, usually in ${sayPercent(usual)}: ${hint}.`,
    numbers: {
      incidentRatio: now,
      expectedRatio: usual,
      requestCount: tally.incident.n,
      explainedPer100: 100 * explained,
    },
  };
}

function fewerCallsReason({ change, explained }: Part, service: Key, { nameOf }: ReasonDeps): Reason {
  const { tally, incidentRatio, expectedRatio } = change;
  return {
    kind: "FEWER_CALLS",
    sentence: `${nameOf(service)} called nobody in ${sayPercent(incidentRatio)} of these requests (\`${tally.name}\`), usually in ${sayPercent(expectedRatio)}, and told no error: an early return looks like this.`,
    numbers: { incidentRatio, expectedRatio, requestCount: tally.incident.n, explainedPer100: 100 * explained },
  };
}

function sumOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { explained }) => sum + explained, 0);
}
