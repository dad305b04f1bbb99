/** Whether spans meet a search's conditions: the port's rule in one place, for sources that search themselves or check a backend's answer. */
import type { Span, TraceQuery } from "./trace-source.js";

/** The conditions on one span; the window is not among them, because backends apply it to different instants of a trace. */
export type SpanConditions = Pick<
  TraceQuery,
  "serviceName" | "minDurationMs" | "maxDurationMs" | "errorsOnly" | "tags"
>;

/** True when this one span meets all conditions. Tag values are equal or not; nothing in them has a meaning. */
export function spanMatches(span: Span, conditions: SpanConditions): boolean {
  const { serviceName, minDurationMs, maxDurationMs, errorsOnly, tags } = conditions;
  return (
    span.serviceName === serviceName &&
    (minDurationMs === null || span.durationMs >= minDurationMs) &&
    (maxDurationMs === null || span.durationMs <= maxDurationMs) &&
    (!errorsOnly || span.status === "ERROR") &&
    Object.entries(tags).every(([key, value]) => Object.hasOwn(span.tags, key) && span.tags[key] === value)
  );
}
