/** The schema of the package with its resolvers and scalars: read once at the start. */
import { readdirSync, readFileSync } from "node:fs";
import { buildSchema, type GraphQLSchema, isInterfaceType, isObjectType, isScalarType } from "graphql";
import { MeshlensError } from "../errors.js";
import type { Resolvers } from "./generated/resolver-types.js";
import { alertResolvers } from "./resolvers/alert.js";
import { deliveryResolvers } from "./resolvers/delivery.js";
import {
  clearedServiceResolvers,
  diagnosedSuspectResolvers,
  diagnosedWindowResolvers,
  diagnosisResolvers,
  suspectReasonResolvers,
} from "./resolvers/diagnosis.js";
import {
  evidenceBurnResolvers,
  evidenceHealthResolvers,
  evidenceResolvers,
  evidenceTraceResolvers,
  suspectResolvers,
} from "./resolvers/evidence.js";
import { goldenResolvers, latencyMeasureResolvers, measureResolvers, seriesResolvers } from "./resolvers/golden.js";
import { grafanaResolvers } from "./resolvers/grafana.js";
import { dependenciesResolvers, edgeResolvers, graphNodeResolvers, serviceGraphResolvers } from "./resolvers/graph.js";
import {
  incidentCallResolvers,
  incidentGraphResolvers,
  incidentNodeResolvers,
  incidentRestResolvers,
} from "./resolvers/incident-graph.js";
import {
  joinedLogsResolvers,
  logConnectionResolvers,
  logEdgeResolvers,
  logRecordResolvers,
  logVolumeResolvers,
} from "./resolvers/log.js";
import { mutationResolvers } from "./resolvers/mutation.js";
import { queryResolvers } from "./resolvers/query.js";
import { serviceConnectionResolvers, serviceEdgeResolvers, serviceResolvers } from "./resolvers/service.js";
import { sloResolvers } from "./resolvers/slo.js";
import { sourceResolvers, sourceStatusResolvers, windowResolvers } from "./resolvers/source.js";
import { subscriptionResolvers } from "./resolvers/subscription.js";
import {
  spanEventResolvers,
  spanResolvers,
  traceConnectionResolvers,
  traceEdgeResolvers,
  traceResolvers,
  traceRootResolvers,
} from "./resolvers/trace.js";
import {
  changeResolvers,
  changesResolvers,
  healthResolvers,
  podResolvers,
  workloadResolvers,
} from "./resolvers/workload.js";
import { cursorScalar } from "./scalars/cursor-scalar.js";
import { dateTimeScalar } from "./scalars/date-time.js";
import { durationScalar } from "./scalars/duration.js";
import { grafanaChoiceScalar, grafanaTimeScalar } from "./scalars/grafana-scalars.js";
import { traceIdScalar } from "./scalars/trace-id-scalar.js";

const scalars = {
  Duration: durationScalar,
  DateTime: dateTimeScalar,
  Cursor: cursorScalar,
  TraceId: traceIdScalar,
  GrafanaTime: grafanaTimeScalar,
  GrafanaChoice: grafanaChoiceScalar,
};

const resolvers: Resolvers = {
  Query: queryResolvers,
  Mutation: mutationResolvers,
  Subscription: subscriptionResolvers,
  Service: serviceResolvers,
  ServiceConnection: serviceConnectionResolvers,
  ServiceEdge: serviceEdgeResolvers,
  Golden: goldenResolvers,
  Measure: measureResolvers,
  LatencyMeasure: latencyMeasureResolvers,
  Series: seriesResolvers,
  ServiceGraph: serviceGraphResolvers,
  Dependencies: dependenciesResolvers,
  Edge: edgeResolvers,
  GraphNode: graphNodeResolvers,
  TraceConnection: traceConnectionResolvers,
  TraceEdge: traceEdgeResolvers,
  Trace: traceResolvers,
  TraceRoot: traceRootResolvers,
  Span: spanResolvers,
  SpanEvent: spanEventResolvers,
  LogConnection: logConnectionResolvers,
  LogEdge: logEdgeResolvers,
  LogRecord: logRecordResolvers,
  JoinedLogs: joinedLogsResolvers,
  LogVolume: logVolumeResolvers,
  Health: healthResolvers,
  Workload: workloadResolvers,
  Pod: podResolvers,
  Changes: changesResolvers,
  Change: changeResolvers,
  Slo: sloResolvers,
  Alert: alertResolvers,
  Evidence: evidenceResolvers,
  EvidenceTrace: evidenceTraceResolvers,
  EvidenceBurn: evidenceBurnResolvers,
  Suspect: suspectResolvers,
  EvidenceHealth: evidenceHealthResolvers,
  Delivery: deliveryResolvers,
  Diagnosis: diagnosisResolvers,
  DiagnosedSuspect: diagnosedSuspectResolvers,
  SuspectReason: suspectReasonResolvers,
  ClearedService: clearedServiceResolvers,
  DiagnosedWindow: diagnosedWindowResolvers,
  IncidentGraph: incidentGraphResolvers,
  IncidentNode: incidentNodeResolvers,
  IncidentCall: incidentCallResolvers,
  IncidentRest: incidentRestResolvers,
  Source: sourceResolvers,
  SourceStatus: sourceStatusResolvers,
  Window: windowResolvers,
  Grafana: grafanaResolvers,
};

/** The SDL of the package, all files of schema/ in the order of their names. @throws MESHLENS_ERR_INTERNAL when it is not there */
export function readSchemaText(): string {
  const folder = new URL("../../../schema/", import.meta.url);
  try {
    const files = readdirSync(folder).filter((name) => name.endsWith(".graphql"));
    return files
      .sort()
      .map((name) => readFileSync(new URL(name, folder), "utf8"))
      .join("\n");
  } catch (error) {
    const message = `The schema cannot be read from ${folder.pathname}: the installation is incomplete, install Meshlens again.`;
    throw new MeshlensError("MESHLENS_ERR_INTERNAL", message, { at: folder.pathname }, error);
  }
}

/** A schema that can be executed; the caller owns it. */
export function createExecutableSchema(): GraphQLSchema {
  const schema = buildSchema(readSchemaText());
  for (const [name, functions] of Object.entries(scalars)) {
    const type = schema.getType(name);
    if (isScalarType(type)) Object.assign(type, functions);
  }
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    const definitions = type.getFields();
    for (const [fieldName, resolver] of Object.entries(fields)) {
      const definition = definitions[fieldName];
      if (definition !== undefined) {
        Object.assign(definition, typeof resolver === "function" ? { resolve: resolver } : resolver);
      }
    }
  }
  const node = schema.getType("Node");
  if (isInterfaceType(node)) node.resolveType = typeOfNode;
  return schema;
}

/** Each kind of parent has a property that no other has. */
function typeOfNode(parent: object): string {
  if ("delivery" in parent) return "Delivery";
  return "status" in parent ? "Slo" : "incident" in parent ? "Alert" : "Service";
}
