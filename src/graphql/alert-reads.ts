/** Reads of the alerting room for one operation: what a list asks of each of its incidents and objectives is one question. */
import DataLoader from "dataloader";
import type { ObjectiveStatus } from "../alerting/alert-board.js";
import type { AlertDesk, Delivery } from "../alerting/alert-desk.js";
import type { AlertTransition } from "../alerting/alert-state.js";
import type { Evidence } from "../alerting/evidence.js";
import type { ObjectiveHistory } from "../slo/objective-history.js";
import type { Clock } from "../telemetry/clock.js";
import { groupBy } from "../telemetry/group-by.js";
import type { TimeWindow } from "../telemetry/time-window.js";

/** The reads. */
export interface AlertReads {
  readonly desk: AlertDesk;
  readonly clock: Clock;
  transitionsOf(incidentId: string): Promise<readonly AlertTransition[]>;
  evidenceOf(incidentId: string): Promise<Evidence | null>;
  deliveriesOf(incidentId: string): Promise<readonly Delivery[]>;
  history(status: ObjectiveStatus, window: TimeWindow, maxPoints: number): Promise<ObjectiveHistory | null>;
}

interface HistoryKey {
  readonly status: ObjectiveStatus;
  readonly window: TimeWindow;
  readonly maxPoints: number;
}

/** Reads that batch and keep nothing: a socket's operations outlive the answers. */
export function createAlertReads(desk: AlertDesk, clock: Clock): AlertReads {
  const keepNothing = { cache: false };
  const transitions = new DataLoader((ids: readonly string[]) => desk.transitionsOf(ids), keepNothing);
  const evidence = new DataLoader((ids: readonly string[]) => desk.evidenceOf(ids), keepNothing);
  const deliveries = new DataLoader((ids: readonly string[]) => desk.deliveriesOf(ids), keepNothing);
  const histories = new DataLoader((keys: readonly HistoryKey[]) => readHistories(desk, keys), keepNothing);
  return {
    desk,
    clock,
    transitionsOf: (id) => transitions.load(id),
    evidenceOf: (id) => evidence.load(id),
    deliveriesOf: (id) => deliveries.load(id),
    history: (status, window, maxPoints) => histories.load({ status, window, maxPoints }),
  };
}

/** Histories over one window are one walk through the counts. */
async function readHistories(desk: AlertDesk, keys: readonly HistoryKey[]) {
  const found = new Map<HistoryKey, ObjectiveHistory | null>();
  const alike = groupBy(keys, ({ window, maxPoints }) => `${window.fromMs} ${window.toMs} ${maxPoints}`);
  for (const group of alike.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const statuses = group.map(({ status }) => status);
    const read = await desk.histories(statuses, first.window, first.maxPoints);
    group.forEach((key, i) => {
      found.set(key, read[i] ?? null);
    });
  }
  return keys.map((key) => found.get(key) ?? null);
}
