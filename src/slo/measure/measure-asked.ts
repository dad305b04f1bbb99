/** Measurements of objectives whose queries are asked over whole windows, from the newest answers. Pure; called by measure-objectives.ts. */
import { type DataState, type Measurement, ratioWindow, unmeasuredWindow, type WindowMeasure } from "../measurement.js";
import type { Objective } from "../objective.js";
import { tierWindowsMs } from "../windows.js";
import { type AskedWindow, askedWindow, lengthAt } from "./asked-schedule.js";
import type { AskedAnswer, AskedValues } from "./asked-values.js";

/**
 * The measurement at `endMs`. Several clusters or shards stand beside each other with equal weight, and all must have answered. A window
 * has no coverage of its own: what of it a backend holds is not known.
 */
export function measureAsked(objective: Objective, groups: readonly AskedValues[], endMs: number): Measurement {
  const isFailed = objective.sli.kind === "RATIO" && objective.sli.ratioIs === "failed";
  const measure = (windowMs: number | null): WindowMeasure => {
    const window = askedWindow(objective, windowMs);
    return windowOf(window, answersAt(window, groups, endMs, "usable"), isFailed, endMs);
  };
  const lengths = tierWindowsMs(objective);
  const shortest = answersAt(askedWindow(objective, lengths[0] ?? null), groups, endMs, "newest");
  const { dataState, dataReason } = stateOf(shortest);
  return {
    objectiveId: objective.id,
    endMs,
    dataState,
    dataReason,
    windows: lengths.map(measure),
    period: measure(null),
    isApproximate: true,
  };
}

function answersAt(
  window: AskedWindow,
  groups: readonly AskedValues[],
  endMs: number,
  which: "newest" | "usable",
): readonly (AskedAnswer | null)[] {
  return groups.map((values) => values.read(window, endMs)?.[which] ?? null);
}

function windowOf(
  window: AskedWindow,
  answers: readonly (AskedAnswer | null)[],
  isFailed: boolean,
  endMs: number,
): WindowMeasure {
  const windowMs = lengthAt(window, endMs);
  const state = stateOf(answers).dataState;
  if (state === "UNKNOWN" || state === "NO_DATA") return unmeasuredWindow(windowMs, state);
  const numbers = answers.flatMap((answer) =>
    answer !== null && "value" in answer && typeof answer.value === "number" ? [answer.value] : [],
  );
  if (numbers.length === 0) return ratioWindow(windowMs, null, 1);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return ratioWindow(windowMs, isFailed ? mean : 1 - mean, 1);
}

function stateOf(answers: readonly (AskedAnswer | null)[]): {
  readonly dataState: DataState;
  readonly dataReason: string | null;
} {
  for (const answer of answers) {
    if (answer === null) {
      return { dataState: "UNKNOWN", dataReason: "The query has not been answered of late; it is asked again." };
    }
    if ("problem" in answer) return { dataState: "UNKNOWN", dataReason: answer.problem };
  }
  const values = answers.map((answer) => (answer !== null && "value" in answer ? answer.value : null));
  if (values.some((value) => typeof value === "number")) return { dataState: "OK", dataReason: null };
  if (values.includes("NaN"))
    return { dataState: "IDLE", dataReason: "The query gives no number: there were no events." };
  return { dataState: "NO_DATA", dataReason: "The metrics sources answered, and the query finds no series." };
}
