/**
 * The face of the mesh room: what GraphQL, Grafana, objectives and diagnosis may ask about services, edges, traces, logs, health and changes.
 * createMesh (create-mesh.ts) builds it from ports. Everything is lazy: only what is read is asked for, and equal questions of one
 * reader share one upstream call.
 */
import type { MeshlensError } from "../errors.js";
import type { Eventually } from "../telemetry/eventually.js";
import type { LogFilter, LogLevel, LogPosition, LogRecord, LogTotal } from "../telemetry/log-source.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { SourceKind, SourceProbe, SourceStatus, UpstreamCall } from "../telemetry/source.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import type { Span } from "../telemetry/trace-source.js";
import type { Visibility } from "../telemetry/visibility.js";
import type { ServiceHealth, WorkloadChange } from "../telemetry/workload-source.js";
import type { LogPatternChange } from "./log-pattern-change.js";
import type { PodUsage } from "./pod-usage.js";

/** Terms of one request's reads. */
export interface ReadContext {
  readonly visibility: Visibility;
  readonly signal: AbortSignal;
  /** Epoch ms after which no answer is waited for. */
  readonly deadlineMs: number;
  /** As in CallOptions; left out: false. */
  readonly isUrgent?: boolean;
  readonly onUpstreamCall?: (call: UpstreamCall) => void;
}

/**
 * One pillar's part of an answer. `value` is null when no source could answer: then `errors` has one entry per dead source (or is
 * empty when none is configured). Some sources dead: a partial value, their state in `sources`, no errors.
 */
export interface Pillar<T> {
  readonly value: T | null;
  readonly sources: readonly SourceStatus[];
  readonly errors: readonly MeshlensError[];
}

/** Vocabulary of metrics a service was recognised in; the order of preference when two cover one service. */
export type MeshKind = "ISTIO" | "LINKERD" | "OTEL" | "ENVOY";

/** A service some source knows. */
export interface MeshService {
  readonly ref: ServiceRef;
  /** Null when no metric of a mesh names it (known from traces or as a caller only). */
  readonly mesh: MeshKind | null;
}

/** Why a service has no golden signals. */
export type Absence = "NO_INBOUND" | "TCP_ONLY" | "NO_METRICS_SOURCE" | "SOURCE_DOWN";

/** Causes of failed calls and of client errors, as in the contract. */
export type FailureCause =
  | "SERVER_ERROR"
  | "GRPC_ERROR"
  | "CALLER_GAVE_UP"
  | "TIMEOUT"
  | "NO_ENDPOINTS"
  | "CONNECTION_FAILED"
  | "RETRIES_EXHAUSTED"
  | "CIRCUIT_OPEN"
  | "FAULT_INJECTED"
  | "OTHER";
export type ClientErrorCause = "DENIED" | "UNAUTHENTICATED" | "NO_ROUTE" | "RATE_LIMITED" | "OTHER";

/** Counted calls of one service or edge over the window, classified. Whole numbers except where a counter was reset. */
export interface RequestOutcome {
  readonly requestCount: number;
  /** Calls in neither side of errorRatio: the client outside went away (`DC` from a gateway or from outside). */
  readonly leftCount: number;
  readonly failedCount: number;
  readonly clientErrorCount: number;
  /** failed / (requests - left); null when nothing was counted. */
  readonly errorRatio: number | null;
  readonly clientErrorRatio: number | null;
  /** Largest first; no zero entries. */
  readonly failures: readonly { readonly cause: FailureCause; readonly count: number }[];
  readonly clientErrors: readonly { readonly cause: ClientErrorCause; readonly count: number }[];
  /** Shares of all requests, largest first; `-` left out. */
  readonly responseFlags: readonly { readonly flag: string; readonly meaning: string; readonly share: number }[];
}

/** Whose eyes: `callers` = waypoint, else source reporter, else the server; `server` = the server's own proxy (attempts). */
export type View = "callers" | "server";

/** Columns of a measure over time; a gap is null. */
export interface Series {
  readonly timestampsMs: readonly number[];
  readonly values: readonly (number | null)[];
}

