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
  for (const { peer, calls, slow } of edgesOf(items).values()) {
    const count = counts.get(peer) ?? { calls: 0, slow: 0 };
    counts.set(peer, { calls: count.calls + calls, slow: count.slow + slow });
  }
  return counts;
}

interface Edge {
  readonly service: Key;
  readonly peer: Key;
  calls: number;
  slow: number;
}

function edgesOf(items: readonly Slowness[]): ReadonlyMap<string, Edge> {
  const edges = new Map<string, Edge>();
  for (const { request, pieces } of items) {
    const expected = new Map(pieces.map(({ piece, expectedMs }) => [piece, expectedMs]));
    for (const piece of request.pieces) {
      if (piece.peer === null) continue;
      const edge = edges.get(piece.key) ?? { service: piece.service, peer: piece.peer, calls: 0, slow: 0 };
      edges.set(piece.key, edge);
      const usualMs = expected.get(piece);
      edge.calls += piece.calls;
      if (usualMs !== undefined && piece.ms > slowerBy * usualMs + allowedMs * piece.calls) edge.slow += piece.calls;
    }
  }
  return edges;
}

/** An edge is slow when this much more of its calls are than before. */
const slowShare = 0.3;

/**
 * Which end of a call its slowness belongs to: the one with more slow edges, because one sick service makes all of its own slow; with
 * equally many the one that is slow to more of its callers, else the called.
 */
export function ownerBy(windows: Windows<Slowness>, tie: (service: Key) => number): (piece: TimePiece) => Key {
  const slowEdges = new Map<Key, number>();
  const before = edgesOf(windows.baselines.flat());
  for (const [key, edge] of edgesOf(windows.incident)) {
    const past = before.get(key);
    const pastShare = past === undefined ? 0 : past.slow / past.calls;
    if (edge.slow < 2 || edge.slow / edge.calls - pastShare < slowShare) continue;
    for (const end of [edge.service, edge.peer]) slowEdges.set(end, (slowEdges.get(end) ?? 0) + 1);
  }
  return ({ service, peer }) => {
    if (peer === null) return service;
    const more = (slowEdges.get(service) ?? 0) - (slowEdges.get(peer) ?? 0);
    return more > 0 || (more === 0 && tie(service) > tie(peer)) ? service : peer;
  };
}
