/** What of an evaluation is written to the store, and read back from there. The payloads' one definition; called by the cycle and by the surfaces. */
import { z } from "zod";
import { MeshlensError } from "../errors.js";
import type { DataState } from "../slo/measurement.js";
import type { IncidentRecord, StoredEvidence, StoredTransition } from "../store/alert-store.js";
import type { Json } from "../store/json-text.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { AlertTransition, OpenIncident } from "./alert-state.js";
import { begunEvidence, type Evidence } from "./evidence.js";
import { readEvidence } from "./read-evidence.js";

/** What lists show of an incident beside its columns. */
export interface IncidentFacts {
  readonly objectiveName: string;
  /** One sentence for people, as of the last transition. */
  readonly summary: string;
  /** As of the last transition. */
  readonly dataState: DataState;
  /** Of an incident of an alert of Alertmanager's own, of no objective; left out for others. */
  readonly alert?: ForeignAlert;
}

/** What is kept of an alert that no objective of ours raised. */
export interface ForeignAlert {
  /** What all its alerts have in common; routes match them. */
  readonly labels: Readonly<Record<string, string>>;
  /** The rule in Prometheus; null where none was told. */
  readonly url: string | null;
}

const severity = z.enum(["PAGE", "TICKET"]);
const state = z.enum(["PENDING", "FIRING", "RECOVERING", "RESOLVED"]);
const figure = z.number().nullable();
const burnWindow = z.strictObject({ windowMs: z.number(), value: figure });
const burnCondition = z.strictObject({
  tier: z.string(),
  severity,
  threshold: z.number(),
  long: burnWindow,
  short: burnWindow,
  met: z.boolean(),
  note: z.string().nullable(),
});
const incidentFacts = z.strictObject({
  objectiveName: z.string(),
  summary: z.string(),
  dataState: z.enum(["OK", "IDLE", "NO_DATA", "UNKNOWN"]),
  alert: z.exactOptional(z.strictObject({ labels: z.record(z.string(), z.string()), url: z.string().nullable() })),
}) satisfies z.ZodType<IncidentFacts>;
const transitionPayload = z.strictObject({
  sequence: z.int(),
  from: state.nullable(),
  to: state,
  severity,
  reason: z.string(),
  burnConditions: z.array(burnCondition),
  goodCount: figure,
  totalCount: figure,
});

/** The row of a transition; `seq` numbers the transitions of the objective. */
export function storedTransition(transition: AlertTransition, seq: number): StoredTransition {
  const { incidentId, objectiveId, atMs, ...payload } = transition;
  return { objectiveId, seq, incidentId, atMs, payload: plainJson(payload) };
}

/** The transition of a row. @throws MESHLENS_ERR_STORE_CORRUPT */
export function readTransition({ objectiveId, incidentId, atMs, payload }: StoredTransition): AlertTransition {
  const parsed = transitionPayload.safeParse(payload);
  if (!parsed.success || incidentId === null) throw unreadable(`a transition of ${objectiveId}`);
  return { incidentId, objectiveId, atMs, ...parsed.data };
}

/** The row of an incident after a transition. `open` is null when it was resolved by it. */
export function incidentRecord(
  transition: AlertTransition,
  open: OpenIncident | null,
  before: Pick<IncidentRecord, "startedAtMs" | "recoveredAtMs"> | null,
  service: ServiceRef,
  facts: IncidentFacts,
): IncidentRecord {
  const { incidentId, objectiveId, to, atMs } = transition;
  const isOver = to === "RESOLVED";
  return {
    id: incidentId,
    objectiveId,
    service,
    state: to,
    severity: transition.severity,
    startedAtMs: open?.startedAtMs ?? before?.startedAtMs ?? atMs,
    recoveredAtMs: isOver ? (before?.recoveredAtMs ?? atMs) : (open?.recoveredAtMs ?? null),
    resolvedAtMs: isOver ? atMs : null,
    payload: plainJson(facts),
  };
}

/** What an incident's payload says. @throws MESHLENS_ERR_STORE_CORRUPT */
export function readIncidentFacts({ id, payload }: Pick<IncidentRecord, "id" | "payload">): IncidentFacts {
  const parsed = incidentFacts.safeParse(payload);
  if (!parsed.success) throw unreadable(`incident ${id}`);
  return parsed.data;
}

/** The first sign of an incident's evidence, frozen with the transition to FIRING: what was decided on. Null for other transitions. */
export function evidenceOf(transition: AlertTransition): StoredEvidence | null {
  const { incidentId, atMs, from, to } = transition;
  if (to !== "FIRING" || !(from === null || from === "PENDING")) return null;
  return { incidentId, takenAtMs: atMs, payload: plainJson(begunEvidence(transition)) };
}

/** What evidence says. @throws MESHLENS_ERR_STORE_CORRUPT */
export function evidenceOfRow({ incidentId, payload }: StoredEvidence): Evidence {
  const evidence = readEvidence(payload);
  if (evidence === null) throw unreadable(`evidence of incident ${incidentId}`);
  return evidence;
}

/** Plain data of ours as the store's JSON: interfaces have no index signature, so the type system needs to be told. */
export function plainJson(value: object): Json {
  return value as unknown as Json;
}

function unreadable(what: string): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_STORE_CORRUPT",
    `The store holds ${what} that no version of Meshlens wrote: somebody changed the database by hand, or it is damaged; restore a backup.`,
  );
}
