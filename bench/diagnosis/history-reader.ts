/**
 * A reader over a history in memory: the bounded questions of an incident asked of recorded or made traces and lines, so that the choice of
 * windows is tried with the rest and without backends. Called by histories.ts and chosen.ts.
 */
import type { DiagnosisReader } from "../../src/alerting/diagnosing/diagnosis-question.js";
import type { OwnedSpan, TraceLine } from "../../src/diagnosis/incident-evidence.js";
import type { GoldenSignals, MeshEdge, MeshNode, MeshTrace, Pillar, RequestOutcome } from "../../src/mesh/mesh.js";
import { groupBy } from "../../src/telemetry/group-by.js";
import { type ServiceRef, serviceKey } from "../../src/telemetry/service-ref.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";

/** Traces and lines of a longer time. */
export interface History {
  /** Oldest first. */
  readonly traces: readonly {
    readonly traceId: string;
    readonly startMs: number;
    readonly spans: readonly OwnedSpan[];
  }[];
  /** Oldest first; `traceId` empty where a line names none. */
  readonly lines: readonly (TraceLine & { readonly atMs: number })[];
}

/** What the reader was asked for, counted as a backend would be asked. */
export interface Asked {
  traces: number;
  graphs: number;
}

/** A server's side of a call. */
interface ServedCall {
  readonly atMs: number;
  readonly source: ServiceRef | null;
  readonly destination: ServiceRef;
  readonly ms: number;
  readonly isFailed: boolean;
}

/** Series are over the last minute, as rates are. */
const rateMs = 60_000;

/** The reader. @param keptShare of the traces, those the trace backend holds; metrics count all */
export function historyReader(
  history: History,
  keptShare = 1,
): { readonly reader: DiagnosisReader; readonly asked: Asked } {
  const asked: Asked = { traces: 0, graphs: 0 };
  const calls = history.traces.flatMap(({ spans }) => servedCalls(spans)).sort((a, b) => a.atMs - b.atMs);
  const kept = history.traces
    .filter((_, i) => Math.floor((i + 1) * keptShare) > Math.floor(i * keptShare))
    .map(meshTrace);
  const byTrace = groupBy(history.lines, ({ traceId }) => traceId);
  const within = (from: readonly ServedCall[], { fromMs, toMs }: TimeWindow) =>
    from.slice(
      firstAfter(from, fromMs, ({ atMs }) => atMs),
      firstAfter(from, toMs, ({ atMs }) => atMs),
    );
  const byService = groupBy(calls, ({ destination }) => serviceKey(destination));
  const reader: DiagnosisReader = {
    spanning: () => reader,
    golden: (ref, window) => goldenOf(byService.get(serviceKey(ref)) ?? [], window),
    traces: async (ref, { fromMs, toMs }, { errorsOnly, minDurationMs }, limit) => {
      asked.traces += 1;
      const key = serviceKey(ref);
      const found: MeshTrace[] = [];
      for (let i = firstAfter(kept, toMs, ({ startMs }) => startMs) - 1; i >= 0 && found.length < limit; i -= 1) {
        const trace = kept[i];
        if (trace === undefined || trace.startMs <= fromMs) break;
        const isFit = trace
          .spans()
          .some(
            ({ service, status, durationMs }) =>
              service !== null &&
              serviceKey(service) === key &&
              (!errorsOnly || status === "ERROR") &&
              durationMs >= (minDurationMs ?? 0),
          );
        if (isFit) found.push(trace);
      }
      return told({ traces: found, next: null });
    },
    graph: async (window) => {
      asked.graphs += 1;
      const edges = [...groupBy(within(calls, window), edgeKey).values()].flatMap(edgeOf);
      return told({ nodes: [], edges, isTruncated: false, golden: () => null });
    },
    logsOfServices: async (refs, { fromMs, toMs }, { levels }, limit) => {
      const inTime = history.lines.filter(
        ({ atMs, level }) => atMs > fromMs && atMs <= toMs && (levels?.includes(level) ?? true),
      );
      const own = groupBy(inTime, ({ service }) => serviceKey(service));
      return told(
        refs.map((ref) => {
          const records = own.get(serviceKey(ref)) ?? [];
          return {
            records: records.slice(-limit).map(recordOf),
            total: { value: records.length, relation: "EQ" as const },
          };
        }),
      );
    },
    logsOfTraces: async (traces, limit) =>
      told(
        traces.map(({ traceId }) => ({
          match: "TRACE_ID" as const,
          records: (byTrace.get(traceId) ?? []).slice(0, limit).map(recordOf),
        })),
      ),
    podUsage: async () => none,
    changes: async () => told([]),
  };
  return { reader, asked };
}

const none = { value: null, sources: [], errors: [] };

function told<T>(value: T | null): Pillar<T> {
  return { value, sources: [], errors: [] };
}

function servedCalls(spans: readonly OwnedSpan[]): readonly ServedCall[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  return spans.flatMap(({ kind, service, parentSpanId, startMs, durationMs, status }): readonly ServedCall[] => {
    if (kind !== "SERVER" || service === null) return [];
    const parent = byId.get(parentSpanId ?? "");
    const ms = parent?.kind === "CLIENT" ? parent.durationMs : durationMs;
    return [{ atMs: startMs, source: parent?.service ?? null, destination: service, ms, isFailed: status === "ERROR" }];
  });
}

