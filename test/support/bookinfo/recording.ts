/** What happened in the recorded mesh, before it is told as metrics, spans and logs. All times are epoch microseconds, UTC. */
import type { Workload } from "./workloads.js";

/** What one proxy saw of a call. */
export interface ProxyView {
  readonly startUs: number;
  readonly durationUs: number;
  /** 0 when the caller left before there was a response. */
  readonly code: number;
  /** Envoy's response flags; `-` for none. */
  readonly flags: string;
  readonly codeDetails: string;
}

/** Ids that one page's calls have in common. */
export interface RequestIds {
  /** 32 hex digits, 16 in the one trace of a 64-bit tracer. */
  readonly traceId: string;
  readonly requestId: string;
}

/** One HTTP call, as the proxies of its two ends saw it. */
export interface Call extends RequestIds {
  readonly source: Workload;
  /** `ratings`; null when no route matched. */
  readonly service: string | null;
  /** Null when no endpoint was chosen. */
  readonly destination: Workload | null;
  readonly path: string;
  readonly responseBytes: number;
  readonly client: ProxyView;
  /** Null when the call never reached the other proxy. */
  readonly server: ProxyView | null;
  readonly parentSpanId: string | null;
  readonly clientSpanId: string;
  /** The client's id where client and server share one span (B3). */
  readonly serverSpanId: string;
}

/** One TCP connection out of the mesh. */
export interface Connection {
  readonly source: Workload;
  /** Null when it fell into the black hole. */
  readonly host: string | null;
  readonly startUs: number;
  readonly durationUs: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** One line an application wrote. */
export interface ApplicationLine extends RequestIds {
  readonly workload: Workload;
  readonly atUs: number;
  readonly level: "INFO" | "WARN" | "ERROR";
  readonly message: string;
  /** The server span the application worked under. */
  readonly spanId: string;
}

/** Traces made for one question each: what a reader of traces has to cope with. */
export interface TraceCases {
  /** A server span shares its client's id. */
  readonly sharedSpan: string;
  /** productpage's server span was lost: its children name a parent that is not there. */
  readonly missingParent: string;
  /** A 64-bit trace id, 16 digits. */
  readonly shortTraceId: string;
  /** ratings is aborted by fault injection (500 FI); its own proxy never saw the call. */
  readonly abort: string;
  /** ratings is delayed by 7 s (DI); productpage gives up on reviews after 3 s, twice (0 DC). */
  readonly callerGaveUp: string;
  /** details cannot reach Firestore: its connection falls into the black hole, and it answers 500. */
  readonly blackHole: string;
}

/** Everything that happened. */
export interface Recording {
  readonly calls: readonly Call[];
  readonly connections: readonly Connection[];
  readonly lines: readonly ApplicationLine[];
  readonly cases: TraceCases;
}
