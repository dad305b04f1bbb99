/**
 * What an objective is, whatever file it was read from: the short form, `slo.defaults`, and the model OpenSLO, Sloth and Pyrra are read
 * into. Plain data; readers make it, the counting, the decision and the surfaces read it.
 */
import { createHash } from "node:crypto";
import type { ServiceRefInput, View } from "../mesh/mesh.js";
import type { MetricSelector } from "../telemetry/metric-source.js";
import type { BurnTier, HoldTimes, Severity } from "./burn-tier.js";
import type { ObjectivePeriod } from "./period.js";
import type { Target } from "./target.js";
import type { AskedQuery, CountedQuery } from "./user-query.js";

/** A status that `failedStatus` adds to or takes from the failed ones: a range of HTTP codes (0 is "no response"), a gRPC status, a response flag. */
export type CallStatus =
  | { readonly kind: "http"; readonly from: number; readonly to: number }
  | { readonly kind: "grpc"; readonly status: number }
  | { readonly kind: "flag"; readonly flag: string };

/** What counts as failed, as changes to the contract's rule; `remove` wins over `add`. */
export interface FailedRule {
  readonly add: readonly CallStatus[];
  readonly remove: readonly CallStatus[];
  /** Whether a caller within the mesh that gave up (`DC`) failed; false leaves such calls out of both sides. */
  readonly callerGaveUp: boolean;
}

/** What is counted and what of it is good. */
export type Sli =
  | { readonly kind: "AVAILABILITY"; readonly view: View; readonly failed: FailedRule }
  /** Good is a call that did not fail and took at most `thresholdMs`. */
  | { readonly kind: "LATENCY"; readonly view: View; readonly failed: FailedRule; readonly thresholdMs: number }
  /** Layer-4 connections that were not closed by a failure, of those opened; the callers' view where they have proxies. */
  | { readonly kind: "CONNECTIONS" }
  /** Two counts by the user's queries; `part` is what `partIs` says. */
  | {
      readonly kind: "EVENTS";
      readonly partIs: "good" | "failed";
      readonly part: CountedQuery;
      readonly total: CountedQuery;
    }
  /** A ratio by the user's query: without minimum events, always approximate. One that names no window is weighted by time. */
  | { readonly kind: "RATIO"; readonly ratioIs: "good" | "failed"; readonly ratio: AskedQuery }
  /** A gauge that is 1 when good and 0 when not; every sample is an event. */
  | { readonly kind: "GAUGE"; readonly gauge: MetricSelector };

/** A part of the service's calls; null is "all". Conditions hold together. */
export interface ObjectiveScope {
  /** Version of the called workload. */
  readonly version: string | null;
  /** Route or operation as the mesh's metrics name it. */
  readonly route: string | null;
  /** Who calls: one edge. */
  readonly caller: ServiceRefInput | null;
  /** A host outside the mesh: the calls that the service makes to it, instead of those it gets. Stands without the others. */
  readonly host: string | null;
}

/** Where an objective is written. */
export interface ObjectiveOrigin {
  readonly kind: "openslo" | "sloth" | "pyrra" | "meshlens" | "default";
  /** Null for a default. */
  readonly file: string | null;
  /** From 1; null for a default. */
  readonly line: number | null;
}

/** When an objective raises an incident. Without tiers it has a budget and no incidents. */
export interface AlertingRules {
  readonly tiers: readonly BurnTier[];
  /** Failed events the long window must hold before a tier is met; not applied to ratios, which have no counts. */
  readonly minFailedEvents: number;
  readonly hold: Readonly<Record<Severity, HoldTimes>>;
}

/** An objective: which share of a service's calls shall be good over a period. */
export interface Objective {
  /** Stable over restarts and over changes of anything but cluster, namespace, service and name. */
  readonly id: string;
  /** Unique within its service. */
  readonly name: string;
  readonly description: string | null;
  /** Who it belongs to and the like, as written, for routing; left out for none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Cluster null: left out in the file, the only cluster that has such a service. */
  readonly service: ServiceRefInput;
  readonly scope: ObjectiveScope;
  readonly sli: Sli;
  readonly target: Target;
  readonly period: ObjectivePeriod;
  readonly alerting: AlertingRules;
  readonly origin: ObjectiveOrigin;
}

/** The contract's rule, unchanged. */
export const contractFailedRule: FailedRule = { add: [], remove: [], callerGaveUp: true };

/** All calls of the service. */
export const wholeService: ObjectiveScope = { version: null, route: null, caller: null, host: null };

/** The id of an objective: 20 hexadecimal digits, the same wherever and whenever it is made from the same names as written. */
export function objectiveId(service: ServiceRefInput, name: string): string {
  const parts = [service.cluster ?? "", service.namespace, service.name, name];
  return createHash("sha256").update(parts.join("\u0000")).digest("hex").slice(0, 20);
}

/** Labels as an objective keeps them, of several sets the last one's where they meet; left out where there are none, lists too. */
export function labelled(
  ...sets: readonly (Readonly<Record<string, unknown>> | undefined)[]
): Pick<Objective, "labels"> {
  const entries = sets
    .flatMap((set) => Object.entries(set ?? {}))
    .flatMap(([name, value]) => (typeof value === "object" ? [] : [[name, String(value)] as const]));
  return entries.length === 0 ? {} : { labels: Object.fromEntries(entries) };
}
