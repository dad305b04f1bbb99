/**
 * The port to the write-ahead outbox: what is to be sent is stored before it is sent, so that neither a crash nor a silent peer loses
 * or needlessly doubles it. Called by the notifiers; deliveries are put in with the evaluation that causes them.
 */
import type { Json } from "./json-text.js";

/**
 * QUEUED and FAILED wait for their turn; SENDING is under way; AMBIGUOUS may or may not have arrived and is looked up before it is
 * repeated; SENT and DEAD are final, DEAD until somebody asks to retry.
 */
export const deliveryStates = ["QUEUED", "SENDING", "SENT", "AMBIGUOUS", "FAILED", "DEAD"] as const;

/** One of {@link deliveryStates}. */
export type DeliveryState = (typeof deliveryStates)[number];

/** Something to send. */
export interface NewDelivery {
  /** Deterministic, so that putting it in twice is once: what the peer is told as `delivery_id`. */
  readonly id: string;
  /** Null for what belongs to no single incident (a storm's summary). */
  readonly incidentId: string | null;
  readonly channel: string;
  /** Deliveries of one lane go out one after the other, in the order they were put in: one lane per incident and channel. */
  readonly lane: string;
  /** A newer delivery of the same lane and key makes the waiting older ones pointless (edits); null: never. */
  readonly coalesceKey: string | null;
  readonly queuedAtMs: number;
  readonly payload: Json;
}

/** A delivery and how far it is. */
export interface StoredDelivery extends NewDelivery {
  readonly state: DeliveryState;
  /** Attempts begun. */
  readonly attempts: number;
  /** Start of the last attempt: where to look from when it is ambiguous. Null before the first. */
  readonly attemptedAtMs: number | null;
  readonly nextAttemptMs: number;
  readonly sentAtMs: number | null;
  /** What the peer answered (channel and ts of a message). */
  readonly receipt: Json;
  /** Why the last attempt did not succeed, for people, without secrets. */
  readonly error: string | null;
}

/** How an attempt ended. */
export type DeliveryOutcome =
  | { readonly state: "SENT"; readonly atMs: number; readonly receipt: Json }
  | { readonly state: "FAILED" | "AMBIGUOUS"; readonly nextAttemptMs: number; readonly error: string }
  | { readonly state: "DEAD"; readonly error: string };

/** The outbox. All methods reject with MESHLENS_ERR_STORE_* and have changed nothing then. */
export interface OutboxStore {
  /** Puts deliveries in; known ids are left as they are. `commitCycle` does the same in its transaction. */
  enqueue(deliveries: readonly NewDelivery[]): Promise<void>;
  /**
   * What may be attempted now: of each lane only its first unfinished delivery, when its time has come and it is not under way.
   * A dead delivery does not hold up its lane.
   */
  due(nowMs: number, limit: number): Promise<readonly StoredDelivery[]>;
  /** When the next delivery that is not due yet becomes so; null when none waits. */
  nextDueMs(nowMs: number): Promise<number | null>;
  /** Begins an attempt: false when another one got it first. Written before anything is sent. */
  begin(id: string, nowMs: number): Promise<boolean>;
  /** Ends the attempt under way; false when none is. */
  settle(id: string, outcome: DeliveryOutcome): Promise<boolean>;
  /**
   * At a start: attempts a crash cut short become AMBIGUOUS; says how many. Where another process made them, they may still be under way
   * for `underWayMs` after they began, and are looked up after that.
   */
  recover(nowMs: number, underWayMs?: number): Promise<number>;
  /** Queues a dead delivery anew; null when there is none of that id that is dead. */
  retry(id: string, nowMs: number): Promise<StoredDelivery | null>;
  byId(ids: readonly string[]): Promise<readonly (StoredDelivery | null)[]>;
  /** Deliveries per incident in the order they were put in. */
  deliveriesOf(incidentIds: readonly string[]): Promise<readonly (readonly StoredDelivery[])[]>;
  /** Deliveries of a lane in the order they were put in. */
  ofLane(lane: string): Promise<readonly StoredDelivery[]>;
  /** In these states, the last put in first; at most `limit`. */
  newest(states: readonly DeliveryState[], limit: number): Promise<readonly StoredDelivery[]>;
  /** Of no single incident, put in at or after an instant, in the order they were put in. */
  ofNoIncident(sinceMs: number): Promise<readonly StoredDelivery[]>;
  /** How many are in each state. */
  counts(): Promise<Readonly<Record<DeliveryState, number>>>;
  /** Deletes final deliveries put in before an instant; says how many. */
  prune(beforeMs: number): Promise<number>;
}
