/** What resolvers hand to the resolvers below them, per GraphQL type. Questions upstream stand in functions, so that only what is selected is asked. */

import type { ObjectiveStatus } from "../alerting/alert-board.js";
import type { Delivery, Incident } from "../alerting/alert-desk.js";
import type { Evidence, EvidenceChart, EvidenceHealth, EvidenceSuspect, EvidenceTrace } from "../alerting/evidence.js";
import type { ClearedService, Diagnosis, Reason, Suspect, WindowSummary } from "../diagnosis/diagnosis.js";
import type { GraphEdge, GraphNode, IncidentGraph } from "../diagnosis/incident-graph.js";
import type {
  EdgeTraffic,
  GoldenSignals,
  JoinedLogs,
  LogPage,
  LogVolume,
  MeshEdge,
  MeshGraph,
  MeshKind,
  MeshLogRecord,
  MeshNode,
  MeshSpan,
  MeshTrace,
  Pillar,
  Series,
  ServiceChange,
  SourceReport,
  TracePage,
  View,
} from "../mesh/mesh.js";
import type { Eventually } from "../telemetry/eventually.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { SourceStatus } from "../telemetry/source.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import type { SpanEvent } from "../telemetry/trace-source.js";
import type { PodHealth, ServiceHealth, WorkloadHealth } from "../telemetry/workload-source.js";
import type { GoldenMeasure } from "./golden-plan.js";
import type { GrafanaScope } from "./grafana-scope.js";

/** A service and the range it passes on. `mesh` is left out where it was met without being looked up. */
export interface ServiceParent {
  readonly ref: ServiceRef;
  readonly mesh?: MeshKind | null;
  readonly window: TimeWindow;
}

/** A page of services, or a ranking (then without cursors). */
export interface ServicePage {
  readonly services: readonly ServiceParent[];
  readonly totalCount: number;
  readonly hasNextPage: boolean;
  readonly isRanking: boolean;
}

export interface ServiceConnectionParent {
  readonly window: TimeWindow;
  page(): Promise<Pillar<ServicePage>>;
}

export interface ServiceEdgeParent {
  readonly service: ServiceParent;
  readonly isRanking: boolean;
}

export type WindowParent = TimeWindow;
export type SourceParent = SourceReport;
export type SourceStatusParent = SourceStatus;
export type SeriesParent = Series;
export type SpanEventParent = SpanEvent;

/** Golden signals seen by `view`; `measures` are those selected, for `sources`. */
export interface GoldenParent {
  readonly signals: GoldenSignals;
  readonly view: View;
  readonly window: TimeWindow;
  readonly measures: readonly GoldenMeasure[];
}

export interface MeasureParent {
  /** Null also where `value` is not selected: it is read then for nothing else. */
  readonly value: number | null;
  readonly unit: "REQUESTS_PER_SECOND" | "RATIO" | "MILLISECONDS";
  /** Null where there is no series of this measure. */
  series(maxPoints: number): Eventually<Pillar<Series>> | null;
}

export interface LatencyMeasureParent {
  readonly quantile: number;
  readonly value: number | null;
  series(maxPoints: number): Eventually<Pillar<Series>>;
}

export interface DependenciesParent {
  readonly window: TimeWindow;
  edges(): Promise<Pillar<readonly MeshEdge[]>>;
}

export interface ServiceGraphParent {
  readonly window: TimeWindow;
  graph(): Promise<Pillar<MeshGraph>>;
}

/** A graph has five thousand edges: what is known of one stands under its field's own name, which is read without a call. */
export interface EdgeParent extends Omit<EdgeTraffic, "connectionsPerSecond"> {
  readonly edge: MeshEdge;
  readonly window: TimeWindow;
  readonly source: GraphNodeParent;
  readonly destination: GraphNodeParent;
  readonly protocol: MeshEdge["protocol"];
  readonly reporter: MeshEdge["reporter"];
  /** Connections per second. */
  readonly connectionRate: number | null;
}

