/** Instants and steps as users write them on the command line. Pure; called by commands that take a range. */
import { DateTime } from "luxon";
import { durationMs } from "../config/duration.js";
import { UsageError } from "./command-line.js";

const dateOnly = /^\d{4}-\d\d-\d\d$/;
const withOffset = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i;

/**
 * Epoch ms of RFC 3339 with an offset, of a date (its first moment in UTC), or of `now`.
 * @throws UsageError that names the option and shows how to write it
 */
export function readInstant(option: string, text: string, nowMs: number): number {
  if (text === "now") return nowMs;
  const isKnown = dateOnly.test(text) || withOffset.test(text);
  const instant = isKnown ? DateTime.fromISO(text, { zone: "utc" }) : null;
  if (instant?.isValid === true) return instant.toMillis();
  throw new UsageError(
    `${option} ${JSON.stringify(text)} is no instant: write it with its offset such as 2026-01-29T08:41:00Z, as a day such as 2026-01-29, or now`,
  );
}

/** Length in ms of a step that is a multiple of `ofMs`. @throws UsageError */
export function readStep(option: string, text: string, ofMs: number, mostMs: number): number {
  const stepMs = durationMs(text);
  if (stepMs !== null && stepMs > 0 && stepMs <= mostMs && stepMs % ofMs === 0) return stepMs;
  throw new UsageError(
    `${option} ${JSON.stringify(text)} is no step: write a multiple of 30s up to ${mostMs / 3_600_000}h, such as 30s, 1m or 5m`,
  );
}
