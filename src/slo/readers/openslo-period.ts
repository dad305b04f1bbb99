/** OpenSLO's time windows and duration-shorthand → periods. */
import type { CalendarUnit, ObjectivePeriod } from "../period.js";
import type { TimeWindow } from "./openslo-schema.js";
import type { Report } from "./report.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

interface Shorthand {
  readonly count: number;
  readonly unit: "m" | "h" | "d" | "w" | "M" | "Q" | "Y";
}

const lengthsMs: Readonly<Record<Shorthand["unit"], number>> = {
  m: minuteMs,
  h: hourMs,
  d: dayMs,
  w: 7 * dayMs,
  M: 30 * dayMs,
  Q: 91 * dayMs,
  Y: 365 * dayMs,
};
const calendarUnits: Readonly<Partial<Record<Shorthand["unit"], CalendarUnit>>> = {
  d: "day",
  w: "week",
  M: "month",
  Q: "quarter",
  Y: "year",
};

/** `5m`, `4w`, `1M`; null for anything else. Case matters: `m` is a minute, `M` a month. */
export function parseShorthand(text: string): Shorthand | null {
  const match = /^([1-9]\d{0,5})([mhdwMQY])$/.exec(text.trim());
  return match === null ? null : { count: Number(match[1]), unit: match[2] as Shorthand["unit"] };
}

/** Length of a shorthand, ms; a month is 30 days, a quarter 91, a year 365. Null for text that is none. */
export function shorthandMs(text: string): number | null {
  const parsed = parseShorthand(text);
  return parsed === null ? null : parsed.count * lengthsMs[parsed.unit];
}

/** The period of a time window; null when something was reported that leaves none. */
export function periodOf({ duration, isRolling, calendar }: TimeWindow, report: Report): ObjectivePeriod | null {
  const parsed = parseShorthand(duration);
  if (parsed === null) {
    report("error", "SLO_WINDOW", ["duration"], "must be a number and one of m h d w M Q Y, such as 28d or 1M");
    return null;
  }
  if (calendar === undefined) {
    if (isRolling === false) {
      report(
        "error",
        "SLO_WINDOW",
        [],
        "is not rolling and has no calendar: write isRolling: true, or calendar with startTime and timeZone",
      );
      return null;
    }
    return rolling(parsed, report);
  }
  if (isRolling === true) {
    report("error", "SLO_WINDOW", ["calendar"], "is rolling and has a calendar: leave one of them out");
    return null;
  }
  const unit = calendarUnits[parsed.unit];
  if (unit === undefined) {
    const meant = parsed.unit === "m" ? `; a month is ${parsed.count}M` : "";
    report(
      "error",
      "SLO_WINDOW",
      ["duration"],
      `a calendar has no ${parsed.unit === "m" ? "minutes" : "hours"}: write d, w, M, Q or Y${meant}`,
    );
    return null;
  }
  const anchor = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?Z?$/.exec(calendar.startTime.trim());
  if (anchor === null) {
    report("error", "SLO_WINDOW", ["calendar", "startTime"], "must be YYYY-MM-DD HH:MM:SS");
    return null;
  }
  const start = `${anchor[1]}T${anchor[2] ?? "00:00:00"}`;
  return {
    kind: "calendar",
    unit,
    count: parsed.count,
    zone: calendar.timeZone,
    anchor: start.length === 16 ? `${start}:00` : start,
  };
}

function rolling({ count, unit }: Shorthand, report: Report): ObjectivePeriod | null {
  const lengthMs = count * lengthsMs[unit];
  if (lengthMs < hourMs || lengthMs > 366 * dayMs) {
    const meant = unit === "m" ? `; a month is ${count}M` : "";
    report("error", "SLO_WINDOW", ["duration"], `must be 1h to 366d${meant}`);
    return null;
  }
  if ("MQY".includes(unit)) {
    const days = lengthMs / dayMs;
    report(
      "warning",
      "SLO_WINDOW",
      ["duration"],
      `months, quarters and years that roll have no one length: read as ${days} days; write ${days}d`,
    );
  }
  return { kind: "rolling", durationMs: lengthMs };
}
