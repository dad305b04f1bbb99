/** The ways that calls take from one end to others, along what has more of the trouble. Pure; called by draft-graph.ts. */
import type { End } from "./call-facts.js";

/** A call with its share of the trouble, 0..1. */
export interface WeighedCall {
  readonly source: End;
  readonly destination: End;
  readonly weight: number;
}

/** A step without trouble is worth three with all of it. */
const detour = 2;

/**
 * Per target the ends between, without `from`, the target last: down the calls, else up them; the target alone where no calls lead there.
 * Of equally short ways the one with more trouble.
 */
export function waysBetween(
  from: End,
  targets: readonly End[],
  calls: readonly WeighedCall[],
): readonly (readonly End[])[] {
  const down = nearestWays(from, calls);
  const up = nearestWays(
    from,
    calls.map(({ source, destination, weight }) => ({ source: destination, destination: source, weight })),
  );
  return targets.map((target) => wayTo(target, from, down) ?? wayTo(target, from, up) ?? [target]);
}

type Steps = ReadonlyMap<End, End>;

function wayTo(target: End, from: End, cameFrom: Steps): readonly End[] | null {
  if (target === from) return [];
  const way: End[] = [];
  for (let end: End | undefined = target; end !== from; end = cameFrom.get(end)) {
    if (end === undefined) return null;
    way.unshift(end);
  }
  return way;
}

/** By Dijkstra, whose nearest end is looked for by hand: a mesh has some thousand calls. */
function nearestWays(from: End, calls: readonly WeighedCall[]): Steps {
  const bySource = new Map<End, WeighedCall[]>();
  for (const call of calls) {
    const list = bySource.get(call.source);
    if (list === undefined) bySource.set(call.source, [call]);
    else list.push(call);
  }
  const cameFrom = new Map<End, End>();
  const open = new Map<End, number>([[from, 0]]);
  const done = new Set<End>();
  while (open.size > 0) {
    let [nearest, cost] = ["", Number.POSITIVE_INFINITY];
    for (const [end, reached] of open) if (reached < cost) [nearest, cost] = [end, reached];
    open.delete(nearest);
    done.add(nearest);
    for (const { destination, weight } of bySource.get(nearest) ?? []) {
      const next = cost + 1 + detour * (1 - weight);
      if (done.has(destination) || next >= (open.get(destination) ?? Number.POSITIVE_INFINITY)) continue;
      open.set(destination, next);
      cameFrom.set(destination, nearest);
    }
  }
  return cameFrom;
}
