/** How long each kind of time usually is, learnt from the windows before. Read by latency-credit.ts. */
import type { Request, TimePiece } from "./request.js";

/** Usual time of one call. */
export interface Expectation {
  /** Of a piece as a whole (all its calls), ms; null when it was seen too seldom. */
  readonly pieceMs: (piece: TimePiece) => number | null;
}

const fewest = 3;

/** Weighted medians per call, by kind of time; a call seen too seldom is like other calls of the same service. */
export function learnExpectation(baseline: readonly Request[]): Expectation {
  const byKey = new Map<string, Sample[]>();
  const byCallee = new Map<string, Sample[]>();
  for (const { pieces, weight, isWhole } of baseline) {
    if (!isWhole) continue;
    for (const piece of pieces) {
      const sample = { ms: piece.ms / piece.calls, weight };
      add(byKey, piece.key, sample);
      if (piece.peer !== null) add(byCallee, piece.peer, sample);
    }
  }
  const medians = new Map([...byKey].map(([key, samples]) => [key, medianOf(samples)]));
  const calleeMedians = new Map([...byCallee].map(([key, samples]) => [key, medianOf(samples)]));
  return {
    pieceMs: ({ key, peer, calls }) => {
      const perCall = medians.get(key) ?? (peer === null ? null : (calleeMedians.get(peer) ?? null));
      return perCall === null ? null : perCall * calls;
    },
  };
}

interface Sample {
  readonly ms: number;
  readonly weight: number;
}

function add(groups: Map<string, Sample[]>, key: string, sample: Sample): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [sample]);
  else group.push(sample);
}

function medianOf(samples: Sample[]): number | null {
  if (samples.length < fewest) return null;
  samples.sort((a, b) => a.ms - b.ms);
  const half = samples.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let below = 0;
  for (const { ms, weight } of samples) {
    below += weight;
    if (below >= half) return ms;
  }
  return samples[samples.length - 1]?.ms ?? null;
}
