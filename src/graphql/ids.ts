/** Global ids of the API: opaque, stable, made of a kind and the thing's natural key. */
import type { ServiceRef } from "../telemetry/service-ref.js";
import { decodeOpaque, encodeOpaque } from "./opaque.js";

/** Kinds of things with an id. `node` is the end of an edge that is no service. */
export type IdKind = "service" | "node" | "slo" | "alert" | "delivery";

const kinds: readonly string[] = ["service", "node", "slo", "alert", "delivery"] satisfies IdKind[];

/** A decoded id. */
export interface DecodedId {
  readonly kind: IdKind;
  readonly parts: readonly string[];
}

/** Id of a service; the same wherever it is met. */
export function serviceId(ref: ServiceRef): string {
  return encodeOpaque({ kind: "service", parts: [ref.cluster, ref.namespace, ref.name] });
}

/** Id of a graph node that is no service. */
export function graphNodeId(key: string): string {
  return encodeOpaque({ kind: "node", parts: [key] });
}

/** Id of an objective. */
export function sloId(objectiveId: string): string {
  return encodeOpaque({ kind: "slo", parts: [objectiveId] });
}

/** Id of an incident. */
export function alertId(incidentId: string): string {
  return encodeOpaque({ kind: "alert", parts: [incidentId] });
}

/** Id of a message. */
export function deliveryId(key: string): string {
  return encodeOpaque({ kind: "delivery", parts: [key] });
}

/** The objective, incident or message an id names; null when it names something else. */
export function keyOfId(id: DecodedId | null, kind: "slo" | "alert" | "delivery"): string | null {
  return id?.kind === kind ? (id.parts[0] ?? null) : null;
}

/** Null for text that is no id of ours. */
export function decodeId(id: string): DecodedId | null {
  const decoded = decodeOpaque(id);
  return decoded !== null && isIdKind(decoded.kind) ? { kind: decoded.kind, parts: decoded.parts } : null;
}

/** The service an id names; null when it names something else. */
export function serviceOfId(id: DecodedId): ServiceRef | null {
  const [cluster, namespace, name] = id.parts;
  if (id.kind !== "service" || cluster === undefined || namespace === undefined || name === undefined) return null;
  return { cluster, namespace, name };
}

function isIdKind(kind: string): kind is IdKind {
  return kinds.includes(kind);
}
