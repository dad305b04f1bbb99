/** Which stretch is the incident and which stand for normal. Called by gather-incident.ts. */
import type { MissingPart } from "../../diagnosis/incident-evidence.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type DiagnosisQuestion, type DiagnosisReader, missingOf } from "./diagnosis-question.js";
import { findOnset, type Onset, type ServiceCourse } from "./find-onset.js";

/** What is looked at. */
export interface ChosenWindows {
  readonly incident: TimeWindow;
  /** Null when not known. */
  readonly onsetMs: number | null;
  /** Asked one group after the other until there are traces enough. */
  readonly baselines: readonly (readonly TimeWindow[])[];
  /** From here on a request counts as slow when traces are searched; null when not known. */
  readonly slowMs: number | null;
  readonly missing: readonly MissingPart[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
const [leastBaselineMs, mostBaselineMs] = [10 * minuteMs, hourMs];
const [leastLookBackMs, mostLookBackMs] = [2 * hourMs, dayMs];
const coursePoints = 240;
const highQuantile = 0.95;
/** Series look back some scrapes: this much before the onset is not trusted to be well. */
const guardMs = minuteMs;
const mostEarlier = 3;

/**
 * Windows by the service's own error ratio and latency, by two series. An incident that began within its window starts there; without
 * metrics the windows before stand for normal as they are. Windows given are taken as they are.
 */
export async function chooseWindows(question: DiagnosisQuestion, reader: DiagnosisReader): Promise<ChosenWindows> {
  const { window, service, objective, baselines } = question;
  const lengthMs = window.toMs - window.fromMs;
  const lookBackMs = Math.min(mostLookBackMs, Math.max(leastLookBackMs, 4 * lengthMs));
  const around = { fromMs: window.fromMs - lookBackMs, toMs: window.toMs };
  const golden = reader.golden(service, around);
  const [errors, latency] = await Promise.all([
    golden.errorRatioSeries("callers", coursePoints),
    golden.latencyMsSeries("callers", highQuantile, coursePoints),
  ]);
  const onset = findOnset(courseOf(errors.value, latency.value), window);
  const slowMs = objective?.kind === "LATENCY" ? objective.thresholdMs : onset.usualLatencyMs;
  const missing = missingOf("BASELINE", errors).filter(() => baselines === null);
  if (baselines !== null) return { incident: window, onsetMs: onset.atMs, baselines: [baselines], slowMs, missing };
  const beganWithin = onset.atMs !== null && onset.atMs > window.fromMs && onset.atMs < window.toMs - minuteMs;
  const incident = beganWithin ? { fromMs: onset.atMs ?? window.fromMs, toMs: window.toMs } : window;
  return {
    incident,
    onsetMs: onset.atMs,
    baselines: groupsOf(onset, incident, around.fromMs),
    slowMs,
    missing: onset.isOlder
      ? [
          ...missing,
          { pillar: "BASELINE", message: "It burned before the time looked at: only other days are compared with." },
        ]
      : missing,
  };
}

/** The nearest quiet stretch with the same time of yesterday and of last week, then earlier ones. */
function groupsOf(onset: Onset, incident: TimeWindow, fromMs: number): readonly (readonly TimeWindow[])[] {
  const lengthMs = Math.min(mostBaselineMs, Math.max(leastBaselineMs, incident.toMs - incident.fromMs));
  const endMs = Math.min(incident.fromMs, onset.atMs ?? incident.fromMs) - guardMs;
  const earlier: TimeWindow[] = [];
  for (let toMs = endMs; toMs - lengthMs >= fromMs && earlier.length < mostEarlier; ) {
    const stretch = { fromMs: toMs - lengthMs, toMs };
    const isQuiet = !onset.isOlder && onset.isQuiet(stretch);
    if (isQuiet) earlier.push(stretch);
    toMs -= isQuiet ? lengthMs : minuteMs;
  }
  const otherDays = [dayMs, weekMs].map((agoMs) => ({
    fromMs: incident.toMs - agoMs - lengthMs,
    toMs: incident.toMs - agoMs,
  }));
  return [[...earlier.slice(0, 1), ...otherDays], earlier.slice(1)];
}

interface Points {
  readonly timestampsMs: readonly number[];
  readonly values: readonly (number | null)[];
}

/** Both series by the points of the errors. */
function courseOf(errors: Points | null, latency: Points | null): ServiceCourse {
  const timestampsMs = errors?.timestampsMs ?? latency?.timestampsMs ?? [];
  const at = (series: Points | null) => {
    const values = new Map(series?.timestampsMs.map((atMs, i) => [atMs, series.values[i] ?? null]));
    return timestampsMs.map((atMs) => values.get(atMs) ?? null);
  };
  return { timestampsMs, errorRatio: at(errors), latencyMs: at(latency) };
}
