/**
 * What an operation will cost upstream, found before execution: points are weighted upstream calls. What the mesh batches counts once
 * for a whole list; what it must ask per object counts per object. Long ranges and many points make each call dearer.
 */
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type GoldenMeasure, goldenMeasures, maxPointsArgument } from "../golden-plan.js";
import { defaultMaxPoints } from "../range.js";
import type { SelectedField } from "../selection.js";

/** What one field costs. */
interface FieldCost {
  readonly points: number;
  /** Asked once for all objects of a list, whatever their number. */
  readonly isBatched?: boolean;
  /** Objects below it, for what is asked per object. */
  readonly rows?: (args: Readonly<Record<string, unknown>>) => number;
}

/** Points and where they come from, dearest first. */
export interface OperationCost {
  readonly points: number;
  readonly parts: readonly { readonly path: string; readonly points: number }[];
}

/** A range up to this costs as one call; longer ones in proportion. */
const freeRangeMs = 86_400_000;

/** Objects assumed below a field whose number no argument bounds. */
const assumedEdges = 20;
const assumedGraphNodes = 100;
const assumedSpans = 50;
const assumedObjectives = 4;
const assumedSuspects = 4;

const fieldCosts: Readonly<Record<string, FieldCost>> = {
  "Query.node": { points: 1 },
  "Query.service": { points: 1 },
  "Query.services": { points: 1, rows: (args) => topOf(args) ?? firstOf(args) },
  "Query.serviceGraph": { points: 2, rows: () => assumedGraphNodes },
  "Query.trace": { points: 1 },
  "Query.sources": { points: 1 },
  // A dozen calls for each of up to six windows.
  "Query.diagnosis": { points: 75, rows: () => assumedSuspects },
  "Query.slos": { points: 0, rows: firstOf },
  "Query.alerts": { points: 0, rows: firstOf },
  "Grafana.sources": { points: 1 },
  "Grafana.nodes": { points: 5 },
  "Grafana.edges": { points: 5 },
  "Grafana.services": { points: 5 },
  "Grafana.series": { points: 3 },
  "Grafana.sloHistory": { points: 1 },
  "Grafana.changes": { points: 2 },
  "Grafana.logs": { points: 3 },
  "Grafana.traces": { points: 4 },
  "Grafana.links": { points: 1 },
  "Grafana.values": { points: 1 },
  "Query.deliveries": { points: 0, rows: firstOf },
  "Service.mesh": { points: 0 },
  "Service.dependencies": { points: 2, rows: () => assumedEdges },
  "Service.traces": { points: 3, rows: firstOf },
  "Service.logs": { points: 2, rows: firstOf },
  "Service.logVolume": { points: 2 },
  "Service.health": { points: 1, isBatched: true },
  "Service.changes": { points: 1, isBatched: true, rows: firstOf },
  "Service.slos": { points: 0, rows: () => assumedObjectives },
  "Slo.history": { points: 1 },
  "Service.alerts": { points: 0, rows: firstOf },
  "Trace.services": { points: 0, rows: () => assumedEdges },
  "Trace.spans": { points: 0, rows: () => assumedSpans },
  "Trace.logs": { points: 2, isBatched: true, rows: firstOf },
  "Span.logs": { points: 4, isBatched: true, rows: firstOf },
  "LogRecord.trace": { points: 3, isBatched: true },
};

/** Points of a golden measure: edges and services differ, and a series is one more call than a value. */
function goldenPoints(measure: GoldenMeasure): number {
  return "maxPoints" in measure ? 2 * Math.max(1, measure.maxPoints / defaultMaxPoints) : 1;
}

/**
 * Cost of the root fields of an operation.
 * @param windowOf the window of a field that takes a range, given what it inherits
 */
export function operationCost(
  roots: readonly SelectedField[],
  windowOf: (field: SelectedField, inherited: TimeWindow) => TimeWindow,
  defaultWindow: TimeWindow,
): OperationCost {
  const charges = new Map<string, { path: string; points: number }>();
  const charge = (key: string, path: string, points: number) => {
    if (points > 0 && points > (charges.get(key)?.points ?? 0)) charges.set(key, { path, points });
  };

  const visit = (field: SelectedField, parentPath: string, rows: number, inherited: TimeWindow) => {
    const path = parentPath === "" ? field.responseName : `${parentPath}.${field.responseName}`;
    const window = windowOf(field, inherited);
    const factor = Math.max(1, (window.toMs - window.fromMs) / freeRangeMs);
    if (field.returnTypeName === "Golden") {
      const of = field.coordinate.startsWith("Edge.") ? "edges" : "services";
      for (const measure of goldenMeasures(field.fields())) {
        const key = `${of} ${rows > 1 ? "all" : path} ${JSON.stringify(measure)} ${window.fromMs} ${window.toMs}`;
        charge(key, path, goldenPoints(measure) * factor);
      }
      return;
    }
    const cost = fieldCosts[field.coordinate];
    const args = field.args();
    const pointsFactor = "maxPoints" in args ? Math.max(1, maxPointsArgument(args) / defaultMaxPoints) : 1;
    charge(path, path, (cost?.points ?? 0) * (cost?.isBatched === true ? 1 : rows) * factor * pointsFactor);
    const below = rows * (cost?.rows?.(args) ?? 1);
    for (const child of field.fields()) visit(child, path, below, window);
  };

  for (const root of roots) visit(root, "", 1, defaultWindow);
  const parts = [...charges.values()].sort((a, b) => b.points - a.points);
  return { points: Math.ceil(parts.reduce((sum, part) => sum + part.points, 0)), parts };
}

function firstOf(args: Readonly<Record<string, unknown>>): number {
  return (args["first"] as number | null | undefined) ?? 20;
}

function topOf(args: Readonly<Record<string, unknown>>): number | null {
  return (args["top"] as { readonly n: number } | null | undefined)?.n ?? null;
}
