/** A trace search as parameters of Jaeger's two APIs. Pure; values go out as parameters, tags as a JSON map, so nothing in them is syntax. */
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { TraceQuery } from "../../telemetry/trace-source.js";

type Parameters = Record<string, string>;

/** Parameters of `/api/traces`. Raw: else Jaeger gives the server half of a B3 pair a span id that no log line knows. */
export function jsonSearchParameters(query: TraceQuery): Parameters {
  const { window, limit, serviceName: service } = query;
  return {
    service,
    start: String(Math.floor(window.fromMs * 1000)),
    end: String(Math.floor(window.toMs * 1000)),
    limit: String(limit),
    raw: "true",
    ...durations(query, "minDuration", "maxDuration"),
    ...tags(query, "tags"),
  };
}

/** Parameters of `/api/v3/traces`, in the old spelling that every version understands. */
export function v3SearchParameters(query: TraceQuery): Parameters {
  return {
    "query.service_name": query.serviceName,
    "query.start_time_min": rfc3339(query.window.fromMs),
    "query.start_time_max": rfc3339(query.window.toMs),
    "query.num_traces": String(query.limit),
    "query.raw_traces": "true",
    ...durations(query, "query.duration_min", "query.duration_max"),
    ...tags(query, "query.attributes"),
  };
}

/** How far a trace may reach over the window it was seen in: a storage may leave out spans beyond the times it is given. */
const traceMarginMs = 3_600_000;

/** Parameters of `/api/v3/traces/{id}`; a window spares storages that keep days apart from looking everywhere. */
export function v3TraceParameters(window: TimeWindow | null): Parameters {
  if (window === null) return { raw_traces: "true" };
  const startTime = rfc3339(window.fromMs - traceMarginMs);
  return { start_time: startTime, end_time: rfc3339(window.toMs + traceMarginMs), raw_traces: "true" };
}

/** A Go duration: a bare number would be refused. Bounds are inclusive in whole microseconds. */
export function goDuration(durationMs: number, round: (value: number) => number): string {
  return `${round(Math.round(durationMs * 1e6) / 1e3)}us`;
}

function durations(query: TraceQuery, minKey: string, maxKey: string): Parameters {
  const { minDurationMs, maxDurationMs } = query;
  return {
    ...(minDurationMs !== null && minDurationMs > 0 && { [minKey]: goDuration(minDurationMs, Math.ceil) }),
    ...(maxDurationMs !== null && { [maxKey]: goDuration(maxDurationMs, Math.floor) }),
  };
}

/**
 * `error=true` finds what the server holds as a failed span: Jaeger's own `error` tags, OTLP's status, and Zipkin's `error` tag with any
 * text, because Jaeger adds a boolean beside it (measured on 1.76).
 */
function tags(query: TraceQuery, key: string): Parameters {
  const wanted = Object.entries(query.tags);
  if (query.errorsOnly && !Object.hasOwn(query.tags, "error")) wanted.push(["error", "true"]);
  return wanted.length === 0 ? {} : { [key]: JSON.stringify(Object.fromEntries(wanted)) };
}

/** An instant with its microseconds, which Date leaves out. */
export function rfc3339(atMs: number): string {
  const us = Math.floor(atMs * 1000);
  const micros = String(((us % 1000) + 1000) % 1000).padStart(3, "0");
  return new Date(Math.floor(us / 1000)).toISOString().replace("Z", `${micros}Z`);
}