/** Lazy golden signals of one service or edge. A pillar whose value is null with sources OK means "no data": see absence. */
export interface GoldenSignals {
  outcome(view: View): Eventually<Pillar<RequestOutcome>>;
  /** In ms, from the histogram's buckets; null where there is none. */
  latencyMs(view: View, quantile: number): Eventually<Pillar<number>>;
  /** Sum of the durations of all calls in ms; null where proxies do not sum them. */
  durationSumMs(view: View): Eventually<Pillar<number>>;
  requestRateSeries(view: View, maxPoints: number): Eventually<Pillar<Series>>;
  /** @param isDeniedFailed whether calls that a policy denied count as failed too; left out: they are the client's errors */
  errorRatioSeries(view: View, maxPoints: number, isDeniedFailed?: boolean): Eventually<Pillar<Series>>;
  latencyMsSeries(view: View, quantile: number, maxPoints: number): Eventually<Pillar<Series>>;
  absence(): Eventually<Absence | null>;
}

/** Kinds of graph nodes, as in the contract. */
export type NodeKind = "SERVICE" | "WORKLOAD" | "GATEWAY" | "EXTERNAL" | "PASSTHROUGH" | "BLACK_HOLE" | "UNKNOWN";

/** A node. `key` is unique in a graph and stable between answers; a SERVICE's key is serviceKey(service). */
export interface MeshNode {
  readonly key: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** Set for SERVICE, and for a GATEWAY that is a service; null where the caller may not see it. */
  readonly service: ServiceRef | null;
}

/** TCP and security facts of one edge; null is no data (a TCP edge has no request measures and an HTTP edge may have no TCP). */
export interface EdgeTraffic {
  readonly connectionsPerSecond: number | null;
  /** Closed with a failure flag / opened, 0..1. */
  readonly connectionErrorRatio: number | null;
  /** Caller to server. */
  readonly sentBytesPerSecond: number | null;
  /** Server to caller. */
  readonly receivedBytesPerSecond: number | null;
  /** Share of calls over mutual TLS, 0..1, from the server's proxy; null where no server proxy says. */
  readonly mutualTlsRatio: number | null;
  /** (attempts seen by the server - calls seen by callers) / calls, >= 0; null unless both proxies report. */
  readonly retryRatio: number | null;
}

/** Traffic from one node to another by one protocol. */
export interface MeshEdge {
  readonly source: MeshNode;
  readonly destination: MeshNode;
  readonly protocol: "HTTP" | "GRPC" | "TCP";
  /** Whose rows `callers` measures of this edge come from. */
  readonly reporter: "SOURCE" | "DESTINATION" | "WAYPOINT" | "TRACES";
  readonly golden: GoldenSignals;
  /** Known with the edge: it is drawn from the same rows. */
  readonly traffic: EdgeTraffic;
}

/** What to keep of a list or graph; conditions hold together. */
export interface ServiceSelection {
  readonly clusters: readonly string[] | null;
  readonly namespaces: readonly string[] | null;
  /** Part of the name, case-insensitive. */
  readonly nameContains: string | null;
  readonly meshes: readonly MeshKind[] | null;
}

/** A whole graph; `isTruncated` when the cap on edges cut it (heaviest kept). */
export interface MeshGraph {
  readonly nodes: readonly MeshNode[];
  readonly edges: readonly MeshEdge[];
  readonly isTruncated: boolean;
  /** Golden signals of a SERVICE node. */
  golden(node: MeshNode): GoldenSignals | null;
}

/** How a log record was joined to a trace or span, strongest first. */
export type LogMatch = "TRACE_ID" | "REQUEST_ID" | "TIME_WINDOW";

/** A link to another UI. */
export interface Link {
  readonly kind: "PROMETHEUS" | "JAEGER" | "ZIPKIN" | "KIBANA" | "GRAFANA" | "MESHLENS" | "SLACK";
  readonly name: string;
  readonly url: string;
}

/** A span with what the trace tells about it. */
export interface MeshSpan extends Span {
  /** The mesh service it belongs to; null when the span's names fit none. */
  readonly service: ServiceRef | null;
  /**
   * Time within the span not covered by its children, children clipped to it, overlaps counted once. A span that outlives its parent has
   * at most the part its parent waited for. 0..durationMs.
   */
  readonly selfMs: number;
}

/** What of a span its log lines are found by: spans of namespaces out of sight have no tags. */
export type SpanPlace = Pick<Span, "startMs" | "durationMs" | "tags">;

