/** How a fault runs through a trace, in words: from its root to where it began. Pure; called where exemplars are chosen. */
import type { MeshSpan, MeshTrace } from "../../mesh/mesh.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import { redact } from "./redact.js";

/** The way of a fault. */
export interface FaultPath {
  /** The same for traces in which the same went wrong in the same place. */
  readonly shape: string;
  /** Such as `productpage > reviews > ratings: 503, 3 tries`. */
  readonly summary: string;
  /** A line per step; null where the summary says it all. */
  readonly detail: string | null;
  /** Where it began, as far as the trace shows; null for a service that is not known. */
  readonly end: ServiceRef | null;
}

const mostSteps = 8;

/** The path to the deepest span in error; where there is none, or slowness is asked for, to where most of the time went. */
export function faultPath(trace: MeshTrace, isSlowness: boolean): FaultPath {
  const spans = trace.spans();
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const failed = isSlowness ? null : deepestError(spans, byId);
  const end = failed ?? slowest(trace, byId);
  if (end === null) return { shape: "", summary: "", detail: null, end: null };
  const way = wayTo(end, byId);
  const names = way.map(nameOf).filter((name, at, all) => name !== all[at - 1]);
  const route = names.slice(-mostSteps).join(" > ");
  const what = failed === null ? slownessWords(end) : `${errorWords(failed, spans)}${waitWords(failed, spans, byId)}`;
  const steps = way.slice(-mostSteps).map(stepWords);
  return {
    shape: `${route} ${failed === null ? "slow" : errorStatus(failed)}`,
    summary: redact(`${route}: ${what}`),
    detail: steps.length < 2 ? null : redact(steps.join("\n")),
    end: end.service,
  };
}

type SpansById = ReadonlyMap<string, MeshSpan>;

function deepestError(spans: readonly MeshSpan[], byId: SpansById): MeshSpan | null {
  const failed = spans.filter(({ status }) => status === "ERROR").slice(0, 200);
  const depths = failed.map((span) => ({ span, depth: wayTo(span, byId).length }));
  // Of one depth the last: what ended the retries.
  return depths.sort((a, b) => b.depth - a.depth || b.span.startMs - a.span.startMs)[0]?.span ?? null;
}

function slowest(trace: MeshTrace, byId: SpansById): MeshSpan | null {
  const longest = trace.criticalPath().toSorted((a, b) => b.selfMs - a.selfMs)[0];
  return (longest && byId.get(longest.spanId)) ?? trace.spans()[0] ?? null;
}

/** From the root to the span; a broken chain begins where it breaks. */
function wayTo(span: MeshSpan, byId: SpansById): readonly MeshSpan[] {
  const way = [span];
  const seen = new Set([span.spanId]);
  for (let next = span.parentSpanId; next !== null && !seen.has(next); ) {
    seen.add(next);
    const parent = byId.get(next);
    if (parent === undefined) break;
    way.unshift(parent);
    next = parent.parentSpanId;
  }
  return way;
}

function nameOf({ service, serviceName }: MeshSpan): string {
  return service?.name ?? (serviceName || "unknown");
}

function errorWords(failed: MeshSpan, spans: readonly MeshSpan[]): string {
  const tries = spans.filter(
    (span) =>
      span.status === "ERROR" &&
      span.kind === failed.kind &&
      span.parentSpanId === failed.parentSpanId &&
      nameOf(span) === nameOf(failed),
  ).length;
  return tries > 1 ? `${errorStatus(failed)} after ${tries} tries` : errorStatus(failed);
}

function errorStatus({ tags }: MeshSpan): string {
  const http = tags["http.status_code"] ?? tags["http.response.status_code"];
  const grpc = tags["grpc.status_code"] ?? tags["rpc.grpc.status_code"];
  const flags = tags["response_flags"];
  const code = http !== undefined && http !== "200" ? http : grpc !== undefined ? `gRPC ${grpc}` : (http ?? "error");
  const words = code === "0" ? "no response" : code;
  return flags === undefined || flags === "-" ? words : `${words} (${flags})`;
}

/** Where the time went below a call that was given up: its cause is slow, not in error. */
function waitWords(failed: MeshSpan, spans: readonly MeshSpan[], byId: SpansById): string {
  const { tags } = failed;
  const isGivenUp =
    /^(0|408|504)$/.test(tags["http.status_code"] ?? "") || /DC|UT|SI/.test(tags["response_flags"] ?? "");
  if (!isGivenUp) return "";
  const below = spans.filter((span) => span !== failed && wayTo(span, byId).includes(failed));
  const longest = below.toSorted((a, b) => b.selfMs - a.selfMs)[0];
  return longest === undefined ? "" : `; waited ${millis(longest.selfMs)} for ${longest.operation.slice(0, 80)}`;
}

function slownessWords({ selfMs, durationMs, operation }: MeshSpan): string {
  return `${millis(selfMs)} of its ${millis(durationMs)} its own (${operation.slice(0, 80)})`;
}

function stepWords(span: MeshSpan): string {
  const status = span.status === "ERROR" ? ` ${errorStatus(span)}` : "";
  return `${nameOf(span)} ${span.operation.slice(0, 80)} ${millis(span.durationMs)}${status}`;
}

function millis(ms: number): string {
  return ms < 1_000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1_000).toPrecision(3))} s`;
}
