/** One question a reader may have about measures, and the lane it goes out in: asks of one lane and tick share one upstream request. */
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { View } from "../mesh.js";

/** What is measured. Traffic has no view: TCP is told as its caller saw it. */
export type Measure =
  | { readonly kind: "outcome"; readonly view: View }
  | { readonly kind: "latency"; readonly view: View; readonly quantile: number }
  /** The sum of the calls' durations. */
  | { readonly kind: "duration"; readonly view: View }
  | { readonly kind: "traffic" };

/** About whom: a row per service or per edge, of the whole mesh (`ref` null) or of one service as destination or as source. */
export interface Scope {
  readonly grain: "service" | "edge";
  readonly ref: ServiceRef | null;
  readonly side: "inbound" | "outbound";
}

/** A question. `maxPoints` null: one value for the whole window. */
export interface MeasureAsk {
  readonly measure: Measure;
  readonly scope: Scope;
  readonly window: TimeWindow;
  readonly maxPoints: number | null;
}

/** The whole mesh, by service or by edge. */
export const wholeMesh = (grain: "service" | "edge"): Scope => ({ grain, ref: null, side: "inbound" });

/** Equal questions have equal keys. */
export function askKey(ask: MeasureAsk): string {
  return `${groupKey(ask)}|${ask.scope.ref === null ? "*" : serviceKey(ask.scope.ref)}`;
}

/** Questions with one group key differ in the service only: they share one part of a request. */
export function groupKey({ measure, scope, window, maxPoints }: MeasureAsk): string {
  const view = measure.kind === "traffic" ? "" : measure.view;
  const quantile = measure.kind === "latency" ? measure.quantile : "";
  const who = `${scope.grain}|${scope.side}|${scope.ref === null ? "mesh" : "some"}`;
  return `${measure.kind}|${view}|${quantile}|${who}|${window.fromMs}|${window.toMs}|${maxPoints}`;
}

/** Quantile requests go out beside each other in this many lanes; more quantiles share them. */
const latencyLanes = 3;

/**
 * Lanes of a batch: counts together, quantiles (the heavy part) spread over a few requests that run in parallel; series apart from whole
 * windows because they have other steps. So a batch is at most 8 requests per window, whatever it asks.
 */
export function laneOf(ask: MeasureAsk, quantiles: readonly number[]): string {
  const { measure, window, maxPoints } = ask;
  const time = `${window.fromMs}|${window.toMs}|${maxPoints}`;
  if (measure.kind !== "latency") return `counts|${time}`;
  const lane = maxPoints === null ? quantiles.indexOf(measure.quantile) % latencyLanes : 0;
  return `latency ${lane}|${time}`;
}