/** One trace, merged over all sources that hold it. */
export interface MeshTrace {
  readonly traceId: string;
  /** Names of the sources that hold it. */
  readonly foundIn: readonly string[];
  /** Of the root span; where its parent is missing from every source, of the earliest span without one. */
  readonly startMs: number;
  /** Of the root span, whatever its children did after it had answered; without a root, first start to last end of the topmost spans. */
  readonly durationMs: number;
  readonly root: { readonly service: ServiceRef | null; readonly operation: string };
  readonly spanCount: number;
  /** Spans with status ERROR. More than 0 does not mean that the request failed: a retried attempt is an error too. */
  readonly errorCount: number;
  readonly services: readonly ServiceRef[];
  /** False when a source cut it or a parent is missing. */
  readonly isComplete: boolean;
  spans(): readonly MeshSpan[];
  /** When and where its spans ran, to find their lines by; never shown: names out of sight are still in the tags. */
  places(): readonly SpanPlace[];
  /** The chain that decided the duration; selfMs add up to at most durationMs. */
  criticalPath(): readonly { readonly spanId: string; readonly selfMs: number }[];
  links(): readonly Link[];
}

/** What traces to look for; see contract. */
export interface TraceSelection {
  readonly errorsOnly: boolean;
  readonly minDurationMs: number | null;
  readonly maxDurationMs: number | null;
  readonly operation: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Many searches that belong together: once a source was seen to hold all that the others do, the rest of the request asks it alone. Left
   * out: every source is asked.
   */
  readonly isSample?: boolean;
}

/** A page by instant and id, newest first. */
export interface TracePosition {
  readonly startMs: number;
  readonly traceId: string;
}

/** Traces with the position the next page starts after; null when nothing follows. */
export interface TracePage {
  readonly traces: readonly MeshTrace[];
  readonly next: TracePosition | null;
}

/** A log record with the service its labels or pod say it is of. */
export interface MeshLogRecord extends LogRecord {
  /** Name of the log source. */
  readonly source: string;
  readonly service: ServiceRef | null;
  readonly links: readonly Link[];
}

/** Records, newest first, with where the next page starts. `position` of each record is for its own cursor. */
export interface LogPage {
  readonly records: readonly MeshLogRecord[];
  /** Per source name; null when nothing follows. */
  readonly next: Readonly<Record<string, LogPosition>> | null;
  readonly total: LogTotal | null;
}

/** A service's newest records, and how many it wrote; null where nobody counted. */
export type ServiceLines = Pick<LogPage, "records" | "total">;

/**
 * Records joined to a trace or span, oldest first, and how. `match` is null when there are none, else the strongest way one of them was
 * joined: beside lines with the trace's id stand access-log lines of the same requests, which carry a request id only. TIME_WINDOW is never
 * mixed with the others.
 */
export interface JoinedLogs {
  readonly match: LogMatch | null;
  readonly records: readonly MeshLogRecord[];
}

/** Counts per level and step. */
export interface LogVolume {
  readonly timestampsMs: readonly number[];
  readonly byLevel: readonly { readonly level: LogLevel; readonly values: readonly number[] }[];
}

/** What is wanted of a service's logs. */
export type LogSelection = Pick<LogFilter, "levels" | "text" | "lines" | "pods">;

/** A change near a service. One of a namespace the caller may not see is there without its name, namespace and words. */
export type ServiceChange = Omit<WorkloadChange, "services">;

/** State of one configured source as `sources` and `check` show it. */
export interface SourceReport extends SourceStatus {
  readonly cluster: string | null;
  readonly probe: SourceProbe | null;
  readonly checkedAtMs: number;
}

/** A reference as users give it: the cluster may be left out where only one has such a service. */
export interface ServiceRefInput {
  readonly cluster: string | null;
  readonly namespace: string;
  readonly name: string;
}

