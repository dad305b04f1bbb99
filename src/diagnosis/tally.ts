/** Counts of one kind of badness: the incident against the windows before it. Filled by signals, judged by change-test.ts. */
import type { ScorePiece } from "./diagnosis.js";
import type { Key } from "./request.js";

/** Where it can show, and where it did. Sums over requests of weight × credit; credit is 0..1. */
export interface Exposure {
  /** Weight of the requests that could have been bad for this. */
  n: number;
  x: number;
  /** Sums of squares, for effective counts and for the error. */
  n2: number;
  x2: number;
}

/** One kind of badness of one service (or of both ends of a call). */
export interface Tally {
  readonly key: string;
  readonly kind: ScorePiece["kind"];
  /** Charged with it: one service, or both ends of a call. */
  readonly services: readonly Key[];
  readonly name: string;
  /** Dependency without spans it may be instead; null for none. */
  readonly external: string | null;
  readonly incident: Exposure;
  /** One per baseline window. */
  readonly baselines: readonly Exposure[];
}

/** Neither an error nor time: other lines or other calls than before. No harm by itself, but the sign of a wrong value. */
export function isSilentKind(kind: Tally["kind"]): boolean {
  return kind === "LOG_PATTERN" || kind === "FEWER_CALLS";
}

/** What makes a tally's identity. */
export type TallyHead = Pick<Tally, "key" | "kind" | "services" | "name" | "external">;

/** Nothing seen yet. */
export function noExposure(): Exposure {
  return { n: 0, x: 0, n2: 0, x2: 0 };
}

/** Counts one request: it could have been bad, and how bad it was, 0..1. */
export function expose(exposure: Exposure, weight: number, credit: number): void {
  exposure.n += weight;
  exposure.n2 += weight * weight;
  if (credit !== 0) addCredit(exposure, weight, credit);
}

/** Adds the badness of a request already counted as one that could be bad. */
export function addCredit(exposure: Exposure, weight: number, credit: number): void {
  exposure.x += weight * credit;
  exposure.x2 += weight * weight * credit * credit;
}

/** A tally of its own with the same counts. */
export function copyOf(tally: Tally): Tally {
  return { ...tally, incident: { ...tally.incident }, baselines: tally.baselines.map((exposure) => ({ ...exposure })) };
}

/** Independent requests worth the exposure: fewer than seen where weights differ. */
export function effectiveCount({ n, n2 }: Exposure): number {
  return n2 > 0 ? (n * n) / n2 : 0;
}

/** A book of tallies over so many baselines. */
export function createTallies(baselineCount: number): {
  readonly of: (head: TallyHead) => Tally;
  readonly all: () => readonly Tally[];
} {
  const tallies = new Map<string, Tally>();
  return {
    of: (head) => {
      let tally = tallies.get(head.key);
      if (tally === undefined) {
        const baselines = Array.from({ length: baselineCount }, noExposure);
        tally = { ...head, incident: noExposure(), baselines };
        tallies.set(head.key, tally);
      }
      return tally;
    },
    all: () => [...tallies.values()],
  };
}