/** As of EdgeParent: id, kind, label and service are read without a call. */
export interface GraphNodeParent {
  readonly id: string;
  readonly kind: MeshNode["kind"];
  readonly label: string;
  readonly service: ServiceParent | null;
  readonly window: TimeWindow;
  signals(): GoldenSignals | null;
}

export interface TraceConnectionParent {
  readonly window: TimeWindow;
  page(): Promise<Pillar<TracePage>>;
}

export interface TraceEdgeParent {
  readonly trace: TraceParent;
}

export interface TraceParent {
  readonly trace: MeshTrace;
  readonly window: TimeWindow;
  sources(): Promise<readonly SourceStatus[]>;
}

export interface TraceRootParent {
  readonly root: MeshTrace["root"];
  readonly window: TimeWindow;
}

export interface SpanParent {
  readonly span: MeshSpan;
  readonly trace: MeshTrace;
  readonly window: TimeWindow;
}

export interface JoinedLogsParent {
  readonly window: TimeWindow;
  readonly pillar: Pillar<JoinedLogs>;
}

export interface LogConnectionParent {
  readonly window: TimeWindow;
  page(): Promise<Pillar<LogPage>>;
}

export interface LogEdgeParent {
  readonly record: LogRecordParent;
  readonly cursor: string | null;
}

export interface LogRecordParent {
  readonly record: MeshLogRecord;
  readonly window: TimeWindow;
}

export interface LogVolumeParent {
  volume(): Promise<Pillar<LogVolume>>;
}

export interface HealthParent {
  health(): Promise<Pillar<ServiceHealth>>;
}

export type WorkloadParent = WorkloadHealth;
export type PodParent = PodHealth;

export interface ChangesParent {
  readonly first: number;
  changes(): Promise<Pillar<readonly ServiceChange[]>>;
}

export type ChangeParent = Omit<ServiceChange, "nature">;

/** An objective as it stands. */
export interface SloParent {
  readonly status: ObjectiveStatus;
  readonly window: TimeWindow;
}

/** An incident as it is stored. */
export interface AlertParent {
  readonly incident: Incident;
  readonly window: TimeWindow;
}

/** Range and choice of a dashboard. */
export type GrafanaParent = GrafanaScope;

/** What was measured when an incident fired, with where else to look. */
export interface EvidenceParent {
  readonly evidence: Evidence;
  readonly incident: Incident;
  readonly window: TimeWindow;
}

export type EvidenceTraceParent = EvidenceTrace;
export type EvidenceBurnParent = EvidenceChart["burn"][number];

/** A suspect with the range of its incident. */
export interface SuspectParent {
  readonly suspect: EvidenceSuspect;
  readonly window: TimeWindow;
}

/** An unwell service with the range of its incident. */
export interface EvidenceHealthParent {
  readonly health: EvidenceHealth;
  readonly window: TimeWindow;
}

/** A message. */
export interface DeliveryParent {
  readonly delivery: Delivery;
}

/** A diagnosis with the range it was asked for. */
export interface DiagnosisParent {
  readonly diagnosis: Diagnosis;
  readonly window: TimeWindow;
}

/** A suspect of it. */
export interface DiagnosedSuspectParent {
  readonly suspect: Suspect;
  readonly window: TimeWindow;
}

export type SuspectReasonParent = Reason;

/** A cleared service of it. */
export interface ClearedServiceParent {
  readonly cleared: ClearedService;
  readonly window: TimeWindow;
}

export type DiagnosedWindowParent = WindowSummary;

/** An incident's graph, less what the caller may not see, with what its picture is called. */
export interface IncidentGraphParent {
  readonly graph: IncidentGraph;
  readonly title: string;
  readonly subtitle: string;
  readonly window: TimeWindow;
}

/** A node of it. */
export interface IncidentNodeParent {
  readonly node: GraphNode;
  readonly place: number;
  readonly window: TimeWindow;
}

export type IncidentCallParent = GraphEdge;
export type IncidentRestParent = IncidentGraph["rest"];
