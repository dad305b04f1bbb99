/** The one grouped query behind the index of services, and the same question about one name further back. */
import type { LabelMatcher, MetricPart, MetricResult, MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Dialect } from "../dialects/dialect.js";
import type { SpokenDialect } from "./detect-dialects.js";
import { isRecorded, recordedAt } from "./recorded-steps.js";
import { type ClusterNames, createServiceIndex, type IndexRow, type ServiceIndex } from "./service-index.js";

/** An index with what its source said beside it. */
export interface IndexAnswer {
  readonly index: ServiceIndex;
  readonly warnings: readonly string[];
}

interface Asking {
  readonly dialect: Dialect;
  readonly protocol: "REQUEST" | "TCP";
  readonly end: "destination" | "source";
}

/** Asks a source who is who in a window; nothing is asked where no dialect is spoken. */
export async function requestIndex(
  source: MetricSource,
  spoken: readonly SpokenDialect[],
  window: TimeWindow,
  clusters: ClusterNames,
  options: CallOptions,
): Promise<IndexAnswer> {
  const asking = new Map<string, Asking>();
  const parts: MetricPart[] = [];
  for (const { dialect } of spoken) {
    for (const { protocol, metric, matchers } of countersOf(dialect)) {
      for (const end of ["destination", "source"] as const) {
        if (dialect.index[end].length === 0) continue;
        const id = `index-${parts.length}`;
        asking.set(id, { dialect, protocol, end });
        parts.push(seenPart(id, metric, matchers, dialect.index[end]));
      }
    }
  }
  if (spoken.some((one) => one.isRecorded)) parts.push(evaluationsPart);
  return ask(source, spoken, parts, asking, window, clusters, options);
}

/** The index of what names one service in a window, in any dialect the source may speak. */
export async function requestNamed(
  source: MetricSource,
  dialects: readonly Dialect[],
  name: string,
  namespace: string,
  window: TimeWindow,
  clusters: ClusterNames,
  options: CallOptions,
): Promise<IndexAnswer> {
  const asking = new Map<string, Asking>();
  const parts: MetricPart[] = [];
  for (const dialect of dialects) {
    for (const { metric, matchers } of dialect.named(name, namespace)) {
      for (const end of ["destination", "source"] as const) {
        if (dialect.index[end].length === 0) continue;
        const id = `named-${parts.length}`;
        asking.set(id, { dialect, protocol: "REQUEST", end });
        parts.push(seenPart(id, metric, matchers, dialect.index[end]));
      }
    }
  }
  const spoken = dialects.map((dialect) => ({ dialect, histogram: null, isRecorded: false }));
  return ask(source, spoken, parts, asking, window, clusters, options);
}

async function ask(
  source: MetricSource,
  spoken: readonly SpokenDialect[],
  parts: readonly MetricPart[],
  asking: ReadonlyMap<string, Asking>,
  window: TimeWindow,
  clusters: ClusterNames,
  options: CallOptions,
): Promise<IndexAnswer> {
  if (parts.length === 0) return { index: createServiceIndex(spoken, [], clusters), warnings: [] };
  const result = await source.query({ parts, window, stepMs: null, rangeMs: 0 }, options);
  const evaluations = new Map(
    result.rows.flatMap(({ part, labels, values }) =>
      part === evaluationsPart.id ? [[labels["mesh"], values[0] ?? 0] as const] : [],
    ),
  );
  const recorded = spoken.map((one) => ({
    ...one,
    isRecorded: isRecorded(evaluations.get(one.dialect.name) ?? 0, window),
  }));
  return { index: createServiceIndex(recorded, indexRows(result, asking), clusters), warnings: result.warnings };
}

/** How often rules were evaluated, by dialect. */
const evaluationsPart: MetricPart = {
  id: "evaluations",
  expression: {
    kind: "samples",
    count: "all",
    of: {
      views: [{ select: { metric: recordedAt, matchers: [] }, seen: { metric: recordedAt, matchers: [] } }],
      edgeLabels: [],
      stickyMs: 0,
    },
    groupBy: ["mesh"],
  },
};

function indexRows(result: MetricResult, asking: ReadonlyMap<string, Asking>): readonly IndexRow[] {
  return result.rows.flatMap(({ part, labels }) => {
    const asked = asking.get(part);
    if (asked === undefined) return [];
    const { dialect, protocol, end } = asked;
    const isDestination = end === "destination";
    const row = dialect.toRow(labels, protocol);
    if (row === null) return [];
    const report = [...dialect.requests.views.callers, ...dialect.requests.views.server][0]?.reports[0];
    return {
      dialect,
      protocol,
      destination: isDestination ? row.destination : null,
      source: isDestination ? null : row.source,
      rawDestination: isDestination ? labelValue(labels, report?.destinationLabel) : null,
      rawSource: isDestination ? null : labelValue(labels, report?.sourceLabel),
    };
  });
}

function labelValue(labels: Readonly<Record<string, string>>, label: string | null | undefined): string | null {
  return label == null ? null : (labels[label] ?? null);
}

function countersOf(dialect: Dialect) {
  const families = [
    { protocol: "REQUEST" as const, counter: dialect.requests.counters[0] },
    { protocol: "TCP" as const, counter: dialect.tcp?.counters[0] },
  ];
  return families.flatMap(({ protocol, counter }) => (counter === undefined ? [] : { protocol, ...counter }));
}

function seenPart(
  id: string,
  metric: string,
  matchers: readonly LabelMatcher[],
  groupBy: readonly string[],
): MetricPart {
  const select = { metric, matchers };
  return {
    id,
    expression: { kind: "seen", of: { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 }, groupBy },
  };
}
