/** Port to a trace backend. Adapters: jaeger, zipkin, memory. Units and id forms of the backends end in their decoders. */
import type { CallOptions, Source } from "./source.js";
import type { TimeWindow } from "./time-window.js";

/** OpenTelemetry's span kinds. */
export type SpanKind = "INTERNAL" | "SERVER" | "CLIENT" | "PRODUCER" | "CONSUMER";

/** Something noted at an instant within a span. */
export interface SpanEvent {
  readonly atMs: number;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** One span as stored. Times are epoch ms with a fraction (backends keep µs). */
export interface Span {
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** The parent's id; null for a root. May name a span that is not in the trace. */
  readonly parentSpanId: string | null;
  /** True for a server span that shares its client's id (B3): the pair has one spanId. */
  readonly isShared: boolean;
  /** The backend's name of the service (`reviews.bookinfo`); "" when the span has none. */
  readonly serviceName: string;
  readonly operation: string;
  readonly kind: SpanKind | null;
  readonly startMs: number;
  readonly durationMs: number;
  /** ERROR where the span says so by status or `error` tag. */
  readonly status: "UNSET" | "OK" | "ERROR";
  /** Span and process/resource tags, values as text. */
  readonly tags: Readonly<Record<string, string>>;
  readonly events: readonly SpanEvent[];
}

/** Spans of one trace as one source holds them. */
export interface Trace {
  /** 32 lower-case hex digits; 64-bit ids are left-padded with zeros. */
  readonly traceId: string;
  /** Oldest start first; spans may be materialised on first read, so read once and keep. */
  readonly spans: readonly Span[];
  /** False when the source says that it cut the trace. A missing parent is for the reader to notice. */
  readonly isComplete: boolean;
}

/** A search. All conditions hold together. */
export interface TraceQuery {
  /** The service's name in this backend, as `services()` spells it. */
  readonly serviceName: string;
  readonly window: TimeWindow;
  readonly minDurationMs: number | null;
  readonly maxDurationMs: number | null;
  /** Traces with at least one span in error, of any service the backend can filter by (Jaeger and Zipkin: of `serviceName`). */
  readonly errorsOnly: boolean;
  /** Span tags that one span of the service must all have (exact values). */
  readonly tags: Readonly<Record<string, string>>;
  /** At most this many traces, 1..1000. */
  readonly limit: number;
}

/** Traces found; newest start first. */
export interface TraceBatch {
  readonly traces: readonly Trace[];
  /** True when the backend stopped at the limit, so that older traces may exist. */
  readonly isCut: boolean;
  readonly warnings: readonly string[];
}

/** A calls B, as the backend counted it; counts are of sampled traces. */
export interface DependencyLink {
  readonly source: string;
  readonly destination: string;
  readonly callCount: number;
}

/** What a trace backend must be able to do. All methods throw MESHLENS_ERR_SOURCE_*. */
export interface TraceSource extends Source {
  /** Service names the backend knows; order not promised. */
  services(options: CallOptions): Promise<readonly string[]>;
  search(query: TraceQuery, options: CallOptions): Promise<TraceBatch>;
  /** The traces that exist among `traceIds` (any accepted form); unknown ids are left out. `window` narrows where the backend needs it. */
  getTraces(traceIds: readonly string[], window: TimeWindow | null, options: CallOptions): Promise<TraceBatch>;
  dependencies(window: TimeWindow, options: CallOptions): Promise<readonly DependencyLink[]>;
}
