/** Port to a log backend. Adapters: elasticsearch, memory. Several questions go out as one call. */
import type { CallOptions, Source } from "./source.js";
import type { TimeWindow } from "./time-window.js";

/** Severity, folded from the many words in use; UNKNOWN when the record does not tell. */
export type LogLevel = "FATAL" | "ERROR" | "WARN" | "INFO" | "DEBUG" | "TRACE" | "UNKNOWN";

/** A line of Envoy's access log, recognised in JSON or text form. Missing fields are null. Durations in ms, sizes in bytes. */
export interface AccessLogEntry {
  readonly method: string | null;
  readonly path: string | null;
  readonly protocol: string | null;
  /** 0 when no response was sent. */
  readonly responseCode: number | null;
  /** Short flags, members of the comma list; [] for `-`. */
  readonly responseFlags: readonly string[];
  readonly responseCodeDetails: string | null;
  readonly durationMs: number | null;
  readonly bytesReceived: number | null;
  readonly bytesSent: number | null;
  /** `outbound|9080|v2|reviews.bookinfo.svc.cluster.local`, `BlackHoleCluster`, ... */
  readonly upstreamCluster: string | null;
  readonly upstreamHost: string | null;
  readonly authority: string | null;
  readonly requestId: string | null;
  readonly userAgent: string | null;
}

/** One log record. Namespace, pod and container are null where the document does not say. */
export interface LogRecord {
  /** Stable within its source: index and document id. */
  readonly id: string;
  readonly index: string;
  /** Epoch ms with a fraction. */
  readonly atMs: number;
  readonly level: LogLevel;
  /** Human text: the message field, the `message` of a JSON line, what a JSON access line says in words, else the line itself. */
  readonly message: string;
  readonly namespace: string | null;
  readonly pod: string | null;
  readonly container: string | null;
  /** Names its labels give the service, best first (canonical name, app.kubernetes.io/name, app, deployment, service.name). */
  readonly serviceNames: readonly string[];
  /** 32 hex digits, normalised; null when the record has none. */
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly requestId: string | null;
  /** Present for a line of a proxy's access log. */
  readonly accessLog: AccessLogEntry | null;
}

/** Whose logs: records of the namespace whose labels, deployment or pod name belong to one of `names`. */
export interface LogScope {
  readonly namespace: string;
  /** Service, app or workload names; a pod belongs to name N when it is called N or N-<replica set>-<id>, not N-other-.... */
  readonly names: readonly string[];
}

/** What to look for. Conditions left null do not limit; those given hold together. */
export interface LogFilter {
  readonly window: TimeWindow;
  readonly scope: LogScope | null;
  readonly levels: readonly LogLevel[] | null;
  /** All words must stand in the message; plain words, no query syntax. */
  readonly text: string | null;
  /** Normalised trace ids; a record matches by field in any spelling, or by the id standing in its text. */
  readonly traceIds: readonly string[] | null;
  readonly requestIds: readonly string[] | null;
  readonly spanIds: readonly string[] | null;
  /** Exact pod names. */
  readonly pods: readonly string[] | null;
  /** `application` leaves proxy access logs out, `access` keeps only them. */
  readonly lines: "application" | "access" | "any";
}

/** Where a page ended: the last record's instant and the ids at that instant already given. Made and read by the adapter only. */
export interface LogPosition {
  readonly atMs: number;
  readonly ids: readonly string[];
}

/** One question of a batch. */
export type LogRequest =
  | {
      readonly kind: "search";
      readonly filter: LogFilter;
      readonly order: "newest" | "oldest";
      /** 1..1000 records. */
      readonly limit: number;
      readonly after: LogPosition | null;
      /** Whether `total` is wanted; counting costs. */
      readonly withTotal: boolean;
    }
  /** Records per level and step over the window; at most 1,000 steps. */
  | { readonly kind: "volume"; readonly filter: LogFilter; readonly stepMs: number }
  /** Groups of alike messages with counts over a bounded sample, most frequent first. */
  | { readonly kind: "patterns"; readonly filter: LogFilter; readonly limit: number };

/** A total that says whether it is exact (`EQ`) or a lower bound (`GTE`). */
export interface LogTotal {
  readonly value: number;
  readonly relation: "EQ" | "GTE";
}

/** One group of alike lines: variable pieces masked, with one of its lines as a sample. */
export interface LogPattern {
  readonly pattern: string;
  readonly count: number;
  readonly sample: string;
}

/** The answer to one question; `kind` is that of the question. */
export type LogAnswer =
  | {
      readonly kind: "search";
      readonly records: readonly LogRecord[];
      /** Null when nothing follows. */
      readonly next: LogPosition | null;
      readonly total: LogTotal | null;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: "volume";
      readonly timestampsMs: readonly number[];
      /** Counts aligned with timestampsMs; a level that never occurs is absent. */
      readonly byLevel: ReadonlyMap<LogLevel, readonly number[]>;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "patterns"; readonly patterns: readonly LogPattern[]; readonly warnings: readonly string[] };

/** What a log backend must be able to do. All methods throw MESHLENS_ERR_SOURCE_*. */
export interface LogSource extends Source {
  /** Answers in the order of the questions, by one upstream call. A question that fails fails the batch. */
  ask(requests: readonly LogRequest[], options: CallOptions): Promise<readonly LogAnswer[]>;
}
