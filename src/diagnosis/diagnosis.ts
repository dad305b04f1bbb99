/** The answer of a diagnosis: who is to blame, how sure, why, and what could not be seen. Made by diagnose(), shown by every surface. */
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import type { MissingPart, NearChange } from "./incident-evidence.js";
import type { IncidentGraph } from "./incident-graph.js";
import type { SuspectGrade, SuspectPart } from "./suspect-part.js";

/** What came out. Plain JSON. */
export interface Diagnosis {
  readonly verdict: Verdict;
  /** Likeliest first; [] unless the verdict is SUSPECTS. */
  readonly suspects: readonly Suspect[];
  /** Services that look involved and are not, with why; the busiest first, at most ten. */
  readonly cleared: readonly ClearedService[];
  /** Not seen, in sentences: the evidence's own gaps and those found on the way. */
  readonly missing: readonly MissingPart[];
  readonly incident: WindowSummary;
  /** Null without any baseline. */
  readonly baseline: WindowSummary | null;
  /** The part of the mesh that matters: who burns, its callers, the suspects and the ways to them. */
  readonly graph: IncidentGraph;
}

/** Whether anybody is named, and if not, why. `sentence` is for people. */
export type Verdict =
  | { readonly kind: "SUSPECTS"; readonly sentence: string }
  | { readonly kind: "NO_SUSPECT"; readonly reason: NoSuspectReason; readonly sentence: string }
  /** All entries suffer alike before any service of the mesh does anything. */
  | { readonly kind: "OUTSIDE_MESH"; readonly sentence: string }
  /** The baseline burns as much: nothing can be told from the difference. */
  | { readonly kind: "BASELINE_AS_BAD"; readonly sentence: string };

/** Why nobody is named. */
export type NoSuspectReason =
  | "NOTHING_STANDS_OUT"
  | "TOO_FEW_REQUESTS"
  | "TOO_FEW_BAD_REQUESTS"
  | "NO_BASELINE"
  | "NO_EVIDENCE";

/** A service that may be the cause. */
export interface Suspect {
  readonly service: ServiceRef;
  /** What of it, where that can be told; null: the service. */
  readonly part: SuspectPart | null;
  /**
   * Explained bad requests per 100: how many more of 100 requests are bad than in the baseline because of this service. The sum of its
   * pieces' `explained`, at most 100.
   */
  readonly score: number;
  /** Of the sum, in the same unit; of chance within the windows and of the differences between baselines. */
  readonly standardError: number;
  /** That of all services this one explains most, 0..1. */
  readonly probability: number;
  readonly grade: SuspectGrade;
  /** The most telling first; never empty. */
  readonly reasons: readonly Reason[];
  /** What the score is made of, largest first. */
  readonly pieces: readonly ScorePiece[];
  /** Changes near it shortly before the onset, the nearest first. */
  readonly changes: readonly NearChange[];
}

/** What a reason rests on. */
export type ReasonKind =
  | "CHANGE"
  | "INJECTED_FAULT"
  | "ERRORS"
  | "SLOW_CALLS"
  | "SLOW_WORK"
  | "ERROR_LINES"
  | "LOG_PATTERN"
  | "FEWER_CALLS"
  | "EDGE_METRICS"
  | "VERSION"
  | "POD"
  | "EXTERNAL"
  | "CPU"
  | "MEMORY"
  | "RESTARTS";

/** One sentence from counted numbers. */
export interface Reason {
  readonly kind: ReasonKind;
  readonly sentence: string;
  /** The sentence's numbers by name, units in the names (`incidentMs`, `incidentCount`); null is not known. */
  readonly numbers: Readonly<Record<string, number | null>>;
}

/** One part of a score: explained = share × (incident - expected) × credibility × weight. */
export interface ScorePiece {
  readonly kind:
    | "ERRORS"
    | "LATENCY"
    | "ERROR_LINES"
    | "LOG_PATTERN"
    | "FEWER_CALLS"
    | "METRIC_ERRORS"
    | "METRIC_WAITS"
    | "METRIC_LATENCY";
  /** Operation, calls (`a → b`) or pattern it is about. */
  readonly name: string;
  /** Requests that could show it, of all of the incident, 0..1. */
  readonly share: number;
  /** Bad ones per 100 of those. */
  readonly incident: number;
  /** As many as the baseline and the learnt background lead to expect. */
  readonly expected: number;
  /** That it really changed, 0..1: little where it was seen too seldom to be known. */
  readonly credibility: number;
  /** Of slow calls: whether the service is slow to all its callers, 0.5..1; of time by metrics half of that; of log patterns and calls left out 0.1; else 1. */
  readonly weight: number;
  /** What it adds to the score, per 100 requests. */
  readonly explained: number;
  readonly standardError: number;
}

/** A service that is not it. */
export interface ClearedService {
  readonly service: ServiceRef;
  /** `It is slow only while it waits for ts-basic-service.` */
  readonly sentence: string;
}

/** How much was looked at. */
export interface WindowSummary {
  /** From the first start to the last end of the windows pooled. */
  readonly window: TimeWindow;
  readonly windowCount: number;
  /** Null when no traces were known. */
  readonly traceCount: number | null;
  /** Requests the traces stand for. */
  readonly requestCount: number | null;
  /** Share of them that failed or were slow by the rule used, 0..1. */
  readonly badRatio: number | null;
}
