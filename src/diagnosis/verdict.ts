/** Whether anybody is named at all, and the sentence that says so. Called by diagnose.ts. */
import type { Suspect, Verdict } from "./diagnosis.js";
import { sayCount, sayPercent } from "./say.js";
import type { Slowness } from "./slowness.js";
import type { Badness } from "./usable-baselines.js";
import { isNoWorse } from "./usable-baselines.js";

/** What is known of the two sides. */
export interface Sides {
  readonly incident: Badness;
  /** Null without any baseline. */
  readonly baseline: Badness | null;
  readonly alike: Alike | null;
  readonly hasEvidence: boolean;
}

/** All services slower by about the same. */
export interface Alike {
  readonly serviceCount: number;
  readonly factor: number;
}

/** Requests below which nobody is named, and below which nobody is likely. */
export const fewestRequests = 5;
export const thinRequests = 20;
const badBaseline = 0.05;

/** The verdict over suspects that are beyond chance. */
export function verdictOf(suspects: readonly Suspect[], names: readonly string[], sides: Sides): Verdict {
  const { incident, baseline, alike, hasEvidence } = sides;
  if (!hasEvidence) return none("NO_EVIDENCE", "There are neither traces nor metrics of the window.");
  if (baseline === null) return none("NO_BASELINE", "There is no window before the incident to compare with.");
  if (incident.n > 0 && incident.n < fewestRequests)
    return none("TOO_FEW_REQUESTS", `Only ${sayCount(incident.n)} requests were seen: too few to tell.`);
  if (alike !== null && suspects[0]?.grade !== "LIKELY")
    return {
      kind: "OUTSIDE_MESH",
      sentence: `All ${alike.serviceCount} services are slower alike (${Number(alike.factor.toPrecision(2))} times): the cause lies outside the mesh or below it, such as nodes or the network.`,
    };
  const [first] = suspects;
  if (first !== undefined) {
    const part = first.part === null ? "" : `, ${first.part.kind.toLowerCase()} ${first.part.name}`;
    const word = first.grade === "LIKELY" ? "Likely" : "Possibly";
    const also = suspects.length > 1 ? `; then ${names.slice(1, 3).join(", ")}` : "";
    return {
      kind: "SUSPECTS",
      sentence: `${word} ${names[0] ?? ""}${part}: it explains ${Number(first.score.toPrecision(2))} bad requests of 100${also}.`,
    };
  }
  const isAsBad = isNoWorse(incident, baseline) && (baseline.harmRatio ?? 0) > badBaseline;
  if (isAsBad)
    return {
      kind: "BASELINE_AS_BAD",
      sentence: `The time before was as bad (${sayPercent(baseline.harmRatio ?? 0)} bad requests, now ${sayPercent(incident.harmRatio ?? 0)}): choose a baseline that did not burn.`,
    };
  if (incident.ratio !== null && incident.ratio * incident.n < fewestRequests)
    return none(
      "TOO_FEW_BAD_REQUESTS",
      `Only ${sayCount(incident.ratio * incident.n)} requests were bad: too few to tell.`,
    );
  return none("NOTHING_STANDS_OUT", "No service explains more bad requests than chance would.");
}

function none(reason: Extract<Verdict, { kind: "NO_SUSPECT" }>["reason"], sentence: string): Verdict {
  return { kind: "NO_SUSPECT", reason, sentence };
}

const fewestServices = 5;
const leastFactor = 1.3;

/** Whether nearly every service works slower by about the same factor; null when not. */
export function slowAlike(incident: readonly Slowness[]): Alike | null {
  const factors = new Map<string, number[]>();
  for (const { request, pieces } of incident) {
    const expected = new Map(pieces.map(({ piece, expectedMs }) => [piece, expectedMs]));
    for (const piece of request.pieces) {
      if (piece.kind !== "SELF" || piece.ms < 0.5) continue;
      const usualMs = expected.get(piece);
      const list = factors.get(piece.service) ?? [];
      factors.set(piece.service, list);
      list.push(usualMs === undefined ? 1 : piece.ms / Math.max(0.1, usualMs));
    }
  }
  const medians = [...factors.values()]
    .filter((list) => list.length >= 5)
    .map((list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 1)
    .sort((a, b) => a - b);
  const low = medians[Math.floor(medians.length / 5)] ?? 1;
  const middle = medians[Math.floor(medians.length / 2)] ?? 1;
  const high = medians[Math.floor((4 * medians.length) / 5)] ?? 1;
  if (medians.length < fewestServices || low < leastFactor || high > 4 * low) return null;
  return { serviceCount: medians.length, factor: middle };
}
