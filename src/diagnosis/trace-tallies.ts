/** Counts what the requests of all windows show: errors by where they were born, slowness by where the time went. Called by diagnose.ts. */
import type { ErrorOrigin, Key, TimePiece } from "./request.js";
import { latencyCredits, type Slowness } from "./slowness.js";
import { addCredit, copyOf, createTallies, type Exposure, expose, type Tally, type TallyHead } from "./tally.js";

/** Requests of every window, held against what was expected. */
export interface Windows<T> {
  readonly incident: readonly T[];
  readonly baselines: readonly (readonly T[])[];
}

/** Every window with the exposure it is counted in. */
export function eachWindow<T>(
  windows: Windows<T>,
  visit: (items: readonly T[], exposureOf: (t: Tally) => Exposure) => void,
) {
  visit(windows.incident, (tally) => tally.incident);
  windows.baselines.forEach((items, i) => {
    visit(items, (tally) => tally.baselines[i] ?? tally.incident);
  });
}

/**
 * Errors by the operation they were born in, per request that came there.
 * @param isInjected services whose calls a rule of the mesh answers: no caller is to blame for that
 */
export function errorTallies(windows: Windows<Slowness>, isInjected: (service: Key) => boolean): readonly Tally[] {
  const tallies = createTallies(windows.baselines.length);
  const heads = new Map<string, TallyHead>();
  const all = [windows.incident, ...windows.baselines].flat();
  for (const { request } of all)
    for (const origin of request.origins) heads.set(origin.key, headOf(origin, isInjected));
  eachWindow(windows, (items, exposureOf) => {
    for (const slowness of items) {
      const { request } = slowness;
      const born = new Set(bornIn(slowness).map(({ key }) => key));
      for (const key of request.places)
        expose(exposureOf(tallies.of(heads.get(key) ?? placeHead(key))), request.weight, born.has(key) ? 1 : 0);
    }
  });
  return tallies.all();
}

/** Origins that are errors of their own: who gave up waiting is a victim of whoever was slow, if anybody was. */
export function bornIn(slowness: Slowness): readonly ErrorOrigin[] {
  const { request } = slowness;
  if (!request.origins.some(({ isTimeout }) => isTimeout) || !isSlow(slowness)) return request.origins;
  return request.origins.filter(({ isTimeout }) => !isTimeout);
}

function isSlow({ request, limitMs, pieces }: Slowness): boolean {
  return request.durationMs > limitMs && pieces.length > 0;
}

function headOf({ key, service, peer, name }: ErrorOrigin, isInjected: (service: Key) => boolean): TallyHead {
  const services = peer === null || isInjected(service) ? [service] : [service, peer];
  return { key, kind: "ERRORS", services, name, external: null };
}

function placeHead(key: string): TallyHead {
  const at = key.indexOf("\u0001");
  return { key, kind: "ERRORS", services: [key.slice(1, at)], name: key.slice(at + 1), external: null };
}

/**
 * Slowness by kind of time, per request that has it; a failed request is counted as an error only. What is owned by a service already
 * explained is as before. Whom a piece could harm is counted once, who was harmed for each set of explained services.
 */
export function latencyCounter(
  windows: Windows<Slowness>,
  ownerOf: (piece: TimePiece) => Key,
): (explained: ReadonlySet<Key>) => readonly Tally[] {
  const base = createTallies(windows.baselines.length);
  const owners = new Map<string, Key>();
  const owner = (piece: TimePiece): Key => {
    const known = owners.get(piece.key) ?? ownerOf(piece);
    owners.set(piece.key, known);
    return known;
  };
  const slow: { readonly slowness: Slowness; readonly exposureOf: (tally: Tally) => Exposure }[] = [];
  eachWindow(windows, (items, exposureOf) => {
    for (const slowness of items) {
      const { request } = slowness;
      if (!request.isWhole) continue;
      for (const piece of request.pieces) expose(exposureOf(base.of(latencyHead(piece))), request.weight, 0);
      const isError = request.isFailed && bornIn(slowness).length > 0;
      if (!isError && isSlow(slowness)) slow.push({ slowness, exposureOf });
      for (const piece of request.pieces) owner(piece);
    }
  });
  return (explained) => {
    const tallies = new Map<string, Tally>();
    for (const tally of base.all())
      if (!explained.has(owners.get(tally.key) ?? "")) tallies.set(tally.key, copyOf(tally));
    for (const { slowness, exposureOf } of slow)
      for (const { piece, credit } of latencyCredits(slowness, explained, owner)) {
        const tally = tallies.get(piece.key);
        if (tally !== undefined) addCredit(exposureOf(tally), slowness.request.weight, credit);
      }
    return [...tallies.values()];
  };
}

function latencyHead({ key, kind, service, peer, name }: TimePiece): TallyHead {
  const services = peer === null ? [service] : [service, peer];
  return { key, kind: "LATENCY", services, name, external: kind === "EXTERNAL" ? name : null };
}