function edgeKey({ source, destination }: ServedCall): string {
  return `${source === null ? "" : serviceKey(source)} ${serviceKey(destination)}`;
}

function edgeOf(calls: readonly ServedCall[]): readonly MeshEdge[] {
  const [first] = calls;
  if (first === undefined) return [];
  const window = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  return [
    {
      source: first.source === null ? unknown : nodeOf(first.source),
      destination: nodeOf(first.destination),
      protocol: "HTTP",
      reporter: "SOURCE",
      golden: goldenOf(calls, window),
      traffic: {
        connectionsPerSecond: null,
        connectionErrorRatio: null,
        sentBytesPerSecond: null,
        receivedBytesPerSecond: null,
        mutualTlsRatio: null,
        retryRatio: null,
      },
    },
  ];
}

const unknown: MeshNode = { key: "unknown", kind: "UNKNOWN", label: "unknown", service: null };

function nodeOf(service: ServiceRef): MeshNode {
  return { key: serviceKey(service), kind: "SERVICE", label: service.name, service };
}

function goldenOf(calls: readonly ServedCall[], window: TimeWindow): GoldenSignals {
  const series = (points: number, measureOf: (within: readonly ServedCall[]) => number | null) => {
    const stepMs = Math.max(5_000, Math.ceil((window.toMs - window.fromMs) / points / 1000) * 1000);
    const timestampsMs: number[] = [];
    for (let atMs = Math.ceil(window.fromMs / stepMs) * stepMs; atMs <= window.toMs; atMs += stepMs)
      timestampsMs.push(atMs);
    return told({ timestampsMs, values: timestampsMs.map((atMs) => measureOf(partOf(calls, atMs - rateMs, atMs))) });
  };
  return {
    outcome: () => told(outcomeOf(partOf(calls, window.fromMs, window.toMs))),
    latencyMs: (_, quantile) => told(quantileMs(partOf(calls, window.fromMs, window.toMs), quantile)),
    durationSumMs: () => told(partOf(calls, window.fromMs, window.toMs).reduce((sum, { ms }) => sum + ms, 0)),
    requestRateSeries: (_, points) => series(points, (part) => part.length / (rateMs / 1000)),
    errorRatioSeries: (_, points) =>
      series(points, (part) =>
        part.length === 0 ? null : part.filter(({ isFailed }) => isFailed).length / part.length,
      ),
    latencyMsSeries: (_, quantile, points) => series(points, (part) => quantileMs(part, quantile)),
    absence: () => null,
  };
}

function partOf(calls: readonly ServedCall[], fromMs: number, toMs: number): readonly ServedCall[] {
  const at = (ms: number): number => firstAfter(calls, ms, (call) => call.atMs);
  return calls.slice(at(fromMs), at(toMs));
}

function outcomeOf(calls: readonly ServedCall[]): RequestOutcome {
  const failedCount = calls.filter(({ isFailed }) => isFailed).length;
  return {
    requestCount: calls.length,
    leftCount: 0,
    failedCount,
    clientErrorCount: 0,
    errorRatio: calls.length === 0 ? null : failedCount / calls.length,
    clientErrorRatio: 0,
    failures: [],
    clientErrors: [],
    responseFlags: [],
  };
}

function quantileMs(calls: readonly ServedCall[], quantile: number): number | null {
  const ordered = calls.map(({ ms }) => ms).sort((a, b) => a - b);
  return ordered[Math.floor(quantile * (ordered.length - 1))] ?? null;
}

/** Index of the first item later than `ms`. */
function firstAfter<T>(items: readonly T[], ms: number, atOf: (item: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && atOf(item) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

function meshTrace({ traceId, startMs, spans }: History["traces"][number]): MeshTrace {
  const mesh = spans.map((span) => ({ ...span, selfMs: 0 }));
  const services = [
    ...new Map(spans.flatMap(({ service }) => (service === null ? [] : [[serviceKey(service), service]]))).values(),
  ];
  const root = spans.find(({ parentSpanId }) => parentSpanId === null) ?? spans[0];
  return {
    traceId,
    foundIn: ["history"],
    startMs,
    durationMs: root?.durationMs ?? 0,
    root: { service: root?.service ?? null, operation: root?.operation ?? "" },
    spanCount: spans.length,
    errorCount: spans.filter(({ status }) => status === "ERROR").length,
    services,
    isComplete: true,
    spans: () => mesh,
    places: () => mesh,
    criticalPath: () => [],
    links: () => [],
  };
}

function recordOf({ service, pod, level, message, traceId, atMs }: History["lines"][number]) {
  return {
    id: "",
    index: "",
    atMs,
    level,
    message,
    namespace: service.namespace,
    pod,
    container: null,
    serviceNames: [service.name],
    traceId,
    spanId: null,
    requestId: null,
    accessLog: null,
    source: "history",
    service,
    links: [],
  };
}
