/** A window before the incident in parts, so that a short incident within it does not cost the whole window. Called by diagnose.ts. */
import type { WeightedTrace, WindowEvidence } from "./incident-evidence.js";

/** Fewer traces tell nothing of a part. */
const fewestTraces = 15;
const mostParts = 8;
/** A shorter window is one situation. */
const shortestMs = 300_000;

/** Parts of equally many traces, oldest first; the window itself when it holds too few. Metrics are of the whole: the first part keeps them. */
export function splitWindow(whole: WindowEvidence): readonly WindowEvidence[] {
  const { traces, window } = whole;
  const parts = Math.min(mostParts, Math.floor((traces?.length ?? 0) / fewestTraces));
  if (traces === null || parts < 2 || window.toMs - window.fromMs < shortestMs) return [whole];
  const ordered = [...traces].sort((a, b) => startOf(a) - startOf(b));
  const size = Math.ceil(ordered.length / parts);
  return Array.from({ length: parts }, (_, i) => {
    const own = ordered.slice(i * size, (i + 1) * size);
    const [first, next] = [own[0], ordered[(i + 1) * size]];
    const fromMs = i === 0 || first === undefined ? window.fromMs : startOf(first);
    return {
      ...whole,
      window: { fromMs, toMs: next === undefined ? window.toMs : startOf(next) },
      traces: own,
      ...(i === 0 ? {} : { edges: null, errorLogs: null, workloads: null }),
    };
  });
}

function startOf({ spans }: WeightedTrace): number {
  return spans.reduce((least, { startMs }) => Math.min(least, startMs), Number.POSITIVE_INFINITY);
}
