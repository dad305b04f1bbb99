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
  /** Windows before that metrics are compared with; traces too where they were given. */
  readonly stretches: readonly TimeWindow[];
  /** Short ones, far apart, that traces are compared with; null: the stretches were given and hold the traces too. */
  readonly pieces: readonly TimeWindow[] | null;
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
/** Where no stretch is well throughout, shorter ones are looked for, down to this. */
const shortestBaselineMs = 2 * minuteMs;
/** Of an incident that has just begun at least so much is looked at. */
const leastIncidentMs = minuteMs;

/**
 * Windows by the service's own error ratio and latency, by two series. An incident that began within its window starts there; without
 * metrics the windows before stand for normal as they are. Windows given are taken as they are.
 */
export async function chooseWindows(question: DiagnosisQuestion, reader: DiagnosisReader): Promise<ChosenWindows> {
  const { window, objective, baselines } = question;
  const lengthMs = window.toMs - window.fromMs;
  const lookBackMs = Math.min(mostLookBackMs, Math.max(leastLookBackMs, 4 * lengthMs));
  const around = { fromMs: window.fromMs - lookBackMs, toMs: window.toMs };
  const { course, errors } = await courseOf(question, around, coursePoints, reader);
  const onset = findOnset(course, window);
  const slowMs = objective?.kind === "LATENCY" ? objective.thresholdMs : onset.usualLatencyMs;
  const missing = missingOf("BASELINE", errors).filter(() => baselines === null);
  if (baselines !== null)
    return { incident: window, onsetMs: onset.atMs, stretches: baselines, pieces: null, slowMs, missing };
  const fromMs =
    onset.atMs === null ? window.fromMs : Math.max(window.fromMs, Math.min(onset.atMs, window.toMs - leastIncidentMs));
  const incident = { fromMs, toMs: window.toMs };
  return {
    incident,
    onsetMs: onset.atMs,
    ...normalOf(onset, incident, around.fromMs),
    slowMs,
    missing: onset.isOlder
      ? [
          ...missing,
          { pillar: "BASELINE", message: "It burned before the time looked at: only other days are compared with." },
        ]
      : missing,
  };
}

/**
 * Metrics: the nearest quiet stretch with the same time of yesterday and of last week. Traces: pieces of all the time looked at, because an
 * earlier incident fills a stretch and spoils few pieces.
 */
function normalOf(onset: Onset, incident: TimeWindow, fromMs: number): Pick<ChosenWindows, "stretches" | "pieces"> {
  const lengthMs = Math.min(mostBaselineMs, Math.max(leastBaselineMs, incident.toMs - incident.fromMs));
  const endMs = Math.min(incident.fromMs, onset.atMs ?? incident.fromMs) - guardMs;
  const before = { fromMs, toMs: endMs };
  const earlier = onset.isOlder ? [] : calmStretches(onset, before, lengthMs);
  const otherDays = [dayMs, weekMs].map((agoMs) => ({
    fromMs: incident.toMs - agoMs - lengthMs,
    toMs: incident.toMs - agoMs,
  }));
  const pieces = onset.isOlder ? [] : calmPieces(onset, before);
  const perDay = pieces.length > 0 ? piecesPerDay : mostPieces / otherDays.length;
  return {
    stretches: [...earlier, ...otherDays],
    pieces: [...pieces, ...otherDays.flatMap((day) => partsOf(day, perDay))],
  };
}

const [fewestPieces, mostPieces] = [4, 12];
/** What burned longer is left out where enough others did not. */
const mostBadOfPiece = 0.25;
const piecesPerDay = 2;
const slots = 48;
const leastPieceMs = 2 * minuteMs;
/** Of a piece's points: its traces are found where they are. */
const leastKnownOfPiece = 0.25;

/** The calmest of many short pieces, of equally calm ones those that lie evenly over the time. */
function calmPieces({ badRatio }: Onset, within: TimeWindow): readonly TimeWindow[] {
  const count = Math.floor((within.toMs - within.fromMs) / leastPieceMs);
  const all = partsOf(within, Math.max(1, Math.min(slots, count)));
  const known = all.flatMap((piece) => {
    const ratio = badRatio(piece, leastKnownOfPiece);
    return ratio === null ? [] : [{ piece, ratio }];
  });
  const calm = known.filter(({ ratio }) => ratio <= mostBadOfPiece);
  const fit = calm.length >= fewestPieces ? calm : known;
  const calmest = known.length === 0 ? all.map((piece) => ({ piece, ratio: 0 })) : fit;
  const limit = calmest.map(({ ratio }) => ratio).sort((a, b) => a - b)[mostPieces - 1] ?? 1;
  const surely = calmest.filter(({ ratio }) => ratio < limit);
  const rest = calmest.filter(({ ratio }) => ratio === limit);
  return [...surely, ...spread(rest, mostPieces - surely.length)]
    .map(({ piece }) => piece)
    .sort((a, b) => a.fromMs - b.fromMs);
}

/** At most so many of the items, evenly. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, items.length / Math.max(1, most));
  return items.filter((_, i) => Math.floor((i + 1) / step) > Math.floor(i / step));
}

function partsOf({ fromMs, toMs }: TimeWindow, count: number): readonly TimeWindow[] {
  const stepMs = (toMs - fromMs) / count;
  return Array.from({ length: count }, (_, i) => ({
    fromMs: Math.round(fromMs + i * stepMs),
    toMs: Math.round(fromMs + (i + 1) * stepMs),
  }));
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

/** The nearest calm stretch: as long as wanted or else shorter; if there is none so calm, the next best; [] where there is none. */
function calmStretches({ badRatio }: Onset, within: TimeWindow, lengthMs: number): readonly TimeWindow[] {
  const isKnown = badRatio(within, 0) !== null;
  const pick = (eachMs: number, most: number, leastKnown: number): readonly TimeWindow[] => {
    for (let toMs = within.toMs; toMs - eachMs >= within.fromMs; toMs -= minuteMs) {
      const stretch = { fromMs: toMs - eachMs, toMs };
      const ratio = badRatio(stretch, leastKnown);
      if (isKnown ? ratio !== null && ratio <= most : true) return [stretch];
    }
    return [];
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
  { service, isDeniedFailed }: DiagnosisQuestion,
  around: TimeWindow,
  points: number,
  reader: Pick<DiagnosisReader, "golden">,
) {
  const golden = reader.golden(service, around);
  const [errors, latency] = await Promise.all([
    golden.errorRatioSeries("callers", points, isDeniedFailed),
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
