/** A deterministic row of evaluations for crash tests: cycle n moves objective n mod 3 on, and opens or resolves its incident. */
import type { CycleCommit, LoadedState } from "../../src/store/alert-store.js";

const objectives = 3;
const startMs = Date.UTC(2026, 10, 1);

/** Evaluation n, from 1 on. */
export function alertCycle(n: number): CycleCommit {
  const objectiveId = `objective-${n % objectives}`;
  const seq = Math.ceil(n / objectives);
  const opened = seq % 2 === 1 ? seq : seq - 1;
  const incidentId = `${objectiveId}/${opened}`;
  const atMs = startMs + n * 1_000;
  const state = seq % 2 === 1 ? "FIRING" : "RESOLVED";
  return {
    evaluatedAtMs: atMs,
    states: [{ objectiveId, seq, state: { state, cycle: n } }],
    transitions: [{ objectiveId, seq, incidentId, atMs, payload: { to: state, cycle: n, filler: "x".repeat(200) } }],
    incidents: [
      {
        id: incidentId,
        objectiveId,
        service: { cluster: "default", namespace: "shop", name: objectiveId },
        state,
        severity: "PAGE",
        startedAtMs: startMs + ((opened - 1) * objectives + (n % objectives || objectives)) * 1_000,
        recoveredAtMs: null,
        resolvedAtMs: state === "RESOLVED" ? atMs : null,
        payload: null,
      },
    ],
    removedObjectives: [],
    evidence: [],
  };
}

/** The last cycle a store holds, found as the evaluator finds where to go on; 0 for none. */
export function lastCycle({ evaluatedAtMs }: LoadedState): number {
  return evaluatedAtMs === null ? 0 : (evaluatedAtMs - startMs) / 1_000;
}
