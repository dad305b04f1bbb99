/** An incident as messages tell it, for tests: a page of `ratings`, with what a test says differently. */
import type { IncidentSnapshot } from "../../src/alerting/incident-snapshot.js";
import type { StoredIncident } from "../../src/store/alert-store.js";
import { firedAtMs, makeEvidence } from "./evidence.js";

/** The snapshot; `of` changes the incident itself. */
export function makeSnapshot(
  differently: Partial<IncidentSnapshot> = {},
  of: Partial<StoredIncident> = {},
): IncidentSnapshot {
  const { burnConditions, goodCount, totalCount, budget } = makeEvidence();
  const state = differently.state ?? "FIRING";
  const severity = differently.severity ?? "PAGE";
  return {
    incident: {
      id: "o1-1-mm8t9k00",
      objectiveId: "o1",
      service: { cluster: "east", namespace: "bookinfo", name: "ratings" },
      state,
      severity,
      startedAtMs: firedAtMs - 60_000,
      recoveredAtMs: null,
      resolvedAtMs: null,
      payload: { objectiveName: "availability", summary: "it burns", dataState: "OK" },
      acknowledged: null,
      silence: null,
      ...of,
    },
    state,
    severity,
    objective: { name: "availability", terms: "99.9 % of calls over 30d", badWords: "Failed calls" },
    labels: {},
    summary: "ratings.bookinfo burns its availability budget 18 times too fast (1h/5m)",
    firedAtMs,
    turnedAtMs: firedAtMs,
    burnConditions,
    goodCount,
    totalCount,
    budget,
    ...differently,
  };
}
