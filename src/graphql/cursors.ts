/** Cursors of the API's lists: where a page ended, opaque to clients, good for one kind of list only. */
import type { TracePosition } from "../mesh/mesh.js";
import type { LogPosition } from "../telemetry/log-source.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import { decodeOpaque, encodeOpaque } from "./opaque.js";

/** Lists with cursors. */
export type CursorKind = "services" | "traces" | "logs" | "slos" | "alerts";

/** A cursor as the scalar reads it; which list it is of is checked before execution (validate-arguments.ts). */
export interface DecodedCursor {
  readonly kind: string;
  readonly parts: readonly string[];
}

/** Null for text that is no cursor of ours. */
export function decodeCursor(text: string): DecodedCursor | null {
  const decoded = decodeOpaque(text);
  if (decoded === null || !decoded.kind.startsWith("after-")) return null;
  return { kind: decoded.kind.slice("after-".length), parts: decoded.parts };
}

/** After this service in the order of compareServiceRefs. */
export function serviceCursor(ref: ServiceRef): string {
  return encode("services", [ref.cluster, ref.namespace, ref.name]);
}

/** The service a cursor of `services` stands after. */
export function serviceOfCursor({ parts: [cluster = "", namespace = "", name = ""] }: DecodedCursor): ServiceRef {
  return { cluster, namespace, name };
}

/** After this trace. */
export function traceCursor(position: TracePosition): string {
  return encode("traces", [String(position.startMs), position.traceId]);
}

/** The place a cursor of `traces` stands for. */
export function traceOfCursor({ parts: [startMs = "0", traceId = ""] }: DecodedCursor): TracePosition {
  return { startMs: Number(startMs), traceId };
}

/** After the last record of each source. */
export function logCursor(positions: Readonly<Record<string, LogPosition>>): string {
  const parts = Object.entries(positions).map(([source, { atMs, ids }]) => JSON.stringify([source, atMs, ...ids]));
  return encode("logs", parts.sort());
}

/** The places a cursor of `logs` stands for, by source. */
export function logsOfCursor({ parts }: DecodedCursor): Readonly<Record<string, LogPosition>> {
  return Object.fromEntries(
    parts.map((part) => {
      const [source, atMs, ...ids] = JSON.parse(part) as [string, number, ...string[]];
      return [source, { atMs, ids }];
    }),
  );
}

/** After this objective in the order of the board. */
export function sloCursor(ref: ServiceRef, name: string): string {
  return encode("slos", [ref.cluster, ref.namespace, ref.name, name]);
}

/** The place a cursor of `slos` stands for. */
export function sloOfCursor({ parts: [cluster = "", namespace = "", service = "", name = ""] }: DecodedCursor) {
  return { ref: { cluster, namespace, name: service }, name };
}

/** After this incident. */
export function alertCursor({ startedAtMs, id }: { readonly startedAtMs: number; readonly id: string }): string {
  return encode("alerts", [String(startedAtMs), id]);
}

/** The place a cursor of `alerts` stands for. */
export function alertOfCursor({ parts: [startedAtMs = "0", id = ""] }: DecodedCursor) {
  return { startedAtMs: Number(startedAtMs), id };
}

function encode(kind: CursorKind, parts: readonly string[]): string {
  return encodeOpaque({ kind: `after-${kind}`, parts });
}
