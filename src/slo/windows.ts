/** Which stretches of time an objective asks for, and where calendar periods begin and end. */
import { DateTime } from "luxon";
import { MeshlensError } from "../errors.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import type { BurnTier } from "./burn-tier.js";
import type { Objective } from "./objective.js";
import { type CalendarUnit, nominalPeriodMs, type ObjectivePeriod } from "./period.js";

/** Lengths of all windows of an objective's tiers, each once, shortest first. */
export function tierWindowsMs({ alerting: { tiers } }: Pick<Objective, "alerting">): readonly number[] {
  let lengths = windowsOfTiers.get(tiers);
  if (lengths === undefined) {
    lengths = [...new Set(tiers.flatMap(({ shortMs, longMs }) => [shortMs, longMs]))].sort((a, b) => a - b);
    windowsOfTiers.set(tiers, lengths);
  }
  return lengths;
}

/** Asked for at every evaluation of every objective; most share their tiers. */
const windowsOfTiers = new WeakMap<readonly BurnTier[], readonly number[]>();

/** The stretch a budget is over at one instant. */
export interface PeriodWindow extends TimeWindow {
  /** When a calendar period is over and the budget is whole again; null for a rolling one. */
  readonly endsAtMs: number | null;
}

/**
 * The period so far at `atMs`: the last so many days, or since the calendar period began. At the instant a calendar period begins, the
 * period that ends there is meant, because windows are (from, to].
 * @throws MESHLENS_ERR_QUERY_INPUT for a zone that is no IANA name or an anchor that is no local date and time
 */
export function periodWindow(period: ObjectivePeriod, atMs: number): PeriodWindow {
  if (period.kind === "rolling") return { fromMs: atMs - period.durationMs, toMs: atMs, endsAtMs: null };
  const anchor = DateTime.fromISO(period.anchor, { zone: period.zone });
  if (!anchor.isValid) {
    throw new MeshlensError(
      "MESHLENS_ERR_QUERY_INPUT",
      `A calendar period needs an IANA zone such as Europe/Berlin and a start such as 2024-01-01T00:00:00, not ${JSON.stringify(period.zone)} and ${JSON.stringify(period.anchor)}.`,
      { at: "window" },
    );
  }
  const begin = (index: number) => plusUnits(anchor, period.unit, index * period.count).toMillis();
  // The nominal length lands within a period or two; the calendar itself has the last word.
  let index = Math.floor((atMs - anchor.toMillis()) / nominalPeriodMs(period));
  while (begin(index) >= atMs) index -= 1;
  while (begin(index + 1) < atMs) index += 1;
  return { fromMs: begin(index), toMs: atMs, endsAtMs: begin(index + 1) };
}

/** Counted from the anchor each time, so that 31 January plus a month plus a month is 31 March. */
function plusUnits(anchor: DateTime, unit: CalendarUnit, count: number): DateTime {
  switch (unit) {
    case "day":
      return anchor.plus({ days: count });
    case "week":
      return anchor.plus({ weeks: count });
    case "month":
      return anchor.plus({ months: count });
    case "quarter":
      return anchor.plus({ months: 3 * count });
    case "year":
      return anchor.plus({ years: count });
  }
}
