/** Entries of `failedStatus` → statuses: `403`, `4xx`, `0`, `grpc:7`, `grpc:PERMISSION_DENIED`, `flag:RL`. */
import type { CallStatus } from "../objective.js";

const grpcNames = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

/** The status meant; null for anything else. */
export function parseCallStatus(entry: string | number): CallStatus | null {
  const text = String(entry).trim();
  if (/^[1-5]xx$/i.test(text)) return { kind: "http", from: Number(text[0]) * 100, to: Number(text[0]) * 100 + 99 };
  if (/^(0|[1-5]\d\d)$/.test(text)) return { kind: "http", from: Number(text), to: Number(text) };
  const [, kind, value = ""] = /^(grpc|flag):([A-Za-z0-9_]{1,32})$/.exec(text) ?? [];
  if (kind === "flag") return { kind, flag: value.toUpperCase() };
  if (kind !== "grpc") return null;
  const number = /^\d{1,2}$/.test(value) ? Number(value) : grpcNames.indexOf(value.toUpperCase());
  return number >= 0 && number < grpcNames.length ? { kind, status: number } : null;
}

/** Whether two statuses have a call in common. Kinds do not: a call may have a code and a flag. */
export function isOverlapping(a: CallStatus, b: CallStatus): boolean {
  if (a.kind === "http" && b.kind === "http") return a.from <= b.to && b.from <= a.to;
  if (a.kind === "grpc" && b.kind === "grpc") return a.status === b.status;
  return a.kind === "flag" && b.kind === "flag" && a.flag === b.flag;
}
