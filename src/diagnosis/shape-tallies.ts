/** Counts visits that made none of their usual calls: an early return, or a wrong value at work. Called by diagnose.ts. */
import type { Key, Visit } from "./request.js";
import type { Slowness } from "./slowness.js";
import { createTallies, effectiveCount, expose, type Tally } from "./tally.js";
import { eachWindow, type Windows } from "./trace-tallies.js";

const fewestRequests = 4;

/**
 * Of each operation that calls others and each kind of request, the requests in which it called nobody. Visits that failed are not counted: what
 * fails leaves calls out anyway.
 */
export function fewerCallsTallies(windows: Windows<Slowness>): readonly Tally[] {
  const tallies = createTallies(windows.baselines.length);
  const calling = new Set<string>();
  eachWindow(windows, (items, exposureOf) => {
    for (const { request } of items)
      for (const [key, { service, operation, isCalling, isFailed }] of placesOf(request.entry, request.visits)) {
        if (isFailed) continue;
        if (isCalling) calling.add(key);
        const tally = tallies.of({ key, kind: "FEWER_CALLS", services: [service], name: operation, external: null });
        expose(exposureOf(tally), request.weight, isCalling ? 0 : 1);
      }
  });
  return tallies.all().filter(({ key, incident, baselines }) => {
    const before = baselines.reduce((sum, exposure) => sum + effectiveCount(exposure), 0);
    return calling.has(key) && effectiveCount(incident) >= fewestRequests && before >= fewestRequests;
  });
}

interface Place {
  readonly service: Key;
  readonly operation: string;
  isCalling: boolean;
  isFailed: boolean;
}

function placesOf(entry: string, visits: readonly Visit[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { service, operation, answeredBy, isError } of visits) {
    const key = `C${entry}\u0001${service}\u0001${operation}`;
    const place = places.get(key) ?? { service, operation, isCalling: false, isFailed: false };
    places.set(key, place);
    place.isCalling ||= answeredBy.length > 0;
    place.isFailed ||= isError;
  }
  return places;
}
