/** What a span's tags say about its kind and outcome, the same for both of Jaeger's APIs. */
import type { Span, SpanKind } from "../../telemetry/trace-source.js";

const kinds: Readonly<Record<string, SpanKind>> = {
  internal: "INTERNAL",
  server: "SERVER",
  client: "CLIENT",
  producer: "PRODUCER",
  consumer: "CONSUMER",
};

/** The kind of a `span.kind` tag in any case; null for other words. */
export function kindOfText(text: string): SpanKind | null {
  return kinds[text.toLowerCase()] ?? null;
}

/**
 * ERROR by `otel.status_code` or by an `error` tag that is anything but false. An HTTP status alone says nothing: a 5xx may be what was
 * asked for, and the mesh marks its failures itself.
 * @param errors all values of `error` tags; a span that came through Zipkin's door has its text and a `true`
 */
export function statusOf(otelStatus: string | null, errors: readonly string[]): Span["status"] {
  if (otelStatus === "ERROR" || errors.some((error) => error.toLowerCase() !== "false")) return "ERROR";
  return otelStatus === "OK" ? "OK" : "UNSET";
}

/** Marks the server half of each B3 pair: Jaeger does not keep Zipkin's `shared`, but in raw form both halves have one id. */
export function markSharedSpans(spans: readonly Span[]): readonly Span[] {
  const clients = new Set(spans.filter((span) => span.kind === "CLIENT").map((span) => span.spanId));
  return spans.map((span) => (span.kind === "SERVER" && clients.has(span.spanId) ? { ...span, isShared: true } : span));
}

/** Whether a warning says that the server cut a trace (Jaeger 2's `max_trace_size`). */
export function isCutWarning(warning: string): boolean {
  return /truncat|more than \d+ spans/i.test(warning);
}
