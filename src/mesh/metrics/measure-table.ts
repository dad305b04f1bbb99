/** Rows of one group of questions in terms of nodes: sums per service and edge, or quantiles. Pure; read by golden signals and edges. */

import { groupBy } from "../../telemetry/group-by.js";
import type { MetricResult, MetricRow } from "../../telemetry/metric-source.js";
import type { CountedRow, Dialect, DialectRow } from "../dialects/dialect.js";
import { type PlacedNode, unknownNode } from "./place-node.js";
import type { PlannedPart } from "./plan-parts.js";
import type { ServiceIndex } from "./service-index.js";

/** One group of calls or connections with its place in the graph. */
export interface PlacedRow {
  readonly source: PlacedNode;
  readonly destination: PlacedNode;
  readonly row: DialectRow;
  readonly role: string;
  /** One per timestamp of the table; null is no data. */
  readonly values: readonly (number | null)[];
}

/** Counts of one group of questions. */
export interface CountTable {
  readonly kind: "counts";
  readonly timestampsMs: readonly number[];
  readonly rows: readonly PlacedRow[];
  rowsInto(key: string): readonly PlacedRow[];
  rowsOutOf(key: string): readonly PlacedRow[];
}

/** Quantiles in ms. Where an edge is made of several groups (its callers bear several canonical names) the largest is told. */
export interface LatencyTable {
  readonly kind: "latency";
  readonly timestampsMs: readonly number[];
  ofService(key: string): readonly (number | null)[] | null;
  ofEdge(sourceKey: string, destinationKey: string, protocol: string): readonly (number | null)[] | null;
}

/** What one source answered to one group, before it is joined with other sources. */
export interface SourceRows {
  readonly timestampsMs: readonly number[];
  readonly rows: readonly PlacedRow[];
}

/** Puts a source's counted rows in their places; rows of a dialect that does not speak for the service are left out. */
export function placeCounts(
  result: MetricResult,
  parts: readonly PlannedPart[],
  index: ServiceIndex,
): readonly PlacedRow[] {
  const placed: PlacedRow[] = [];
  for (const [dialect, own] of partsByDialect(parts)) {
    const counted = own.flatMap((planned) => countedRows(result, planned));
    // A dialect's arithmetic is about calls, not about how long they took.
    const isTime = own[0]?.measure.kind === "duration";
    for (const { row, role, values } of (isTime ? undefined : dialect.derive?.(counted)) ?? counted) {
      const source = index.placeSource(row.source);
      const destination = index.placeDestination(row.destination);
      if (speaksFor(index, dialect, source, destination)) placed.push({ source, destination, row, role, values });
    }
  }
  return placed;
}

/** Puts a source's quantiles in their places: one row per candidate caller. */
export function placeLatencies(
  result: MetricResult,
  parts: readonly PlannedPart[],
  index: ServiceIndex,
): readonly PlacedRow[] {
  const placed: PlacedRow[] = [];
  for (const planned of parts) {
    const { dialect, scale } = planned;
    for (const { labels, values } of rowsOf(result, planned)) {
      const row = dialect.toRow(labels, "REQUEST");
      if (row === null) continue;
      const destination = index.placeDestination(destinationOf(dialect, row, labels, index));
      const scaled = values.map((value) => (value === null ? null : value * scale));
      for (const source of index.placeCanonical(row.source)) {
        if (!speaksFor(index, dialect, source, destination)) continue;
        placed.push({ source, destination, row, role: "latency", values: scaled });
      }
    }
  }
  return placed;
}

/** Joins the rows of several sources; a call that one source saw at its caller is not counted again where another saw it arrive. */
export function joinCounts(answers: readonly SourceRows[]): CountTable {
  const joined = joinRows(answers, true);
  const known = tables.get(joined);
  if (known !== undefined) return known;
  let into: ReadonlyMap<string, readonly PlacedRow[]> | null = null;
  let outOf: ReadonlyMap<string, readonly PlacedRow[]> | null = null;
  const table: CountTable = {
    kind: "counts",
    timestampsMs: joined.timestampsMs,
    get rows() {
      return joined.rows;
    },
    rowsInto(key) {
      into ??= groupBy(joined.rows, (row) => row.destination.node.key);
      return into.get(key) ?? [];
    },
    rowsOutOf(key) {
      outOf ??= groupBy(joined.rows, (row) => row.source.node.key);
      return outOf.get(key) ?? [];
    },
  };
  tables.set(joined, table);
  return table;
}

/** Of one source's rows there is one table, however many requests share the answer. */
const tables = new WeakMap<SourceRows, CountTable>();

/** Joins the quantiles of several sources. */
export function joinLatencies(answers: readonly SourceRows[]): LatencyTable {
  const { timestampsMs, rows } = joinRows(answers, false);
  const services = new Map<string, readonly (number | null)[]>();
  // Nested, so that looking up thousands of edges puts no keys together.
  const edges = new Map<string, Map<string, Map<string, readonly (number | null)[]>>>();
  for (const { source, destination, row, values } of rows) {
    keepLargest(services, destination.node.key, values);
    const ofProtocol = mapIn(edges, row.protocol);
    keepLargest(mapIn(ofProtocol, source.node.key), destination.node.key, values);
  }
  return {
    kind: "latency",
    timestampsMs,
    ofService: (key) => services.get(key) ?? null,
    ofEdge: (source, destination, protocol) => edges.get(protocol)?.get(source)?.get(destination) ?? null,
  };
}

