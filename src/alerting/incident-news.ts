/**
 * Tells what happens to incidents: asks what is to be sent because of it and stores both in one transaction. One thing after the other, so
 * that no message says less than one before it. Made by the composition root; called by the evaluator, the gathering of evidence and the desk.
 */
import { errorBudget } from "../slo/error-budget.js";
import type { AlertStore, CycleCommit, StoredEvidence, StoredIncident } from "../store/alert-store.js";
import type { NewDelivery, OutboxStore } from "../store/outbox-store.js";
import type { Clock } from "../telemetry/clock.js";
import { seeAll } from "../telemetry/visibility.js";
import type { AlertBoard } from "./alert-board.js";
import type { AlertTransition } from "./alert-state.js";
import type { CommittedChange } from "./cycle-draft.js";
import type { Evidence } from "./evidence.js";
import { type IncidentSnapshot, incidentSnapshot } from "./incident-snapshot.js";
import { evidenceOfRow, plainJson, readTransition } from "./stored-alert.js";

/**
 * FIRED: the first news. EVIDENCE: evidence was gathered, or gathered anew. ESCALATED: a ticket became a page. RESOLVED: over.
 * CHANGED: anything else that is shown (recovering, burning again, a milder severity, somebody looks after it).
 */
export type Moment = "FIRED" | "EVIDENCE" | "ESCALATED" | "CHANGED" | "RESOLVED";

/** Something that is news. */
export interface IncidentEvent {
  readonly moment: Moment;
  /** Tells this moment from others of its incident, and is the same should it be told twice: a transition's sequence, an evidence's time. */
  readonly number: number;
  readonly atMs: number;
  readonly snapshot: IncidentSnapshot;
  /** Null while it is being gathered. */
  readonly evidence: Evidence | null;
}

/** What it is made of. */
export interface IncidentNewsDeps {
  readonly alerts: AlertStore;
  readonly outbox: Pick<OutboxStore, "enqueue">;
  readonly board: Pick<AlertBoard, "byId">;
  readonly clock: Clock;
  /** What is to be sent because of events, in order. @throws MESHLENS_ERR_STORE_* */
  readonly deliveriesFor: (events: readonly IncidentEvent[]) => Promise<readonly NewDelivery[]>;
  /** Incidents that were held back and may be told now; asked for with each evaluation. */
  readonly due: () => readonly string[];
  /** Called once before anything else, with the open incidents that have fired. @throws MESHLENS_ERR_STORE_* */
  readonly restore: (open: readonly IncidentSnapshot[]) => Promise<void>;
  /** Something is in the outbox. */
  readonly onQueued: () => void;
}

/** The news desk. All methods reject with MESHLENS_ERR_STORE_* and have changed nothing then. */
export interface IncidentNews {
  /** Stores an evaluation with its messages. */
  commitCycle(commit: CycleCommit, changes: readonly CommittedChange[]): Promise<void>;
  /** Stores evidence with its messages. */
  saveEvidence(incidentId: string, evidence: Evidence): Promise<void>;
  /** An incident as it is stored now; null for one that is not, or never fired. */
  snapshotOf(incidentId: string): Promise<IncidentSnapshot | null>;
  /** Somebody did something to an incident that its messages show. */
  changedByHand(incident: Pick<StoredIncident, "id">): Promise<void>;
}

/** Of those held back in one evaluation. */
const mostReleased = 200;

