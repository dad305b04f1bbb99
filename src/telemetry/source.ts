/** What every backend adapter has in common, and how the state of a source is told to users. */
import { type ErrorCode, isMeshlensError } from "../errors.js";
import type { SourceInspection } from "./inspection.js";

/** Kinds of backends; one adapter each in `sources/`. `memory` adapters call themselves by the kind they stand in for. */
export type SourceKind = "prometheus" | "jaeger" | "zipkin" | "elasticsearch" | "kubernetes";

/** How a source took part in an answer. DEGRADED: it answered, but not everything (shard failures, partial response, warnings). */
export type SourceState =
  | "OK"
  | "DEGRADED"
  | "TIMEOUT"
  | "UNAVAILABLE"
  | "UNAUTHORIZED"
  | "RATE_LIMITED"
  | "NOT_CONFIGURED";

/** One source's part in one answer. */
export interface SourceStatus {
  readonly name: string;
  readonly kind: SourceKind;
  readonly state: SourceState;
  /** Time of its slowest call for this answer in ms; null when it was not asked. */
  readonly latencyMs: number | null;
  /** One sentence for people: what failed and how to mend it; null when all is well. */
  readonly message: string | null;
}

/** One call to a backend as `debug` shows it. */
export interface UpstreamCall {
  readonly source: string;
  /** What was asked for, a small fixed set per adapter: `instant`, `range`, `search`, `trace`, `msearch`, ... */
  readonly operation: string;
  /** The query as it went out (PromQL, URL path with parameters, JSON body); never headers. */
  readonly query: string;
  /** Rows, traces or documents that came back; null when the call failed. */
  readonly rows: number | null;
  readonly durationMs: number;
  /** True when another request's call or a kept answer served this one. */
  readonly isShared: boolean;
}

/** The terms of one call: given up when `signal` aborts or `deadlineMs` (epoch ms) passes, whichever is first. */
export interface CallOptions {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Goes before calls that are not, into places of its own where theirs are taken: evaluations, which nobody may hold up. Left out: false. */
  readonly isUrgent?: boolean;
  /** Told about each upstream call when it ends; for `debug` and for counting. */
  readonly onUpstreamCall?: (call: UpstreamCall) => void;
}

/** What a probe found out. Capabilities are short fixed words (`native-histograms`, `api-v3`, `shape:fluentd`). */
export interface SourceProbe {
  readonly version: string | null;
  readonly capabilities: readonly string[];
  /** What it holds, in one sentence for `meshlens check`; null when there is nothing to say. */
  readonly found: string | null;
  /** How far its clock is ahead of ours, ms, give or take the call's time; left out where it does not tell. */
  readonly clockSkewMs?: number;
}

/** What is said of a source whose clock differs from ours by more than evaluations bear; null for others. */
export function clockWords({ clockSkewMs = 0 }: Pick<SourceProbe, "clockSkewMs">): string | null {
  if (Math.abs(clockSkewMs) <= toleratedSkewMs) return null;
  const seconds = Math.round(Math.abs(clockSkewMs) / 1000);
  const way = clockSkewMs > 0 ? "ahead of" : "behind";
  return `Its clock is ${seconds} s ${way} Meshlens': objectives follow it up to an hour; set both by NTP.`;
}

/** Differences of clocks that an evaluation's offset bears, ms. */
export const toleratedSkewMs = 5_000;

/** The part every port shares. */
export interface Source {
  /** Name in the configuration; unique. */
  readonly name: string;
  readonly kind: SourceKind;
  /** Cluster whose telemetry this source holds where its records do not say; null = `default`. */
  readonly cluster: string | null;
  /** True when this source holds a share of its cluster's data, false when sources of one cluster are replicas. */
  readonly isShard: boolean;
  /** Reaches the backend once. @throws MESHLENS_ERR_SOURCE_* */
  probe(options: CallOptions): Promise<SourceProbe>;
  /** Looks at what only the adapter can see (rights, mappings, the backend's clock); left out where the port tells all. @throws MESHLENS_ERR_SOURCE_* */
  readonly inspect?: (options: CallOptions) => Promise<SourceInspection>;
  /** Ends keep-alive connections and timers; calls under way end with MESHLENS_ERR_SOURCE_ABORTED. */
  close(): Promise<void>;
}

const stateOfCode: Partial<Record<ErrorCode, SourceState>> = {
  MESHLENS_ERR_SOURCE_TIMEOUT: "TIMEOUT",
  MESHLENS_ERR_SOURCE_ABORTED: "TIMEOUT",
  MESHLENS_ERR_SOURCE_UNAUTHORIZED: "UNAUTHORIZED",
  MESHLENS_ERR_SOURCE_RATE_LIMITED: "RATE_LIMITED",
};

/** The state a failed call gives its source; anything that is not a known source error counts as UNAVAILABLE. */
export function stateOfError(error: unknown): SourceState {
  return (isMeshlensError(error) && stateOfCode[error.code]) || "UNAVAILABLE";
}
