/** The tables as Kysely sees them; made by `migrations.ts`. Instants are epoch ms, JSON is text, the same in both databases. */
import type { Generated } from "kysely";
import type { DeliveryState } from "./outbox-store.js";

/** Bytes as a driver hands them out: Buffer from PostgreSQL, ArrayBuffer from libsql. */
export type StoredBytes = Uint8Array | ArrayBuffer;

interface SliScope {
  id: Generated<number>;
  name: string;
}

interface SliSeries {
  id: Generated<number>;
  scope_id: number;
  key: string;
  /** Not older than a day behind its last count. */
  seen_ms: number;
}

interface SliBlock {
  scope_id: number;
  start_ms: number;
  step_ms: number;
  bucket_count: number;
  payload: StoredBytes;
}

interface SliCovered {
  scope_id: number;
  from_ms: number;
  to_ms: number;
}

interface ObjectiveState {
  objective_id: string;
  seq: number;
  /** JSON; "null" for a removed objective. */
  state: string;
}

interface AlertTransition {
  objective_id: string;
  seq: number;
  incident_id: string | null;
  at_ms: number;
  payload: string;
}

/** Columns of an incident; the last five are people's and no evaluation touches them. */
export interface IncidentRow {
  id: string;
  objective_id: string;
  cluster: string;
  namespace: string;
  service: string;
  state: string;
  severity: string;
  started_ms: number;
  recovered_ms: number | null;
  resolved_ms: number | null;
  payload: string;
  acknowledged_by: string | null;
  acknowledged_ms: number | null;
  silenced_by: string | null;
  silenced_ms: number | null;
  silenced_until_ms: number | null;
}

interface Evidence {
  incident_id: string;
  taken_ms: number;
  payload: string;
}

interface Evaluation {
  /** One row, named `all`. */
  name: string;
  evaluated_ms: number;
}

/** Columns of a delivery; `position` orders a lane. */
export interface DeliveryRow {
  position: Generated<number>;
  id: string;
  incident_id: string | null;
  channel: string;
  lane: string;
  coalesce_key: string | null;
  state: DeliveryState;
  payload: string;
  queued_ms: number;
  attempts: number;
  attempted_ms: number | null;
  next_attempt_ms: number;
  sent_ms: number | null;
  receipt: string;
  error: string | null;
}

interface WorkloadChangeRow {
  source: string;
  id: string;
  at_ms: number;
  payload: string;
}

interface WorkloadObjectRow {
  source: string;
  key: string;
  payload: string;
}

interface AskedAnswer {
  source_group: string;
  key: string;
  query: string;
  at_ms: number;
  /** A number, "NaN", an infinity; null: the query found no series. */
  value: string | null;
}

interface RulerAlertRow {
  key: string;
  starts_ms: number;
  ends_ms: number | null;
  heard_ms: number;
  /** 1 until an incident was moved by it. */
  is_new: number;
  payload: string;
}

interface RulerSilenceRow {
  incident_id: string;
  silence_id: string;
}

interface SchemaVersion {
  version: number;
  applied_ms: number;
  /** Null in rows from before version 5: only that version itself. */
  oldest_reader: Generated<number | null>;
}

/** Who does what only one copy may do. */
export interface LeaseRow {
  name: string;
  holder: string;
  /** One more with each taking. */
  epoch: number;
  /** By the database's clock; 0 when it was given back. */
  until_ms: number;
}

interface CopyRow {
  id: string;
  /** Of the package. */
  version: string;
  /** The newest version of the tables it knows. */
  schema_version: number;
  until_ms: number;
  /** 0: it knows no shards; 1: it takes some; 2: none for now. Where it leads and this is not 0, it leaves them to their holders. */
  takes_shards: Generated<number>;
}

interface ErrandRow {
  position: Generated<number>;
  kind: string;
  incident_id: string;
}

interface SharedPage {
  name: string;
  at_ms: number;
  payload: StoredBytes;
}

/** All tables. */
export interface Tables {
  schema_version: SchemaVersion;
  sli_scope: SliScope;
  sli_series: SliSeries;
  sli_block: SliBlock;
  sli_covered: SliCovered;
  objective_state: ObjectiveState;
  alert_transition: AlertTransition;
  incident: IncidentRow;
  evidence: Evidence;
  evaluation: Evaluation;
  delivery: DeliveryRow;
  workload_change: WorkloadChangeRow;
  workload_object: WorkloadObjectRow;
  asked_answer: AskedAnswer;
  ruler_alert: RulerAlertRow;
  ruler_silence: RulerSilenceRow;
  lease: LeaseRow;
  copy: CopyRow;
  errand: ErrandRow;
  shared_page: SharedPage;
}

/** Bytes of either driver as a Uint8Array, not copied. */
export function asBytes(bytes: StoredBytes): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
}