function partsByDialect(parts: readonly PlannedPart[]): ReadonlyMap<Dialect, readonly PlannedPart[]> {
  return groupBy(parts, (planned) => planned.dialect);
}

const rowsByPart = new WeakMap<MetricResult, ReadonlyMap<string, readonly MetricRow[]>>();

function rowsOf(result: MetricResult, { part }: PlannedPart): readonly MetricRow[] {
  let byPart = rowsByPart.get(result);
  if (byPart === undefined) {
    byPart = groupBy(result.rows, (row) => row.part);
    rowsByPart.set(result, byPart);
  }
  return byPart.get(part.id) ?? [];
}

function countedRows(result: MetricResult, planned: PlannedPart): readonly CountedRow[] {
  const counted: CountedRow[] = [];
  for (const { labels, values } of rowsOf(result, planned)) {
    const row = planned.dialect.toRow(labels, planned.protocol);
    if (row !== null)
      counted.push({ row, role: planned.role, values: values.map((value) => scaled(value, planned.scale)) });
  }
  return counted;
}

function scaled(value: number | null, scale: number): number | null {
  return scale === 1 || value === null ? withoutNoise(value) : value * scale;
}

/** Sums of exact counts come as 600.0000000000001 or 59.9999 (float sums); what is further from a whole number is a counter's reset. */
function withoutNoise(count: number | null): number | null {
  if (count === null) return null;
  const whole = Math.round(count);
  return Math.abs(count - whole) <= 1e-3 + 1e-5 * whole ? whole : count;
}

function destinationOf(dialect: Dialect, row: DialectRow, labels: MetricRow["labels"], index: ServiceIndex) {
  if (row.destination.kind === "SERVICE") return row.destination;
  const label = dialect.requests.views.callers[0]?.reports[0]?.destinationLabel;
  const raw = label == null ? undefined : labels[label];
  return (raw === undefined ? null : index.destinationNamed(dialect, raw)) ?? row.destination;
}

/** One dialect speaks for a service; where the called is no service, the caller's does. */
function speaksFor(index: ServiceIndex, dialect: Dialect, source: PlacedNode, destination: PlacedNode): boolean {
  const owner =
    index.services.get(destination.node.key)?.dialect ??
    index.services.get(source.node.key)?.dialect ??
    index.spoken[0]?.dialect;
  return owner === undefined || owner === dialect;
}

function joinRows(answers: readonly SourceRows[], isCounted: boolean): SourceRows {
  const first = answers[0];
  if (first === undefined) return { timestampsMs: [], rows: [] };
  if (answers.length === 1) return first;
  const timestampsMs = [...new Set(answers.flatMap((answer) => answer.timestampsMs))].sort((a, b) => a - b);
  const aligned = answers.map((answer) => {
    const at = new Map(answer.timestampsMs.map((timestamp, i) => [timestamp, i]));
    return answer.rows.map((row) => ({
      ...row,
      values: timestampsMs.map((timestamp) => row.values[at.get(timestamp) ?? -1] ?? null),
    }));
  });
  return { timestampsMs, rows: isCounted ? withoutRepeats(aligned) : aligned.flat() };
}

function withoutRepeats(answers: readonly (readonly PlacedRow[])[]): readonly PlacedRow[] {
  const seenByCaller = answers.map(
    (rows) => new Set(rows.filter(({ row }) => row.reporter !== "DESTINATION").map(workloadEdge)),
  );
  return answers.flatMap((rows, own) =>
    rows.filter((row) => {
      if (row.row.reporter !== "DESTINATION" || row.source === unknownNode) return true;
      const edge = workloadEdge(row);
      return !seenByCaller.some((edges, other) => other !== own && edges.has(edge));
    }),
  );
}

function workloadEdge({ row, destination }: PlacedRow): string {
  return JSON.stringify([row.source.workload, row.source.namespace, destination.node.key, row.protocol === "TCP"]);
}

/** The map of a key, made when it is first needed. */
export function mapIn<K, T>(maps: Map<string, Map<K, T>>, key: string): Map<K, T> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const made = new Map<K, T>();
  maps.set(key, made);
  return made;
}

function keepLargest(
  known: Map<string, readonly (number | null)[]>,
  key: string,
  values: readonly (number | null)[],
): void {
  const before = known.get(key);
  known.set(key, before === undefined ? values : largestOfEach(before, values));
}

/** At each point the larger of two; a point without a value does not count. */
export function largestOfEach(
  a: readonly (number | null)[],
  b: readonly (number | null)[],
): readonly (number | null)[] {
  return a.map((one, i) => {
    const other = b[i] ?? null;
    return one === null || other === null ? (one ?? other) : Math.max(one, other);
  });
}