/** The desk. */
export function createIncidentNews(deps: IncidentNewsDeps): IncidentNews {
  const { alerts, outbox, board, clock, deliveriesFor, due, restore, onQueued } = deps;
  let last: Promise<unknown> = Promise.resolve();
  let isRestored = false;
  /** After everything that was begun before it. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const begun = async () => {
      if (!isRestored) await restore(await openSnapshots());
      isRestored = true;
      return work();
    };
    const done = last.then(begun, begun);
    last = done;
    return done;
  };

  async function eventsOf(changes: readonly CommittedChange[]): Promise<readonly IncidentEvent[]> {
    const told = changes.flatMap((change) => {
      const moment = momentOf(change);
      return moment === null ? [] : [{ ...change, moment }];
    });
    const ids = [...new Set(told.map(({ incident }) => incident.id))];
    const places = new Map(ids.map((id, at) => [id, at]));
    if (ids.length === 0) return [];
    const [stored, courses, evidence] = await Promise.all([
      alerts.incidentsById(ids, seeAll),
      alerts.transitionsOf(ids),
      alerts.evidenceOf(ids),
    ]);
    return told.flatMap(({ moment, transition, incident, subject }) => {
      const at = places.get(incident.id) ?? -1;
      const { acknowledged = null, silence = null } = stored[at] ?? {};
      const before = (courses[at] ?? []).map(readTransition).filter(({ sequence }) => sequence < transition.sequence);
      const snapshot = incidentSnapshot({
        incident: { ...incident, acknowledged, silence },
        transitions: [...before, ...transitionsUpTo(changes, transition)],
        objective: subject?.objective ?? null,
        budget: subject === null ? null : errorBudget(subject.objective, subject.measurement),
      });
      if (snapshot === null) return [];
      const known = gathered(evidence[at]);
      return [{ moment, number: transition.sequence, atMs: transition.atMs, snapshot, evidence: known }];
    });
  }

  async function snapshotNow(incidentId: string): Promise<IncidentSnapshot | null> {
    const [[incident], [course]] = await Promise.all([
      alerts.incidentsById([incidentId], seeAll),
      alerts.transitionsOf([incidentId]),
    ]);
    return incident == null ? null : snapshotFrom(incident, (course ?? []).map(readTransition));
  }

  async function evidenceNow(incidentId: string): Promise<Evidence | null> {
    const [row] = await alerts.evidenceOf([incidentId]);
    return gathered(row);
  }

  async function openSnapshots(): Promise<readonly IncidentSnapshot[]> {
    const { openIncidents } = await alerts.load();
    const fired = openIncidents.filter(({ state }) => state !== "PENDING");
    const courses = await alerts.transitionsOf(fired.map(({ id }) => id));
    return fired.flatMap((incident, at) => snapshotFrom(incident, (courses[at] ?? []).map(readTransition)) ?? []);
  }

  function snapshotFrom(incident: StoredIncident, transitions: readonly AlertTransition[]): IncidentSnapshot | null {
    const status = board.byId(incident.objectiveId);
    const [objective, budget] = [status?.objective ?? null, status?.budget ?? null];
    const snapshot = incidentSnapshot({ incident, transitions, objective, budget });
    return snapshot === null || snapshot.firedAtMs === null ? null : snapshot;
  }

  /** The first news of what was held back, unless it changes just now: that is told by itself. */
  async function releasedBut(changing: ReadonlySet<string>): Promise<readonly IncidentEvent[]> {
    const events: IncidentEvent[] = [];
    for (const id of due()
      .filter((one) => !changing.has(one))
      .slice(0, mostReleased)) {
      const snapshot = await snapshotNow(id);
      const isOpen = snapshot?.state === "FIRING" || snapshot?.state === "RECOVERING";
      if (snapshot === null || !isOpen) continue;
      const evidence = await evidenceNow(id);
      const number = snapshot.turnedAtMs ?? snapshot.incident.startedAtMs;
      events.push({ moment: "FIRED", number, atMs: clock.nowMs(), snapshot, evidence });
    }
    return events;
  }

  return {
    commitCycle: (commit, changes) =>
      inOrder(async () => {
        const released = await releasedBut(new Set(changes.map(({ incident }) => incident.id)));
        const deliveries = await deliveriesFor([...released, ...(await eventsOf(changes))]);
        await alerts.commitCycle({ ...commit, deliveries });
        if (deliveries.length > 0) onQueued();
      }),

    saveEvidence: (incidentId, evidence) =>
      inOrder(async () => {
        const snapshot = await snapshotNow(incidentId);
        const event = { moment: "EVIDENCE", number: evidence.takenAtMs, atMs: clock.nowMs(), evidence } as const;
        const deliveries = snapshot === null ? [] : await deliveriesFor([{ ...event, snapshot }]);
        const row = { incidentId, takenAtMs: evidence.takenAtMs, payload: plainJson(evidence) };
        await alerts.saveEvidence(row, deliveries);
        if (deliveries.length > 0) onQueued();
      }),

    snapshotOf: snapshotNow,

    changedByHand: ({ id }) =>
      inOrder(async () => {
        const snapshot = await snapshotNow(id);
        if (snapshot === null) return;
        const evidence = await evidenceNow(id);
        const atMs = clock.nowMs();
        const deliveries = await deliveriesFor([{ moment: "CHANGED", number: atMs, atMs, snapshot, evidence }]);
        await outbox.enqueue(deliveries);
        if (deliveries.length > 0) onQueued();
      }),
  };
}

/** What a change is to people; null for what nobody was told of: before it fired, and the end of what never did. */
export function momentOf({
  transition,
  severityBefore,
}: Pick<CommittedChange, "transition" | "severityBefore">): Moment | null {
  const { from, to, severity } = transition;
  if (to === "PENDING") return null;
  if (from === null || from === "PENDING") return to === "FIRING" ? "FIRED" : null;
  if (to === "RESOLVED") return "RESOLVED";
  return to === "FIRING" && severityBefore === "TICKET" && severity === "PAGE" ? "ESCALATED" : "CHANGED";
}

/** The incident's transitions of one evaluation up to one of them. */
function transitionsUpTo(changes: readonly CommittedChange[], { incidentId, sequence }: AlertTransition) {
  return changes
    .map(({ transition }) => transition)
    .filter((one) => one.incidentId === incidentId && one.sequence <= sequence);
}

function gathered(row: StoredEvidence | null | undefined): Evidence | null {
  const evidence = row == null ? null : evidenceOfRow(row);
  return evidence?.isGathered === true ? evidence : null;
}
