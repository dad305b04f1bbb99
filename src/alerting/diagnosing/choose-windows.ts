/** Which stretch is the incident and which stand for normal. Called by gather-incident.ts. */
import type { MissingPart } from "../../diagnosis/incident-evidence.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
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
const coursePoints = 540;
const highQuantile = 0.95;
/** Series look back some scrapes: this much before the onset is not trusted to be well. */
const guardMs = minuteMs;
const mostEarlier = 3;
/** Where no stretch is well throughout, shorter ones are looked for, down to this. */
const shortestBaselineMs = 2 * minuteMs;
/** Of an incident that has just begun at least so much is looked at. */
const leastIncidentMs = minuteMs;

/**
 * Windows by the service's own error ratio and latency, by two series. An incident that began within its window starts there; without
 * metrics the windows before stand for normal as they are. Windows given are taken as they are.
 */
export async function chooseWindows(question: DiagnosisQuestion, reader: DiagnosisReader): Promise<ChosenWindows> {
  const { window, service, objective, baselines } = question;
  const lengthMs = window.toMs - window.fromMs;
  const lookBackMs = Math.min(mostLookBackMs, Math.max(leastLookBackMs, 4 * lengthMs));
  const around = { fromMs: window.fromMs - lookBackMs, toMs: window.toMs };
  const { course, errors } = await courseOf(service, around, coursePoints, reader);
  const onset = findOnset(course, window);
  const slowMs = objective?.kind === "LATENCY" ? objective.thresholdMs : onset.usualLatencyMs;
  const missing = missingOf("BASELINE", errors).filter(() => baselines === null);
  if (baselines !== null) return { incident: window, onsetMs: onset.atMs, baselines: [baselines], slowMs, missing };
  const fromMs =
    onset.atMs === null ? window.fromMs : Math.max(window.fromMs, Math.min(onset.atMs, window.toMs - leastIncidentMs));
  const incident = { fromMs, toMs: window.toMs };
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
  const earlier = onset.isOlder ? [] : calmStretches(onset, { fromMs, toMs: endMs }, lengthMs);
  const otherDays = [dayMs, weekMs].map((agoMs) => ({
    fromMs: incident.toMs - agoMs - lengthMs,
    toMs: incident.toMs - agoMs,
  }));
  return [[...earlier.slice(0, 1), ...otherDays], earlier.slice(1)];
}

/** How much of a stretch may be bad, and how much of it must have had traffic: the best first. */
const allowances: readonly (readonly [mostBad: number, leastKnown: number])[] = [
  [0, 0.5],
  [0.1, 0.5],
  [0.25, 0.5],
  [0.5, 0.5],
  [1, 0.5],
  [1, 0],
];

/** Calm stretches, the nearest first: as long as wanted or else shorter; if there is none so calm, the next best. */
function calmStretches({ badRatio }: Onset, within: TimeWindow, lengthMs: number): readonly TimeWindow[] {
  const isKnown = badRatio(within, 0) !== null;
  const pick = (eachMs: number, most: number, leastKnown: number): readonly TimeWindow[] => {
    const found: TimeWindow[] = [];
    for (let toMs = within.toMs; toMs - eachMs >= within.fromMs && found.length < mostEarlier; ) {
      const stretch = { fromMs: toMs - eachMs, toMs };
      const ratio = badRatio(stretch, leastKnown);
      const isCalm = isKnown ? ratio !== null && ratio <= most : true;
      if (isCalm) found.push(stretch);
      toMs -= isCalm ? eachMs : minuteMs;
    }
    return found;
  };
  for (const [most, leastKnown] of allowances)
    for (let eachMs = lengthMs; eachMs >= shortestBaselineMs; eachMs /= 2) {
      const found = pick(eachMs, most, leastKnown);
      if (found.length > 0) return found;
    }
  return [];
}

interface Points {
  readonly timestampsMs: readonly number[];
  readonly values: readonly (number | null)[];
}

/** A service's own series, errors and latency by the same points. */
async function courseOf(
  service: ServiceRef,
  around: TimeWindow,
  points: number,
  reader: Pick<DiagnosisReader, "golden">,
) {
  const golden = reader.golden(service, around);
  const [errors, latency] = await Promise.all([
    golden.errorRatioSeries("callers", points),
    golden.latencyMsSeries("callers", highQuantile, points),
  ]);
  return { course: joined(errors.value, latency.value), errors };
}

/** Both series by the points of the errors. */
function joined(errors: Points | null, latency: Points | null): ServiceCourse {
  const timestampsMs = errors?.timestampsMs ?? latency?.timestampsMs ?? [];
  const at = (series: Points | null) => {
    const values = new Map(series?.timestampsMs.map((atMs, i) => [atMs, series.values[i] ?? null]));
    return timestampsMs.map((atMs) => values.get(atMs) ?? null);
  };
  return { timestampsMs, errorRatio: at(errors), latencyMs: at(latency) };
}
