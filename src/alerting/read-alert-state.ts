/** Stored JSON → an alert state, for every version released. Called by whoever loads states from the store. */
import { z } from "zod";
import type { AlertState } from "./alert-state.js";

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
}) satisfies z.ZodType<AlertState>;

/** The state; null for anything that no version of Meshlens wrote, which the caller must not take for "no incident". */
export function readAlertState(stored: unknown): AlertState | null {
  const parsed = version1.safeParse(stored);
  return parsed.success ? parsed.data : null;
}
