/** Log counts of a service over time. */
import type { LogLevel } from "../../telemetry/log-source.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import type { LogSelection, LogVolume, Pillar } from "../mesh.js";
import { notConfigured, pillarOf } from "../pillar.js";
import type { EvidenceDeps } from "./evidence-deps.js";
import type { AskLogs } from "./log-asker.js";
import { serviceLogFilter } from "./log-search.js";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Steps people read without counting. */
const niceSteps = [
  ...[1, 5, 10, 15, 30].map((n) => n * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minuteMs),
  ...[1, 2, 3, 6, 12, 24].map((n) => n * hourMs),
];

/** The smallest nice step that cuts the window into at most `maxPoints` steps, counted from its start; beyond a day, whole days. */
export function volumeStepMs(window: TimeWindow, maxPoints: number): number {
  const lengthMs = window.toMs - window.fromMs;
  const points = Math.max(1, maxPoints);
  const nice = niceSteps.find((stepMs) => Math.ceil(lengthMs / stepMs) <= points);
  return nice ?? Math.ceil(lengthMs / dayMs / points) * dayMs;
}

const severity: readonly LogLevel[] = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "UNKNOWN"];

/** Counts per level and step, most severe first; levels that never occur are absent, steps without records are 0. */
export async function logVolume(
  ref: ServiceRef,
  window: TimeWindow,
  selection: LogSelection,
  maxPoints: number,
  deps: EvidenceDeps,
  visibility: Visibility,
  ask: AskLogs,
): Promise<Pillar<LogVolume>> {
  if (deps.logSources.length === 0) return notConfigured("elasticsearch", "logs");
  if (!canSee(visibility, ref.namespace)) {
    return { value: { timestampsMs: [], byLevel: [] }, sources: [], errors: [] };
  }
  const filter = serviceLogFilter(ref, window, selection, deps.workloadsOf(ref));
  const stepMs = volumeStepMs(window, maxPoints);
  const asked = await ask("volume", () => ({ kind: "volume", filter, stepMs }));
  return pillarOf(asked, (answers) => addVolumes(answers.flatMap(({ value }) => value ?? [])));
}

interface Volume {
  readonly timestampsMs: readonly number[];
  readonly byLevel: ReadonlyMap<LogLevel, readonly number[]>;
}

function addVolumes(volumes: readonly Volume[]): LogVolume {
  const timestampsMs = [...new Set(volumes.flatMap((volume) => volume.timestampsMs))].sort((a, b) => a - b);
  const indexOf = new Map(timestampsMs.map((timestampMs, index) => [timestampMs, index]));
  const byLevel = severity.flatMap((level) => {
    const parts = volumes.filter((volume) => volume.byLevel.has(level));
    if (parts.length === 0) return [];
    const values = timestampsMs.map(() => 0);
    for (const { timestampsMs: own, byLevel: counts } of parts) {
      for (const [index, count] of (counts.get(level) ?? []).entries()) {
        const at = indexOf.get(own[index] ?? Number.NaN);
        if (at !== undefined) values[at] = (values[at] ?? 0) + count;
      }
    }
    return [{ level, values }];
  });
  return { timestampsMs, byLevel };
}
