/** Whether a service suffers as a whole, or one version, one pod or one caller of it. Called by suspects.ts. */
import type { Reason } from "./diagnosis.js";
import type { Account } from "./explain.js";
import type { Key, Request, Visit } from "./request.js";
import { sayCount, sayPercent } from "./say.js";
import type { Slowness } from "./slowness.js";
import type { SuspectPart } from "./suspect-part.js";

/** A part with the sentence that names it. */
export interface NamedPart {
  readonly part: SuspectPart;
  readonly reason: Reason;
}

interface Side {
  readonly name: string;
  readonly bad: number;
  readonly count: number;
}

const fewest = 3;
const certain = 3;

/**
 * The one version, else pod, whose visits are bad while its siblings' are not, by what the service is most to blame for, else by the other;
 * null when all are alike or there is one only.
 */
export function sickSibling(account: Account, incident: readonly Slowness[], name: string): NamedPart | null {
  const explained = { error: 0, time: 0 };
  for (const { change, explained: own } of account.parts) {
    const { kind } = change.tally;
    if (kind === "ERRORS" || kind === "ERROR_LINES") explained.error += own;
    if (kind === "LATENCY") explained.time += own;
  }
  const ways = [
    ...(explained.error > 0 ? [{ isError: true, explained: explained.error }] : []),
    ...(explained.time > 0 ? [{ isError: false, explained: explained.time }] : []),
  ].sort((a, b) => b.explained - a.explained);
  for (const { isError } of ways) {
    const visits = incident.flatMap((slowness) => visitsOf(slowness, account.service, isError));
    for (const [kind, nameOf] of kinds) {
      const odd = oddOneOut(sidesOf(visits, nameOf));
      if (odd !== null) return namedPart(kind, odd, name);
    }
  }
  return null;
}

function namedPart(
  kind: "VERSION" | "POD",
  { one, others }: { readonly one: Side; readonly others: Side },
  name: string,
): NamedPart {
  const sentence = `${kind === "VERSION" ? "Version" : "Pod"} ${one.name} of ${name} is bad in ${sayCount(one.bad)} of ${sayCount(one.count)} visits, its siblings in ${sayCount(others.bad)} of ${sayCount(others.count)}.`;
  const numbers = {
    incidentCount: one.bad,
    visitCount: one.count,
    siblingCount: others.bad,
    siblingVisitCount: others.count,
  };
  return { part: { kind, name: one.name }, reason: { kind, sentence, numbers } };
}

const kinds: readonly (readonly ["VERSION" | "POD", (visit: Visit) => string | null])[] = [
  ["VERSION", ({ version }) => version],
  ["POD", ({ pod }) => pod],
];

/** Visits of a service with whether each was bad: by its own span, or by its share in a slow request's surplus. */
function visitsOf(
  { request, pieces }: Slowness,
  service: Key,
  isError: boolean,
): readonly { visit: Visit; isBad: boolean }[] {
  const own = request.visits.filter((visit) => visit.service === service);
  if (isError) return own.map((visit) => ({ visit, isBad: visit.isError }));
  const usualMs = usualVisitMs(request, pieces, service, own.length);
  return own.map((visit) => ({ visit, isBad: visit.ms > 2 * usualMs + 10 }));
}

/** What a visit would have taken without the service's surplus in this request, evenly over its visits. */
function usualVisitMs(request: Request, pieces: Slowness["pieces"], service: Key, count: number): number {
  const totalMs = request.visits.reduce((sum, visit) => (visit.service === service ? sum + visit.ms : sum), 0);
  const surplusMs = pieces.reduce(
    (sum, { piece, excessMs }) => (piece.service === service || piece.peer === service ? sum + excessMs : sum),
    0,
  );
  return count === 0 ? 0 : Math.max(0, totalMs - surplusMs) / count;
}

function sidesOf(
  visits: readonly { visit: Visit; isBad: boolean }[],
  nameOf: (visit: Visit) => string | null,
): readonly Side[] {
  const sides = new Map<string, { bad: number; count: number }>();
  for (const { visit, isBad } of visits) {
    const name = nameOf(visit);
    if (name === null) continue;
    const side = sides.get(name) ?? { bad: 0, count: 0 };
    sides.set(name, side);
    side.count += 1;
    if (isBad) side.bad += 1;
  }
  return [...sides].map(([name, side]) => ({ name, ...side }));
}

/** The side that stands out against all others together; null where none does beyond chance, or there is nobody to compare with. */
export function oddOneOut(sides: readonly Side[]): { readonly one: Side; readonly others: Side } | null {
  if (sides.length < 2) return null;
  const [one] = [...sides].sort((a, b) => b.bad / b.count - a.bad / a.count || b.count - a.count);
  if (one === undefined) return null;
  const rest = sides.filter((side) => side !== one);
  const others = { name: "", bad: sum(rest, "bad"), count: sum(rest, "count") };
  if (one.count < fewest || others.count < fewest || one.bad < fewest) return null;
  const [share, usual] = [one.bad / one.count, others.bad / others.count];
  const pooled = (one.bad + others.bad + 1) / (one.count + others.count + 2);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / one.count + 1 / others.count));
  return share > 4 * usual && share - usual > certain * error ? { one, others } : null;
}

function sum(sides: readonly Side[], key: "bad" | "count"): number {
  return sides.reduce((total, side) => total + side[key], 0);
}

/** The one caller whose calls alone are slow, where the service has others. */
export function sickEdge(
  account: Account,
  incident: readonly Slowness[],
  nameOf: (service: Key) => string,
): NamedPart | null {
  const sides = new Map<Key, { bad: number; count: number }>();
  for (const { request, pieces } of incident)
    for (const piece of request.pieces) {
      if (piece.peer !== account.service) continue;
      const side = sides.get(piece.service) ?? { bad: 0, count: 0 };
      sides.set(piece.service, side);
      side.count += 1;
      const over = pieces.find((one) => one.piece === piece);
      if (over !== undefined && piece.ms > 3 * over.expectedMs + 10 * piece.calls) side.bad += 1;
    }
  const odd = oddOneOut([...sides].map(([name, side]) => ({ name, ...side })));
  if (odd === null || odd.others.bad > 0.1 * odd.others.count) return null;
  const from = nameOf(odd.one.name);
  const to = nameOf(account.service);
  return {
    part: { kind: "EDGE", name: from },
    reason: {
      kind: "SLOW_CALLS",
      sentence: `Only calls from ${from} to ${to} wait (${sayPercent(odd.one.bad / odd.one.count)} of ${sayCount(odd.one.count)}); those of others do not (${sayCount(odd.others.bad)} of ${sayCount(odd.others.count)}).`,
      numbers: {
        incidentCount: odd.one.bad,
        callCount: odd.one.count,
        otherCount: odd.others.bad,
        otherCallCount: odd.others.count,
      },
    },
  };
}
