/**
 * What was known when an incident fired, frozen with it: plain JSON for the store, the same for GraphQL and for messages. Whoever gathers
 * it fills it; null is "not known" (then `missing` says why), an empty list is "looked, and there is none".
 */
import type { IncidentGraph } from "../diagnosis/incident-graph.js";
import type { BurnCondition } from "../slo/burn-condition.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { SourceState } from "../telemetry/source.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import type { HealthState } from "../telemetry/workload-source.js";
import type { AlertTransition } from "./alert-state.js";

/** The evidence. `version` is raised when the shape changes; readEvidence understands every version released. */
export interface Evidence {
  readonly version: 1;
  readonly takenAtMs: number;
  /** False: only what it fired on; the rest is being gathered. */
  readonly isGathered: boolean;
  /** The stretch that traces and logs were asked for; changes are asked for from half an hour before it. */
  readonly window: TimeWindow;
  readonly burnConditions: readonly BurnCondition[];
  /** In the longest window met; null when not known or not counted. */
  readonly goodCount: number | null;
  readonly totalCount: number | null;
  readonly budget: EvidenceBudget | null;
  readonly chart: EvidenceChart | null;
  /** What the suspects come to, or why nobody is suspected: one sentence for people; null when not known. */
  readonly verdict: string | null;
  /** Likeliest first. */
  readonly suspects: readonly EvidenceSuspect[] | null;
  /** The part of the mesh that matters, with the suspects in it; null when not known. Some kB at most. */
  readonly graph: IncidentGraph | null;
  /** Failing or slow ones of different shapes. */
  readonly traces: readonly EvidenceTrace[] | null;
  /** Grown most first. */
  readonly logPatterns: readonly EvidenceLogPattern[] | null;
  /** What somebody changed, then what befell; of each the newest first. */
  readonly changes: readonly EvidenceChange[] | null;
  /** Of it, of what it calls and of where its traces end: those with something wrong, its own first; empty: all is well in Kubernetes. */
  readonly health: readonly EvidenceHealth[] | null;
  readonly links: readonly EvidenceLink[];
  readonly missing: readonly MissingEvidence[];
}

/** The budget as it was then. */
export interface EvidenceBudget {
  /** Below 0 when overspent; null without events. */
  readonly remainingRatio: number | null;
  /** Epoch ms at the burn rate of then; null when it will not be spent within the period. */
  readonly exhaustedAtMs: number | null;
}

/** Series of the chart; all lists have the length of `timestamps`, a gap is null. */
export interface EvidenceChart {
  /** Epoch ms, rising. */
  readonly timestamps: readonly number[];
  /** Failed share of the calls, 0..1. */
  readonly errorRatio: readonly (number | null)[];
  /** One per window shown. */
  readonly burn: readonly {
    readonly windowMs: number;
    readonly values: readonly (number | null)[];
  }[];
  /** Burn rates that meet a tier. */
  readonly thresholds: readonly { readonly tier: string; readonly value: number }[];
}

/** A service that may be the cause. */
export interface EvidenceSuspect {
  readonly service: ServiceRef;
  /** Share of the failed calls it explains, 0..1. */
  readonly score: number;
  readonly grade: "STRONG" | "LIKELY" | "POSSIBLE";
  /** In words, one sentence each. */
  readonly reasons: readonly string[];
}

/** A trace that shows it. */
export interface EvidenceTrace {
  readonly traceId: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly errorCount: number;
  /** The way of the fault in one line, such as `productpage > reviews > ratings: 503 after 3 tries`. */
  readonly summary: string;
  /** More of it, several lines; null when the summary says all. */
  readonly detail: string | null;
  /** The service in which the fault began, as far as the trace shows; null when not known. */
  readonly faultAt: ServiceRef | null;
  readonly links: readonly EvidenceLink[];
}

/** A group of alike log lines that grew. */
export interface EvidenceLogPattern {
  readonly pattern: string;
  readonly count: number;
  /** In a window of equal length before; null when not known. */
  readonly baselineCount: number | null;
  /** One of the lines, secrets struck out by whoever gathered it. */
  readonly sample: string;
  /** Of whose lines; left out in evidence of versions that did not keep it. */
  readonly namespace?: string | undefined;
}

/** Something changed shortly before. */
export interface EvidenceChange {
  readonly atMs: number;
  /** Kubernetes kind. */
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly summary: string;
  readonly detail: string | null;
}

/** A service whose workloads are not well. */
export interface EvidenceHealth {
  readonly service: ServiceRef;
  readonly state: Exclude<HealthState, "HEALTHY" | "IDLE" | "UNKNOWN">;
  /** In words, the gravest first. */
  readonly reasons: readonly string[];
}

/** The same time in another tool. */
export interface EvidenceLink {
  readonly kind: "PROMETHEUS" | "JAEGER" | "ZIPKIN" | "KIBANA" | "GRAFANA" | "MESHLENS" | "SLACK";
  readonly name: string;
  readonly url: string;
}

/** Parts of the evidence that can be missing. */
export const evidenceParts = ["CHART", "SUSPECTS", "CHANGES", "TRACES", "LOGS", "HEALTH"] as const;

/** One of {@link evidenceParts}. */
export type EvidencePart = (typeof evidenceParts)[number];

/** What could not be gathered, and why. */
export interface MissingEvidence {
  readonly part: EvidencePart;
  /** Name of the source in the configuration; of what is not configured, its kind. */
  readonly name: string;
  readonly state: SourceState;
  /** For people, without secrets; null when the state says it. */
  readonly message: string | null;
}

/** What is known the moment it fires, before anything is asked. */
export function begunEvidence({
  atMs,
  burnConditions,
  goodCount,
  totalCount,
}: Pick<AlertTransition, "atMs" | "burnConditions" | "goodCount" | "totalCount">): Evidence {
  return {
    version: 1,
    takenAtMs: atMs,
    isGathered: false,
    window: evidenceWindow(burnConditions, atMs),
    burnConditions,
    goodCount,
    totalCount,
    budget: null,
    chart: null,
    verdict: null,
    suspects: null,
    graph: null,
    traces: null,
    logPatterns: null,
    changes: null,
    health: null,
    links: [],
    missing: evidenceParts.map((part) => ({
      part,
      name: part.toLowerCase(),
      state: "DEGRADED",
      message: "It is being gathered.",
    })),
  };
}

const leastWindowMs = 900_000;
const mostWindowMs = 7_200_000;

/** The stretch to look for traces and log lines in: the longest short window met, 15 min to 2 h: what burns now, not what has long been over. */
export function evidenceWindow(burnConditions: readonly BurnCondition[], toMs: number): TimeWindow {
  const met = burnConditions.filter((condition) => condition.met).map(({ short }) => short.windowMs);
  return { fromMs: toMs - Math.min(mostWindowMs, Math.max(leastWindowMs, ...met)), toMs };
}
