/**
 * Spans of our own, made by hand where the work is (compiled GraphQL hides the library's). Nothing global is touched. Without an
 * recorder nothing is recorded, but a caller's trace context is still passed on to the backends.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingHttpHeaders } from "node:http";
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";

/** The span of one HTTP request to us. */
export interface RequestTrace {
  /** 32 hex digits; null when the caller sent none and nothing is recorded. */
  readonly traceId: string | null;
  /** Runs a step of the request so that upstream calls begun in it belong to it. */
  run<T>(step: () => T): T;
  end(outcome: { readonly route: string; readonly status: number }): void;
}

/** Tracing of one server. */
export interface Tracing {
  startRequest(request: { readonly method: string; readonly headers: IncomingHttpHeaders }): RequestTrace;
  /** A span around one upstream call, child of the request it is made for; `headers` carry its context on. */
  startCall(call: { readonly source: string; readonly operation: string }): {
    readonly headers: Readonly<Record<string, string>>;
    end(outcome: { readonly status: number | null; readonly errorCode: string | null }): void;
  };
  /** Sends what is not sent yet, for at most two seconds. */
  close(): Promise<void>;
}

/** Where spans go. */
export interface SpanRecorder {
  getTracer(name: string): Tracer;
  /** Sends what is not sent yet. */
  shutdown(): Promise<void>;
}

/** Makes the tracing of one server; null records nothing. */
export function createTracing(recorder: SpanRecorder | null): Tracing {
  const propagator = new W3CTraceContextPropagator();
  const current = new AsyncLocalStorage<Context>();
  // Without a recorder the API's own tracer hands the caller's context through unchanged.
  const tracer: Tracer = recorder?.getTracer("meshlens") ?? trace.getTracer("meshlens");

  return {
    startRequest({ method, headers }) {
      const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, parent);
      const context = trace.setSpan(parent, span);
      const spanContext = span.spanContext();
      return {
        traceId: isSpanContextValid(spanContext) ? spanContext.traceId : null,
        run: (step) => current.run(context, step),
        end({ route, status }) {
          span.updateName(`${method} ${route}`);
          span.setAttributes({
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
          });
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    startCall({ source, operation }) {
      const parent = current.getStore() ?? ROOT_CONTEXT;
      const attributes = { "meshlens.source": source, "meshlens.operation": operation };
      const span = tracer.startSpan(`${source} ${operation}`, { kind: SpanKind.CLIENT, attributes }, parent);
      const headers: Record<string, string> = {};
      propagator.inject(trace.setSpan(parent, span), headers, defaultTextMapSetter);
      return {
        headers,
        end({ status, errorCode }) {
          if (status !== null) span.setAttribute("http.response.status_code", status);
          if (errorCode !== null) {
            span.setAttribute("error.type", errorCode);
            span.setStatus({ code: SpanStatusCode.ERROR });
          }
          span.end();
        },
      };
    },
    close: async () => recorder?.shutdown(),
  };
}
