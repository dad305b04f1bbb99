/** Counts what the requests of all windows show: errors by where they were born, slowness by where the time went. Called by diagnose.ts. */
import type { ErrorOrigin, Key, TimePiece } from "./request.js";
import { latencyCredits, type Slowness } from "./slowness.js";
import { createTallies, type Exposure, expose, type Tally, type TallyHead } from "./tally.js";

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

/** Errors by the operation they were born in, per request that came there. */
export function errorTallies(windows: Windows<Slowness>): readonly Tally[] {
  const tallies = createTallies(windows.baselines.length);
  const heads = new Map<string, TallyHead>();
  const all = [windows.incident, ...windows.baselines].flat();
  for (const { request } of all) for (const origin of request.origins) heads.set(origin.key, headOf(origin));
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

function headOf({ key, service, peer, name }: ErrorOrigin): TallyHead {
  return { key, kind: "ERRORS", services: peer === null ? [service] : [service, peer], name, external: null };
}

function placeHead(key: string): TallyHead {
  const at = key.indexOf("\u0001");
  return { key, kind: "ERRORS", services: [key.slice(1, at)], name: key.slice(at + 1), external: null };
}

/** Slowness by kind of time, per request that has it; a failed request is counted as an error only. */
export function latencyTallies(
  windows: Windows<Slowness>,
  explained: ReadonlySet<Key>,
  ownerOf: (piece: TimePiece) => Key,
): readonly Tally[] {
  const tallies = createTallies(windows.baselines.length);
  eachWindow(windows, (items, exposureOf) => {
    for (const slowness of items) {
      const { request } = slowness;
      if (!request.isWhole) continue;
      const isError = request.isFailed && bornIn(slowness).length > 0;
      const credits = isError ? [] : latencyCredits(slowness, explained, ownerOf);
      const creditOf = new Map(credits.map(({ piece, credit }) => [piece.key, credit]));
      for (const piece of request.pieces) {
        if (explained.has(ownerOf(piece))) continue;
        const services = piece.peer === null ? [piece.service] : [piece.service, piece.peer];
        const head = {
          key: piece.key,
          kind: "LATENCY" as const,
          services,
          name: piece.name,
          external: piece.kind === "EXTERNAL" ? piece.name : null,
        };
        expose(exposureOf(tallies.of(head)), request.weight, creditOf.get(piece.key) ?? 0);
      }
    }
  });
  return tallies.all();
}
