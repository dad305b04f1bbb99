/** Tells the two ends of a slow call apart: a sick pod is slow to all its callers, a healthy one only to the sick. Called by diagnose.ts. */
import type { Key, TimePiece } from "./request.js";
import type { Slowness } from "./slowness.js";
import type { Windows } from "./trace-tallies.js";

const slowerBy = 3;
const allowedMs = 10;

/** Factor ½..1 by service: ½ + ½ of the share of slow calls among its incoming calls, less the baseline's share. */
export function tieRule(windows: Windows<Slowness>): (service: Key) => number {
  const now = countsOf(windows.incident);
  const before = countsOf(windows.baselines.flat());
  return (service) => {
    const { calls, slow } = now.get(service) ?? { calls: 0, slow: 0 };
    const past = before.get(service) ?? { calls: 0, slow: 0 };
    const pastShare = past.calls > 0 ? past.slow / past.calls : 0;
    const share = (slow + 0.5) / (calls + 1);
    return 0.5 + 0.5 * Math.min(1, Math.max(0, share - pastShare));
  };
}

function countsOf(items: readonly Slowness[]): ReadonlyMap<Key, { calls: number; slow: number }> {
  const counts = new Map<Key, { calls: number; slow: number }>();
  for (const { request, pieces } of items) {
    const excess = new Map(pieces.map(({ piece, expectedMs }) => [piece.key, { expectedMs, ms: piece.ms }]));
    for (const piece of request.pieces) {
      if (piece.peer === null) continue;
      const count = counts.get(piece.peer) ?? { calls: 0, slow: 0 };
      const over = excess.get(piece.key);
      const isSlow = over !== undefined && over.ms > slowerBy * over.expectedMs + allowedMs * piece.calls;
      count.calls += piece.calls;
      if (isSlow) count.slow += piece.calls;
      counts.set(piece.peer, count);
    }
  }
  return counts;
}

/** Which end of a call its slowness belongs to: the one that is slow to more of its callers, of equal ones the called. */
export function ownerBy(tie: (service: Key) => number): (piece: TimePiece) => Key {
  return ({ service, peer }) => (peer === null || tie(service) > tie(peer) ? service : peer);
}