/** The reads of one request; made per request, memoised and batched within it. */
export interface MeshReader {
  /**
   * The same reads for questions about many windows within one long one: who is who is looked up once over all of it, so that a service is
   * known in a window it was not seen in. Metrics only; everything else is shared with this reader.
   */
  spanning(window: TimeWindow): MeshReader;
  /** Every configured source, asked once (kept for 15 s). */
  sourceReports(): Promise<readonly SourceReport[]>;
  /** Null when no source saw it in the window or the last 24 h; the object when that cannot be told because a source is down. */
  findService(ref: ServiceRefInput, window: TimeWindow): Promise<MeshService | null>;
  /** Sorted by (cluster, namespace, name); whole list, paging is the caller's. */
  listServices(window: TimeWindow, selection: ServiceSelection): Promise<Pillar<readonly MeshService[]>>;
  golden(ref: ServiceRef, window: TimeWindow): GoldenSignals;
  /** Edges into and out of one service. */
  edgesOf(
    ref: ServiceRef,
    direction: "INBOUND" | "OUTBOUND" | "BOTH",
    window: TimeWindow,
  ): Promise<Pillar<readonly MeshEdge[]>>;
  graph(window: TimeWindow, selection: ServiceSelection, maxEdges: number): Promise<Pillar<MeshGraph>>;
  /**
   * Says which measures a list or graph will be asked for, so that they go out at once with the first question. Optional: it only saves
   * time; every measure not announced is asked when it is read.
   */
  announce(measures: readonly AnnouncedMeasure[], scope: ServiceRef | null, window: TimeWindow): void;

  traces(
    ref: ServiceRef,
    window: TimeWindow,
    selection: TraceSelection,
    limit: number,
    after: TracePosition | null,
  ): Promise<Pillar<TracePage>>;
  /** Null value with sources OK: no source holds it. `window` helps backends that need one. */
  trace(traceId: string, window: TimeWindow | null): Promise<Pillar<MeshTrace>>;
  /** Batched: asked for many ids at once, each once. */
  traceOfLog(traceId: string, window: TimeWindow): Promise<MeshTrace | null>;

  logs(
    ref: ServiceRef,
    window: TimeWindow,
    selection: LogSelection,
    limit: number,
    after: Readonly<Record<string, LogPosition>> | null,
    withTotal: boolean,
  ): Promise<Pillar<LogPage>>;
  /** The same of many services by few questions, in their order, each with its newest records and how many there are. */
  logsOfServices(
    refs: readonly ServiceRef[],
    window: TimeWindow,
    selection: LogSelection,
    limitEach: number,
  ): Promise<Pillar<readonly ServiceLines[]>>;
  logVolume(
    ref: ServiceRef,
    window: TimeWindow,
    selection: LogSelection,
    maxPoints: number,
  ): Promise<Pillar<LogVolume>>;
  /** Grown most first, those that did not grow left out; one upstream call per source for both windows. */
  logPatterns(
    ref: ServiceRef,
    windows: { readonly window: TimeWindow; readonly baseline: TimeWindow },
    selection: LogSelection,
    limit: number,
  ): Promise<Pillar<readonly LogPatternChange[]>>;
  logsOfTrace(trace: MeshTrace, limit: number): Promise<Pillar<JoinedLogs>>;
  /**
   * The same of many traces by few questions, in the order of the traces: lines with a trace's id or those of its requests, none by time.
   * Where traces write hundreds of lines, some lines may be left out.
   */
  logsOfTraces(traces: readonly MeshTrace[], limitEach: number): Promise<Pillar<readonly JoinedLogs[]>>;
  logsOfSpan(trace: MeshTrace, span: MeshSpan, limit: number): Promise<Pillar<JoinedLogs>>;

  /** CPU and memory of services' pods over a window, by one question per metrics source; [] where no series tells. */
  podUsage(refs: readonly ServiceRef[], window: TimeWindow): Promise<Pillar<readonly PodUsage[]>>;
  /** State of its workloads. Batched: many services are one question to each source. */
  health(ref: ServiceRef): Promise<Pillar<ServiceHealth>>;
  /** What was changed near it in the window, newest first, at most 100. Batched. */
  changes(ref: ServiceRef, window: TimeWindow): Promise<Pillar<readonly ServiceChange[]>>;

  /** Links for a service over a window. */
  serviceLinks(ref: ServiceRef, window: TimeWindow): readonly Link[];
}

/** A measure that will be read. */
export type AnnouncedMeasure =
  | { readonly of: "services" | "edges"; readonly measure: "outcome"; readonly view: View }
  | { readonly of: "services" | "edges"; readonly measure: "latency"; readonly view: View; readonly quantile: number }
  | { readonly of: "edges"; readonly measure: "traffic" };

/** A source as configured, whether or not it answers; for health and readiness. */
export interface ConfiguredSource {
  readonly name: string;
  readonly kind: SourceKind;
}

/** The mesh over its sources. */
export interface Mesh {
  readonly sources: readonly ConfiguredSource[];
  reader(context: ReadContext): MeshReader;
}
