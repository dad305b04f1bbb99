/** Stored JSON → an alert state, for every version released. Called by whoever loads states from the store. */
import { z } from "zod";
import type { AlertState, SeverityState } from "./alert-state.js";

const instant = z.number().nullable();
const severity = z.enum(["PAGE", "TICKET"]);
const severityState = z.strictObject({
  isActive: z.boolean(),
  metMs: z.number().min(0).nullable(),
  clearMs: z.number().min(0).nullable(),
});

const version1 = z.strictObject({
  version: z.literal(1),
  objectiveId: z.string(),
  evaluatedAtMs: instant,
  dataState: z.enum(["OK", "IDLE", "NO_DATA", "UNKNOWN"]),
  dataSinceMs: instant,
  severities: z.strictObject({ PAGE: severityState, TICKET: severityState }),
  incident: z
    .strictObject({
      id: z.string(),
      state: z.enum(["PENDING", "FIRING", "RECOVERING"]),
      severity,
      startedAtMs: z.number(),
      firedAtMs: instant,
      recoveredAtMs: instant,
      quickestShortMs: z.number().gt(0),
      turningMs: z.number().min(0).nullable(),
      transitionCount: z.int().min(1),
    })
    .nullable(),
  incidentCount: z.int().min(0),
  ruled: z.exactOptional(severity),
}) satisfies z.ZodType<AlertState>;

/** The state; null for anything that no version of Meshlens wrote, which the caller must not take for "no incident". */
export function readAlertState(stored: unknown): AlertState | null {
  const parsed = version1.safeParse(stored);
  return parsed.success ? parsed.data : null;
}

/** Whether nothing but the time of the evaluation differs, so that it need not be written again. */
export function isSameButTime(a: AlertState, b: AlertState): boolean {
  return (
    a.dataState === b.dataState &&
    a.dataSinceMs === b.dataSinceMs &&
    a.incidentCount === b.incidentCount &&
    a.ruled === b.ruled &&
    isSameSeverity(a.severities.PAGE, b.severities.PAGE) &&
    isSameSeverity(a.severities.TICKET, b.severities.TICKET) &&
    (a.incident === b.incident || JSON.stringify(a.incident) === JSON.stringify(b.incident))
  );
}

function isSameSeverity(a: SeverityState, b: SeverityState): boolean {
  return a.isActive === b.isActive && a.metMs === b.metMs && a.clearMs === b.clearMs;
}
