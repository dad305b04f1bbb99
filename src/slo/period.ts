/** The period an objective is over: the last so many days, or a calendar's week, month, quarter or year in a time zone. */

/** Units a calendar period is counted in. */
export type CalendarUnit = "day" | "week" | "month" | "quarter" | "year";

/** A period. Calendar periods begin at `anchor` and every `count` units after (and before) it, by the wall clock of `zone`. */
export type ObjectivePeriod =
  | { readonly kind: "rolling"; readonly durationMs: number }
  | {
      readonly kind: "calendar";
      readonly unit: CalendarUnit;
      /** Whole, at least 1. */
      readonly count: number;
      /** IANA name such as `Europe/Berlin`. */
      readonly zone: string;
      /** Local date and time in `zone`, ISO 8601 without offset. */
      readonly anchor: string;
    };

/** A Monday that is also the first of a month, a quarter and a year: the anchor of calendar periods that name none. */
export const commonAnchor = "2024-01-01T00:00:00";

const dayMs = 86_400_000;
const nominalDays: Readonly<Record<CalendarUnit, number>> = { day: 1, week: 7, month: 30, quarter: 91, year: 365 };

/** Length a period has for burn rates, so that thresholds do not change from month to month: a month is 30 days, a quarter 91, a year 365. */
export function nominalPeriodMs(period: ObjectivePeriod): number {
  return period.kind === "rolling" ? period.durationMs : nominalDays[period.unit] * period.count * dayMs;
}
