/** The scalar DateTime: RFC 3339 with an offset in, UTC with milliseconds out, epoch milliseconds inside. */
import { defineScalar } from "./define-scalar.js";

const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Epoch ms (finer fractions are cut off); null for text that is no instant: no offset, 30 February, hour 24. A leap second is the next second. */
export function parseDateTime(text: string): number | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, ...parts] = match;
  const [year, month, day, hour, minute, second] = parts.slice(0, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [fraction = "", sign, offsetHours = "0", offsetMinutes = "0"] = parts.slice(6);
  if (hour > 23 || minute > 59 || second > 60 || Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const localMs =
    date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.padEnd(3, "0").slice(0, 3));
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return sign === "-" ? localMs + offsetMs : localMs - offsetMs;
}

/** UTC with milliseconds; a fraction of a millisecond is cut off. */
export function formatDateTime(epochMs: number): string {
  return new Date(Math.floor(epochMs)).toISOString();
}

export const dateTimeScalar = defineScalar(
  "DateTime",
  parseDateTime,
  (value) => formatDateTime(Number(value)),
  'Write it by RFC 3339 with an offset: "2026-01-29T08:41:00Z" or "2026-01-29T09:41:00+01:00".',
);
