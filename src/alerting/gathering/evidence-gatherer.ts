/**
 * Gathers evidence of incidents in the background: a few at a time, each incident once, what a crash cut short again. Made by the
 * composition root; told by the evaluator and by whoever presses refresh.
 */
import type { AlertStore } from "../../store/alert-store.js";
import type { Clock } from "../../telemetry/clock.js";
import { begunEvidence, type Evidence } from "../evidence.js";
import { type IncidentSnapshot, turnedAtMs } from "../incident-snapshot.js";
import { evidenceOfRow, readTransition } from "../stored-alert.js";

/** What it needs. */
export interface GathererDeps {
  readonly alerts: Pick<AlertStore, "load" | "evidenceOf" | "transitionsOf">;
  readonly clock: Clock;
  /** An incident as it is; null when it never fired or is not known. */
  readonly snapshotOf: (incidentId: string) => Promise<IncidentSnapshot | null>;
  /** Never rejects. */
  readonly gather: (snapshot: IncidentSnapshot, toMs: number) => Promise<Evidence>;
  readonly save: (incidentId: string, evidence: Evidence) => Promise<void>;
  /** The store failed, or a fault of ours; the incident stays without, and is tried again after a restart. */
  readonly onFailed: (error: unknown, incidentId: string) => void;
}

/** The gatherer. */
export interface EvidenceGatherer {
  /** An incident fired or got worse. */
  fired(incidentId: string): void;
  /** Somebody wants it anew. */
  refresh(incidentId: string): void;
  /** After a start: open incidents whose evidence is not there, or older than their last turn for the worse. @throws MESHLENS_ERR_STORE_* */
  resume(): Promise<void>;
  /** Lets what is under way end, within its deadline; what waits is taken up by `resume` after the next start. */
  close(): Promise<void>;
}

/** So many at a time: each asks every pillar. */
const atOnce = 4;
/** Incidents that may wait; of a storm's others nothing is asked, because it would come when it is over. */
const mostWaiting = 16;

/** One. */
export function createEvidenceGatherer(deps: GathererDeps): EvidenceGatherer {
  const { alerts, clock, snapshotOf, gather, save, onFailed } = deps;
  const waiting = new Map<string, "FIRED" | "REFRESH" | "LEFT_OUT">();
  /** Of those that wait. */
  let firedCount = 0;
  const underWay = new Map<string, Promise<void>>();
  /** Told of before `resume` has looked, which does not know yet that they are seen to; null after it. */
  let toldEarly: Set<string> | null = new Set();
  let isClosed = false;

  function want(incidentId: string, why: "FIRED" | "REFRESH"): void {
    if (isClosed) return;
    toldEarly?.add(incidentId);
    const isFull = why === "FIRED" && firedCount >= mostWaiting;
    const next = isFull ? "LEFT_OUT" : why;
    firedCount += Number(next === "FIRED") - Number(waiting.get(incidentId) === "FIRED");
    waiting.set(incidentId, next);
    // Not at once: whoever tells has still to bring its own state up to date.
    setImmediate(startNext);
  }

  function startNext(): void {
    for (const [incidentId, why] of waiting) {
      if (isClosed || underWay.size >= atOnce) return;
      if (underWay.has(incidentId)) continue;
      waiting.delete(incidentId);
      firedCount -= Number(why === "FIRED");
      const work = one(incidentId, why)
        .catch((error: unknown) => onFailed(error, incidentId))
        .then(() => {
          underWay.delete(incidentId);
          startNext();
        });
      underWay.set(incidentId, work);
    }
  }

  async function one(incidentId: string, why: "FIRED" | "REFRESH" | "LEFT_OUT"): Promise<void> {
    const snapshot = await snapshotOf(incidentId);
    if (snapshot === null) return;
    const nowMs = clock.nowMs();
    const firedAtMs = snapshot.turnedAtMs ?? nowMs;
    const evidence =
      why === "LEFT_OUT" ? leftOut(snapshot, nowMs) : await gather(snapshot, why === "REFRESH" ? nowMs : firedAtMs);
    await save(incidentId, evidence);
  }

  return {
    fired: (incidentId) => want(incidentId, "FIRED"),
    refresh: (incidentId) => want(incidentId, "REFRESH"),
    async resume() {
      const { openIncidents } = await alerts.load();
      const ids = openIncidents.filter(({ state }) => state !== "PENDING").map(({ id }) => id);
      const [rows, courses] = await Promise.all([alerts.evidenceOf(ids), alerts.transitionsOf(ids)]);
      for (const [at, id] of ids.entries()) {
        const row = rows[at] ?? null;
        const turnedMs = turnedAtMs((courses[at] ?? []).map(readTransition)) ?? 0;
        const isThere = row !== null && evidenceOfRow(row).isGathered && row.takenAtMs >= turnedMs;
        if (!isThere && toldEarly?.has(id) !== true) want(id, "FIRED");
      }
      toldEarly = null;
    },
    async close() {
      isClosed = true;
      waiting.clear();
      await Promise.all(underWay.values());
    },
  };
}

/** What is kept of an incident among too many. */
function leftOut({ burnConditions, goodCount, totalCount, budget }: IncidentSnapshot, atMs: number): Evidence {
  const begun = begunEvidence({ atMs, burnConditions, goodCount, totalCount });
  const message = "Too many incidents at once: refresh the evidence of this one where it is wanted.";
  return {
    ...begun,
    isGathered: true,
    budget,
    missing: begun.missing.map((one) => ({ ...one, state: "RATE_LIMITED", message })),
  };
}
