/** The part of the mesh that matters for an incident, as plain JSON of bounded size: kept with its evidence, drawn by `picture`. */
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { SuspectGrade, SuspectPart } from "./suspect-part.js";

/** At most so many nodes; what is not among them is summed up in `rest`. */
export const mostNodes = 15;
/** At most so many calls. */
export const mostEdges = 24;

/** The service that burns, its callers, the suspects and the ways to them. */
export interface IncidentGraph {
  /** What the weights of the edges tell: failed calls or time; null when neither is more than before. */
  readonly measure: "FAILED" | "TIME" | null;
  /** What the figures were counted from. */
  readonly basis: "TRACES" | "METRICS";
  /** The most important first; [] when nothing is known of any call. */
  readonly nodes: readonly GraphNode[];
  /** The heaviest first. */
  readonly edges: readonly GraphEdge[];
  /** What is not shown. */
  readonly rest: {
    readonly nodeCount: number;
    readonly edgeCount: number;
    /** Share of the excess of all calls that is on those, 0..1. */
    readonly excessRatio: number;
  };
}

/** A service, or something outside the mesh that is called. */
export interface GraphNode {
  /** Null: no service of the mesh. */
  readonly service: ServiceRef | null;
  /** The service's name, or the host or dependency as its source spells it. */
  readonly name: string;
  /** Whether its budget burns, or it was asked about. */
  readonly isAlerting: boolean;
  readonly suspect: GraphSuspect | null;
}

/** What is suspected of a node. */
export interface GraphSuspect {
  /** 1 is the likeliest. */
  readonly rank: number;
  readonly grade: SuspectGrade;
  /** Explained bad requests per 100. */
  readonly score: number;
  readonly part: SuspectPart | null;
}

/** All calls from one node to another; counts are per 100 requests of the service that is looked at. */
export interface GraphEdge {
  /** Places of its ends in `nodes`. */
  readonly source: number;
  readonly destination: number;
  readonly callsPer100: number;
  /** Failed calls / calls, 0..1. */
  readonly failedRatio: Compared;
  /** Mean time its caller waited for a call; null where no trace shows it. */
  readonly callMs: Compared | null;
  /** More failed calls per 100 requests than before, >= 0. */
  readonly excessFailedPer100: number;
  /** More time on average per request than before, >= 0; null where no trace shows it. */
  readonly excessMs: number | null;
  /** Its excess by the graph's measure against the largest one shown, 0..1. */
  readonly weight: number;
}

/** A figure of the incident and what it was before; null where nothing is known of before. */
export interface Compared {
  readonly incident: number;
  readonly before: number | null;
}

/** Of a diagnosis without any evidence. */
export const emptyGraph: IncidentGraph = {
  measure: null,
  basis: "TRACES",
  nodes: [],
  edges: [],
  rest: { nodeCount: 0, edgeCount: 0, excessRatio: 0 },
};
