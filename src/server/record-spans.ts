/** What records and sends spans: a fifth of the packages' files that a server would load, so compose.ts imports it only where an endpoint is configured. */
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { SpanRecorder } from "./tracing.js";

/** Hands spans of this version of Meshlens on in batches. */
export function recordSpans(exporter: SpanExporter, version: string): SpanRecorder {
  return new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": "meshlens", "service.version": version }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
}

/** Sends spans over OTLP/HTTP to `endpoint` (the base URL of OTEL_EXPORTER_OTLP_ENDPOINT). */
export function createOtlpExporter(endpoint: string): SpanExporter {
  return new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/traces`, timeoutMillis: 2000 });
}
