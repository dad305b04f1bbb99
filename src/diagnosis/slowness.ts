/** How slow a request is against what was to be expected, and which pieces of it made it so. Called by diagnose.ts for every request. */
import type { Expectation } from "./expectation.js";
import type { Key, Request, TimePiece } from "./request.js";

/** A piece with its surplus. */
export interface SlowPiece {
  readonly piece: TimePiece;
  readonly expectedMs: number;
  /** Beyond what was expected, > 0. */
  readonly excessMs: number;
}

/** A request held against its expectation. */
export interface Slowness {
  readonly request: Request;
  readonly expectedMs: number;
  readonly pieces: readonly SlowPiece[];
  /** From here it is bad. */
  readonly limitMs: number;
}

const allowedMs = 20;

/** @param thresholdMs of the objective; null takes twice what was expected and 20 ms */
export function slownessOf(request: Request, expectation: Expectation, thresholdMs: number | null): Slowness {
  let expectedMs = 0;
  const pieces: SlowPiece[] = [];
  for (const piece of request.pieces) {
    const usualMs = expectation.pieceMs(piece);
    // Time never seen before is no surplus: nothing is known of it.
    expectedMs += usualMs ?? piece.ms;
    if (usualMs !== null && piece.ms > usualMs)
      pieces.push({ piece, expectedMs: usualMs, excessMs: piece.ms - usualMs });
  }
  return { request, expectedMs, pieces, limitMs: thresholdMs ?? 2 * expectedMs + allowedMs };
}

/**
 * The credit of each piece: the share of the delay that vanishes if it were as before, times how bad the request is (0..1).
 * Pieces of services already explained are as before; what remains may be bad no more.
 */
export function latencyCredits(
  { request, pieces, expectedMs, limitMs }: Slowness,
  explained: ReadonlySet<Key>,
  ownerOf: (piece: TimePiece) => Key,
): readonly { readonly piece: TimePiece; readonly credit: number }[] {
  const isOpen = ({ piece }: SlowPiece): boolean => !explained.has(ownerOf(piece));
  const open = explained.size === 0 ? pieces : pieces.filter(isOpen);
  const explainedMs =
    explained.size === 0 ? 0 : pieces.reduce((sum, one) => (isOpen(one) ? sum : sum + one.excessMs), 0);
  const lateMs = request.durationMs - explainedMs - expectedMs;
  const badness = badnessOf(request.durationMs - explainedMs, expectedMs, limitMs);
  if (badness === 0 || lateMs <= 0) return [];
  return open.map(({ piece, excessMs }) => ({ piece, credit: badness * Math.min(1, excessMs / lateMs) }));
}

function badnessOf(durationMs: number, _expectedMs: number, limitMs: number): number {
  return durationMs > limitMs ? 1 : 0;
}
