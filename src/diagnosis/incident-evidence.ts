/**
 * What a diagnosis is made from: an incident's window and windows that did not burn, as plain values. Filled by whoever gathers it
 * (by bounded queries, or from files), read by diagnose(). Null is "not known" (say so in `missing`), an empty list "looked, and none".
 */
import type { LogLevel } from "../telemetry/log-source.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import type { Span } from "../telemetry/trace-source.js";

/** All that is known of one incident. */
export interface IncidentEvidence {
  /** The service whose budget burns; null looks at the whole mesh. */
  readonly service: ServiceRef | null;
  /** Whose budget burns, where that is not `service`: its calls never arrived, and the requests of its caller are looked at. */
  readonly alerting?: ServiceRef;
  /** What is bad of it; null counts failures and slowness against the baseline. */
  readonly objective: EvidenceObjective | null;
  /**
   * When the bad requests began, by the SLI; changes are judged against it. Null when nothing is known to burn: then naming somebody
   * takes more.
   */
  readonly onsetMs: number | null;
  readonly incident: WindowEvidence;
  /** Windows that did not burn and ended before the onset; [] when there is none. Several are pooled, and what differs between them is noise. */
  readonly baselines: readonly WindowEvidence[];
  /** Counts over longer time, from metrics; [] when not learnt. */
  readonly background: readonly LearntBackground[];
  /** From half an hour before the onset to the window's end; null when not known. */
  readonly changes: readonly NearChange[] | null;
  /** What befell pods meanwhile: restarts and events, in Kubernetes' words; left out and null when not known. */
  readonly befell?: readonly NearChange[] | null;
  readonly missing: readonly MissingPart[];
}

/** The promise that is broken. */
export type EvidenceObjective =
  | { readonly kind: "AVAILABILITY" }
  /** Slower than the threshold is bad; so is failed. */
  | { readonly kind: "LATENCY"; readonly thresholdMs: number };

/** One stretch of time. */
export interface WindowEvidence {
  readonly window: TimeWindow;
  /** A sample of the traces through the service. */
  readonly traces: readonly WeightedTrace[] | null;
  readonly edges: readonly EdgeMeasure[] | null;
  /** Left out when not known. */
  readonly connections?: readonly ConnectionMeasure[];
  readonly errorLogs: readonly ErrorLogs[] | null;
  /** All lines of some of the traces (about 40 in the incident, more in a baseline). */
  readonly traceLines: readonly TraceLine[] | null;
  readonly workloads: readonly PodFacts[] | null;
}

/** A trace and how much traffic it stands for. */
export interface WeightedTrace {
  readonly traceId: string;
  /** Requests it stands for, > 0: the group's true size / sampled traces of the group; 1 when nothing is known. */
  readonly weight: number;
  /** In any order; spans of Meshlens' own MeshTrace fit. */
  readonly spans: readonly OwnedSpan[];
  /** False when a source cut it. Missing parents are found here. */
  readonly isComplete: boolean;
}

/** A span with its service; pod and version are read from its tags. */
export interface OwnedSpan extends Span {
  /** Null when its names fit none: its time is charged to its caller. */
  readonly service: ServiceRef | null;
}

/** Counted calls of one stretch. Failed by the contract's rule (classify-outcome.ts). */
export interface CallCounts {
  readonly requestCount: number;
  readonly failedCount: number;
  /** Sum of the calls' durations; null where no histogram tells. */
  readonly durationSumMs: number | null;
}

/** One edge as one proxy counted it. */
export interface EdgeMeasure extends CallCounts {
  /** Null: from outside the mesh or unknown. A gateway is a service. */
  readonly source: ServiceRef | null;
  readonly destination: EdgeEnd;
  readonly reporter: "SOURCE" | "DESTINATION" | "WAYPOINT";
  /** `destination_version`; null where the rows are not told apart by it. */
  readonly destinationVersion: string | null;
  /** The destination's pod, from the server's rows; null where the rows are not told apart by it. */
  readonly destinationPod: string | null;
  /** Calls per response flag; no zero entries. */
  readonly flags: readonly { readonly flag: string; readonly count: number }[];
  /** The same in equal parts of the window, oldest first: their spread is the uncertainty. [] when only the whole is known. */
  readonly parts: readonly CallCounts[];
}

/** TCP connections of a service as its own proxy counted them: what no request is seen in, such as TLS to a host outside. */
export interface ConnectionMeasure {
  readonly source: ServiceRef;
  readonly destination: EdgeEnd;
  readonly openedCount: number;
  readonly failedCount: number;
}

/** Where an edge leads. */
export type EdgeEnd =
  | { readonly kind: "SERVICE"; readonly service: ServiceRef }
  /** A host outside the mesh (`mysql.example.com`), black hole and passthrough included. */
  | { readonly kind: "EXTERNAL"; readonly host: string };

/** ERROR and FATAL lines of a service: how many there were, and some of them. */
export interface ErrorLogs {
  readonly service: ServiceRef;
  /** All of them, also those not in `lines`. */
  readonly count: number;
  /** At most some dozens. */
  readonly lines: readonly LogLine[];
}

/** A line of an application's log, redacted or not: sentences show its pattern only. */
export interface LogLine {
  readonly service: ServiceRef;
  readonly pod: string | null;
  readonly level: LogLevel;
  readonly message: string;
}

/** A line joined to one of the window's traces. */
export interface TraceLine extends LogLine {
  readonly traceId: string;
}

/** What a pod used and suffered within the window; null is not known. */
export interface PodFacts {
  readonly service: ServiceRef;
  readonly pod: string;
  /** Mean. */
  readonly cpuCores: number | null;
  /** Share of the time it was held back at its limit, 0..1. */
  readonly cpuThrottledRatio: number | null;
  /** Newest. */
  readonly memoryBytes: number | null;
  /** Newest, of its fullest container's limit, 0..1; left out and null when not known. */
  readonly memoryLimitRatio?: number | null;
  /** Within the window. */
  readonly restarts: number | null;
}

/**
 * How a service usually is: calls into it over longer time (a day or more, incidents left in: they are few), one entry per edge and step.
 * Grouped queries of metrics give it cheaply for all services at once.
 */
export interface LearntBackground {
  /** Null: all callers together. */
  readonly source: ServiceRef | null;
  readonly destination: ServiceRef;
  readonly stepMs: number;
  /** Oldest first; steps without calls may be left out. */
  readonly steps: readonly CallCounts[];
  /** ERROR and FATAL lines per step of the destination; null when not known. Only where source is null. */
  readonly errorLines: readonly number[] | null;
}

/** Something that was changed near services. */
export interface NearChange {
  readonly id: string;
  readonly atMs: number;
  /** Kubernetes kind: a mesh rule (`VirtualService`), a rollout (`Deployment`), ... */
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly summary: string;
  /** The services it touches. */
  readonly services: readonly ServiceRef[];
}

/** Kinds of evidence, each from one sort of source. */
export const evidencePillars = ["TRACES", "METRICS", "LOGS", "WORKLOADS", "CHANGES", "BASELINE", "BACKGROUND"] as const;

/** One of {@link evidencePillars}. */
export type EvidencePillar = (typeof evidencePillars)[number];

/** What could not be seen, and why. */
export interface MissingPart {
  readonly pillar: EvidencePillar;
  /** One sentence for people, without secrets. */
  readonly message: string;
}
