/** What an objective asks, in a few words for people. Pure; for messages. */
import { formatDuration } from "../slo/format-duration.js";
import type { Objective } from "../slo/objective.js";

/** Such as `99.9 % of calls over 30d`. */
export function objectiveTerms({ sli, target, period }: Pick<Objective, "sli" | "target" | "period">): string {
  const share = `${Number((target.ratio * 100).toPrecision(12))} %`;
  const over = period.kind === "rolling" ? formatDuration(period.durationMs) : calendarWords(period);
  return `${goodWords(sli, share)} over ${over}`;
}

/** What an objective counts against its budget, as the name of a figure: `Failed calls`, `Slow calls (over 500 ms)`. */
export function badWords(sli: Objective["sli"]): string {
  switch (sli.kind) {
    case "AVAILABILITY":
      return "Failed calls";
    case "LATENCY":
      return `Slow calls (over ${lengthWords(sli.thresholdMs)})`;
    case "CONNECTIONS":
      return "Failed connections";
    case "EVENTS":
      return "Bad events";
    case "RATIO":
      return "Bad share";
    case "GAUGE":
      return "Bad samples";
  }
}

function lengthWords(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}

function goodWords(sli: Objective["sli"], share: string): string {
  switch (sli.kind) {
    case "AVAILABILITY":
      return `${share} of calls`;
    case "LATENCY":
      return `${share} of calls within ${formatDuration(sli.thresholdMs)}`;
    case "CONNECTIONS":
      return `${share} of connections`;
    case "EVENTS":
      return `${share} of events`;
    case "RATIO":
      return `a ratio of ${share}`;
    case "GAUGE":
      return `${share} of samples`;
  }
}

function calendarWords({ unit, count, zone }: Extract<Objective["period"], { readonly kind: "calendar" }>): string {
  return `${count === 1 ? `a calendar ${unit}` : `${count} calendar ${unit}s`} (${zone})`;
}
