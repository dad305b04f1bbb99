/**
 * Whom a failing service may have been answered wrongly by, as far as counts tell: what fails before its calls makes fewer of them, what fails
 * after an answer has asked as often as ever. Called by wrong-answers.ts where too few traces show the failures.
 */
import { type EdgeSum, edgeSums } from "./edge-sums.js";
import type { IncidentEvidence, WindowEvidence } from "./incident-evidence.js";
import type { Key } from "./request.js";

/** A callee asked nearly as often as before, though its caller fails. Calls per call into the caller. */
export interface AskedAsEver {
  readonly callee: Key;
  readonly perVisit: number;
  readonly usualPerVisit: number;
}

/** Calls left out, of those that failures before them would have left out: fewer than this share, and it was asked all the same. */
const mostLeftOut = 0.5;
/** A callee asked more seldom than the caller fails is not why. */
const leastUsual = 0.9;
/** Standard errors that are still chance. */
const chances = 2;

/** Those most as ever first. @param failedRatio of the calls into `service`, beyond what is usual, 0..1 */
export function askedAsEver(
  service: Key,
  failedRatio: number,
  { incident, baselines }: Pick<IncidentEvidence, "incident" | "baselines">,
): readonly AskedAsEver[] {
  const { visits, asked: now } = askedBy(service, [incident]);
  const windows = baselines.map((window) => askedBy(service, [window])).filter(({ asked }) => asked.size > 0);
  const before = askedBy(service, baselines).asked;
  return [...now]
    .flatMap(([callee, perVisit]) => {
      const usualPerVisit = before.get(callee) ?? 0;
      // What windows differ by anyway, and what chance makes of so few visits, is no sign that calls were left out.
      const least = Math.min(...windows.map(({ asked }) => asked.get(callee) ?? 0));
      const atMost = perVisit + chances * Math.sqrt(perVisit / visits);
      const isFit = usualPerVisit >= leastUsual * failedRatio && atMost >= least * (1 - mostLeftOut * failedRatio);
      return isFit ? [{ callee, perVisit, usualPerVisit }] : [];
    })
    .sort((a, b) => b.perVisit / b.usualPerVisit - a.perVisit / a.usualPerVisit);
}

/** Calls into a service, and of each of its callees how often it asked it for each of them. */
function askedBy(
  service: Key,
  windows: readonly WindowEvidence[],
): { readonly visits: number; readonly asked: ReadonlyMap<Key, number> } {
  let visits = 0;
  const asked = new Map<Key, number>();
  for (const { edges } of windows)
    for (const edge of edgeSums(edges, new Map()).values()) {
      if (edge.destination === service) visits += countOf(edge);
      else if (edge.source === service && edge.destination !== null)
        asked.set(edge.destination, (asked.get(edge.destination) ?? 0) + countOf(edge));
    }
  return { visits, asked: new Map(visits === 0 ? [] : [...asked].map(([callee, calls]) => [callee, calls / visits])) };
}

function countOf({ caller, server }: EdgeSum): number {
  return Math.max(caller?.requestCount ?? 0, server?.requestCount ?? 0);
}
