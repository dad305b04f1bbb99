/** Traces of a window by a fixed number of searches, whatever the traffic. Called by window-evidence.ts. */
import type { MissingPart } from "../../diagnosis/incident-evidence.js";
import type { MeshTrace, Pillar, TracePage } from "../../mesh/mesh.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type DiagnosisQuestion, type DiagnosisReader, missingOf } from "./diagnosis-question.js";

/** What the searches found; null when no source answered. */
export interface TraceSample {
  readonly found: { readonly any: readonly MeshTrace[]; readonly chosen: readonly MeshTrace[] } | null;
  readonly missing: readonly MissingPart[];
}

/** Of each kind: failing, slow, any. */
const perKind = 60;
/** Backends give the newest of a search: so many searches, one after the other in time, spread the traces over the window. */
const [anyStretches, chosenStretches] = [4, 2];

/** Of stretches that hold more than their part so many are searched again. */
const mostAgain = 2;

/**
 * At most eight searches, and two more where traffic is so uneven that some stretches have next to no traces and others more than were
 * asked for. @param slowMs no search for slow ones where null */
export async function sampleTraces(
  service: DiagnosisQuestion["service"],
  window: TimeWindow,
  slowMs: number | null,
  reader: Pick<DiagnosisReader, "traces">,
): Promise<TraceSample> {
  const ask = (stretch: TimeWindow, limit: number, errorsOnly = false, minDurationMs: number | null = null) => {
    const selection = { errorsOnly, minDurationMs, maxDurationMs: null, operation: null, tags: {}, isSample: true };
    return reader.traces(service, stretch, selection, limit, null);
  };
  const search = (stretches: number, errorsOnly: boolean, minDurationMs: number | null) =>
    Promise.all(
      stretchesOf(window, stretches).map((stretch) => ask(stretch, perKind / stretches, errorsOnly, minDurationMs)),
    );
  const [fair, failing, slow] = await Promise.all([
    search(anyStretches, false, null),
    search(chosenStretches, true, null),
    slowMs === null ? [] : search(chosenStretches, false, slowMs),
  ]);
  const any = await toppedUp(fair, stretchesOf(window, anyStretches), ask);
  const missing = [...any, ...failing, ...slow].flatMap((pillar) => missingOf("TRACES", pillar));
  if (any.every(({ value }) => value === null)) return { found: null, missing };
  return { found: { any: tracesOf(any), chosen: [...tracesOf(failing), ...tracesOf(slow)] }, missing };
}

/** Where at least one stretch's part is missing, asks those again that hold more than theirs. */
async function toppedUp(
  fair: readonly Pillar<TracePage>[],
  stretches: readonly TimeWindow[],
  ask: (stretch: TimeWindow, limit: number) => Promise<Pillar<TracePage>>,
): Promise<readonly Pillar<TracePage>[]> {
  const part = perKind / anyStretches;
  const isFull = ({ value }: Pillar<TracePage>): boolean => value !== null && value.traces.length >= part;
  const again = fair.flatMap((page, i) => (isFull(page) ? [i] : [])).slice(-mostAgain);
  const left = perKind - fair.reduce((sum, { value }) => sum + (value?.traces.length ?? 0), 0);
  if (again.length === 0 || left < part) return fair;
  const limit = part + Math.floor(left / again.length);
  return Promise.all(
    fair.map((page, i) => {
      const stretch = stretches[i];
      return again.includes(i) && stretch !== undefined ? ask(stretch, limit) : page;
    }),
  );
}

function stretchesOf({ fromMs, toMs }: TimeWindow, count: number): readonly TimeWindow[] {
  const stepMs = (toMs - fromMs) / count;
  return Array.from({ length: count }, (_, i) => ({
    fromMs: Math.round(fromMs + i * stepMs),
    toMs: Math.round(fromMs + (i + 1) * stepMs),
  }));
}

function tracesOf(pages: readonly Pillar<TracePage>[]): readonly MeshTrace[] {
  return pages.flatMap(({ value }) => value?.traces ?? []);
}
