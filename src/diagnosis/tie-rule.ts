/** Tells the two ends of a slow call apart: a sick pod is slow to all its callers, a healthy one only to the sick. Called by diagnose.ts. */
import type { Key, TimePiece } from "./request.js";
import type { Slowness } from "./slowness.js";
import type { Windows } from "./trace-tallies.js";

const slowerBy = 3;
const allowedMs = 10;

/** How the two ends of calls are told apart. */
export interface TieRule {
  /** Factor ½..1 of a service: ½ + ½ of the share of slow calls among its incoming calls, less the baseline's share. */
  readonly tie: (service: Key) => number;
  /**
   * The end of a call its slowness belongs to: the one with more slow edges, because one sick service makes all of its own slow; with
   * equally many the one that is slow to more of its callers, else the called.
   */
  readonly ownerOf: (piece: TimePiece) => Key;
}

/** Counts the calls of both sides. @param isInjected services whose calls a rule of the mesh delays: no caller is to blame for that */
export function tieRule(windows: Windows<Slowness>, isInjected: (service: Key) => boolean): TieRule {
  const nowEdges = edgesOf(windows.incident);
  const pastEdges = edgesOf(windows.baselines.flat());
  const now = countsOf(nowEdges);
  const before = countsOf(pastEdges);
  const factors = new Map<Key, number>();
  const tie = (service: Key): number => {
    const known = factors.get(service) ?? (isInjected(service) ? 1 : factorOf(now.get(service), before.get(service)));
    factors.set(service, known);
    return known;
  };
  const slowEdges = slowEdgesOf(nowEdges, pastEdges);
  const ownerOf = ({ service, peer }: TimePiece): Key => {
    if (peer === null) return service;
    const more = (slowEdges.get(service) ?? 0) - (slowEdges.get(peer) ?? 0);
    return more > 0 || (more === 0 && tie(service) > tie(peer)) ? service : peer;
  };
  return { tie, ownerOf };
}

interface Calls {
  readonly calls: number;
  readonly slow: number;
}

function factorOf(now: Calls | undefined, past: Calls | undefined): number {
  // Who is called by nobody is slow to nobody.
  if (now === undefined || now.calls === 0) return 0.5;
  const pastShare = past !== undefined && past.calls > 0 ? past.slow / past.calls : 0;
  const share = (now.slow + 0.5) / (now.calls + 1);
  return 0.5 + 0.5 * Math.min(1, Math.max(0, share - pastShare));
}

function countsOf(edges: ReadonlyMap<string, Edge>): ReadonlyMap<Key, Calls> {
  const counts = new Map<Key, Calls>();
  for (const { peer, calls, slow } of edges.values()) {
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

/** Number of slow edges of each service, into it and out of it. */
function slowEdgesOf(now: ReadonlyMap<string, Edge>, before: ReadonlyMap<string, Edge>): ReadonlyMap<Key, number> {
  const slowEdges = new Map<Key, number>();
  for (const [key, edge] of now) {
    const past = before.get(key);
    const pastShare = past === undefined ? 0 : past.slow / past.calls;
    if (edge.slow < 2 || edge.slow / edge.calls - pastShare < slowShare) continue;
    for (const end of [edge.service, edge.peer]) slowEdges.set(end, (slowEdges.get(end) ?? 0) + 1);
  }
  return slowEdges;
}
