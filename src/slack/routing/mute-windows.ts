/** Whether nothing is posted at an instant, by the mute windows of the configuration. Pure; time of day and day are those of each window's zone. */
import type { SlackConfig } from "../../config/slack-schema.js";

/** What is muted or not. */
export interface MutedThing {
  readonly severity: "PAGE" | "TICKET";
  readonly namespace: string;
}

/** Sunday first, as weekdays are counted. */
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** Whether one of the windows is open for it. */
export function isMuted(windows: SlackConfig["mute"], { severity, namespace }: MutedThing, atMs: number): boolean {
  return windows.some((window) => {
    const { severities, namespaces } = window;
    const isMeant = severities.some((one) => one.toUpperCase() === severity);
    return isMeant && (namespaces === undefined || namespaces.includes(namespace)) && isOpen(window, atMs);
  });
}

function isOpen({ from, to, days: wanted, timeZone }: SlackConfig["mute"][number], atMs: number): boolean {
  const { day, minute } = localTime(atMs, timeZone);
  const isWanted = (one: number) => wanted === undefined || wanted.some((name) => name === days[(one + 7) % 7]);
  const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)];
  if (fromMinute < toMinute) return minute >= fromMinute && minute < toMinute && isWanted(day);
  // Over midnight: the day is that on which it began.
  return (minute >= fromMinute && isWanted(day)) || (minute < toMinute && isWanted(day - 1));
}

function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}

function localTime(atMs: number, timeZone: string): { readonly day: number; readonly minute: number } {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return {
    day: (days as readonly string[]).indexOf(parts.get("weekday")?.toLowerCase() ?? ""),
    minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
  };
}
