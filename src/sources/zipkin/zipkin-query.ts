/** A trace search as parameters of Zipkin v2. Pure. Zipkin's annotationQuery has no escaping, so what it cannot say is checked after. */
import type { SpanConditions } from "../../telemetry/trace-match.js";
import type { TraceQuery } from "../../telemetry/trace-source.js";

/** Zipkin's server refuses request lines beyond 4,096 bytes with 414; this leaves room for the base path and the other parameters. */
const maxEncodedBytes = 1_500;

/** Zipkin's server refuses any request with a step upwards in it, parameters included, encoded or not (measured on 3.5). */
const stepUpwards = /(^|[/\\;&=?])\.\.($|[/\\;&=?])/;

/** Whether Zipkin can be asked for a service of this name; it takes an empty one for "any". */
export function isAskable(serviceName: string): boolean {
  return serviceName.trim() !== "" && encodedBytes(serviceName) <= maxEncodedBytes && !stepUpwards.test(serviceName);
}

/** Parameters of `/api/v2/traces`: at least the traces wanted; spanConditions narrows them to exactly those. */
export function searchParameters(query: TraceQuery): Record<string, string> {
  const { window, minDurationMs, maxDurationMs } = query;
  const endTs = Math.ceil(window.toMs);
  const minUs = Math.floor((minDurationMs ?? 0) * 1000);
  const annotationQuery = annotationQueryOf(query);
  return {
    serviceName: query.serviceName,
    endTs: String(endTs),
    lookback: String(Math.max(1, endTs - Math.floor(window.fromMs))),
    limit: String(query.limit),
    // A maximum is refused without a minimum, and the minimum must be positive.
    ...((minUs > 0 || maxDurationMs !== null) && { minDuration: String(Math.max(1, minUs)) }),
    ...(maxDurationMs !== null && { maxDuration: String(Math.max(1, minUs, Math.ceil(maxDurationMs * 1000))) }),
    ...(annotationQuery !== "" && { annotationQuery }),
  };
}

/** The conditions a found trace is checked against; names are compared as Zipkin keeps them. */
export function spanConditions({
  serviceName,
  minDurationMs,
  maxDurationMs,
  errorsOnly,
  tags,
}: TraceQuery): SpanConditions {
  return { serviceName: serviceName.toLowerCase(), minDurationMs, maxDurationMs, errorsOnly, tags };
}

/** `error and key=value and ...` of the tags this syntax can carry: no separator within, no blanks at the ends, not too long, no `..`. */
function annotationQueryOf({ errorsOnly, tags }: TraceQuery): string {
  const parts = errorsOnly ? ["error"] : [];
  let bytes = 0;
  for (const [key, value] of Object.entries(tags)) {
    const part = value === "" ? key : `${key}=${value}`;
    bytes += encodedBytes(part);
    const isCarried =
      key !== "" &&
      !/ and |=/.test(key) &&
      !/ and |=/.test(value) &&
      part.trim() === part &&
      value.trim() === value &&
      !stepUpwards.test(part);
    if (isCarried && key.trim() === key && bytes <= maxEncodedBytes) parts.push(part);
  }
  return parts.join(" and ");
}

/** Bytes of a text in a request line, as an upper bound: each of its UTF-8 bytes may become three. */
function encodedBytes(text: string): number {
  return /^[\w.-]*$/.test(text) ? text.length : 3 * Buffer.byteLength(text);
}
