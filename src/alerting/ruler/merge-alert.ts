/**
 * What is known of one alert after hearing of it once more. Told twice, late or in the wrong order it comes out the same; Alertmanager
 * promises at least once and nothing about order, and a pair of them tells everything twice. Pure; called by the desk of alerts.
 */
import { createHash } from "node:crypto";
import type { RulerAlert, RulerLabels } from "../../telemetry/ruler-alert.js";

/** An alert as it is kept. */
export interface KeptAlert extends RulerAlert {
  /** Its labels, hashed: the same wherever it comes from. */
  readonly key: string;
  /** When it was last heard of, epoch ms, by our clock. */
  readonly heardAtMs: number;
  /** Whether it fired and no incident was moved by it yet. */
  readonly isNew: boolean;
}

/** After the end was heard, "it fires" with a start before that end is late for this long, and a new beginning later. */
export const lateMs = 120_000;

/** What an alert is known by, whatever the order of its labels. */
export function alertKey(labels: RulerLabels): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 32);
}

/** The alert afterwards; the known one itself where nothing changed. `known` is null for one never heard of. */
export function mergeAlert(known: KeptAlert | null, heard: RulerAlert, nowMs: number): KeptAlert {
  const { endsAtMs } = heard;
  if (known === null) {
    return { ...heard, key: alertKey(heard.labels), heardAtMs: nowMs, isNew: endsAtMs === null };
  }
  if (endsAtMs !== null) return overAt(known, heard, endsAtMs, nowMs);
  const wasOver = known.endsAtMs !== null;
  if (!wasOver) {
    // The later one: the end of a time before it must not end it.
    const startsAtMs = Math.max(known.startsAtMs, heard.startsAtMs);
    return { ...known, annotations: heard.annotations, startsAtMs, heardAtMs: nowMs };
  }
  const isLate = heard.startsAtMs < (known.endsAtMs ?? 0) && nowMs - known.heardAtMs < lateMs;
  return isLate ? known : { ...heard, key: known.key, heardAtMs: nowMs, isNew: true };
}

function overAt(known: KeptAlert, heard: RulerAlert, endsAtMs: number, nowMs: number): KeptAlert {
  if (known.endsAtMs !== null) {
    return endsAtMs <= known.endsAtMs ? known : { ...known, endsAtMs };
  }
  // It ended before the one that fires began: an older time of it, told late.
  if (endsAtMs < known.startsAtMs) return known;
  return { ...known, annotations: heard.annotations, endsAtMs, heardAtMs: nowMs };
}
