/** Reads a recorded slice (spans, logs, faults with their times; the form of Zipkin's API and Elasticsearch's bulk) into windows of evidence. */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import type {
  CallCounts,
  ErrorLogs,
  LearntBackground,
  OwnedSpan,
  TraceLine,
  WeightedTrace,
  WindowEvidence,
} from "../../src/diagnosis/incident-evidence.js";
import { noClusterNames } from "../../src/mesh/identity/cluster-name.js";
import { podService } from "../../src/mesh/identity/pod-name.js";
import { spanService } from "../../src/mesh/identity/span-service.js";
import { decodeZipkin } from "../../src/sources/zipkin/zipkin-decode.js";
import { groupBy } from "../../src/telemetry/group-by.js";
import { levelOfLine } from "../../src/telemetry/log-line.js";
import { type ServiceRef, serviceKey } from "../../src/telemetry/service-ref.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";

/** A fault of the slice. */
export interface LabelledFault {
  readonly atMs: number;
  readonly service: string;
  readonly type: string;
}

/** What a slice says of itself. */
export interface SliceLabels {
  readonly faults: readonly LabelledFault[];
  /** Known to be without a fault. */
  readonly normal: readonly TimeWindow[];
  readonly window: TimeWindow;
}

/** A slice in memory, by time. */
export interface Corpus extends SliceLabels {
  readonly traces: readonly (WeightedTrace & { readonly startMs: number })[];
  readonly lines: readonly (TraceLine & { readonly atMs: number })[];
}

const namespaceOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The labels of a folder. */
export async function readLabels(folder: string): Promise<SliceLabels> {
  const told: unknown = JSON.parse(await readFile(join(folder, "faults.json"), "utf8"));
  const labels = told as {
    from: string;
    to: string;
    normal: { from: string; seconds: number }[];
    faults: { injected_at: string; service: string; type: string }[];
  };
  return {
    faults: labels.faults.map(({ injected_at, service, type }) => ({ atMs: Date.parse(injected_at), service, type })),
    normal: labels.normal.map(({ from, seconds }) => ({
      fromMs: Date.parse(from),
      toMs: Date.parse(from) + 1000 * seconds,
    })),
    window: { fromMs: Date.parse(labels.from), toMs: Date.parse(labels.to) },
  };
}

/** Reads a folder. */
export async function readCorpus(folder: string): Promise<Corpus> {
  const traces: (WeightedTrace & { startMs: number })[] = [];
  for await (const line of linesOf(join(folder, "spans.zipkin.ndjson.gz"))) {
    for (const trace of decodeZipkin("corpus", [JSON.parse(line)], null).traces) {
      const spans = trace.spans.map(
        (span): OwnedSpan => ({ ...span, service: spanService(span, null, noClusterNames) }),
      );
      const startMs = Math.min(...spans.map((span) => span.startMs));
      traces.push({ traceId: trace.traceId, weight: 1, spans, isComplete: trace.isComplete, startMs });
    }
  }
  const lines: (TraceLine & { atMs: number })[] = [];
  for await (const text of linesOf(join(folder, "logs.bulk.ndjson.gz"))) {
    if (text.startsWith('{"create"') || text.startsWith('{"index"')) continue;
    lines.push(lineOf(JSON.parse(text) as BulkLine));
  }
  return {
    ...(await readLabels(folder)),
    traces: traces.sort((a, b) => a.startMs - b.startMs),
    lines: lines.sort((a, b) => a.atMs - b.atMs),
  };
}

interface BulkLine {
  readonly "@timestamp": string;
  readonly log: string;
  readonly trace_id?: string;
  readonly kubernetes: {
    readonly namespace_name: string;
    readonly pod_name: string;
    readonly labels?: { app?: string };
  };
}

function lineOf(line: BulkLine): TraceLine & { atMs: number } {
  const { kubernetes } = line;
  const service: ServiceRef = {
    cluster: "default",
    namespace: namespaceOf(kubernetes.namespace_name),
    name: kubernetes.labels?.app ?? podService(kubernetes.pod_name),
  };
  return {
    atMs: Date.parse(line["@timestamp"]),
    service,
    pod: kubernetes.pod_name,
    level: levelOfLine(line.log),
    message: line.log.trim(),
    traceId: line.trace_id ?? "",
  };
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const input = createReadStream(file).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) if (line !== "") yield line;
}

/** What a slice holds of a window. @param mostTraces evenly spread over the window and weighted for the others; null takes all */
export function evidenceOf(corpus: Corpus, window: TimeWindow, mostTraces: number | null = null): WindowEvidence {
  const isIn = (atMs: number): boolean => atMs > window.fromMs && atMs <= window.toMs;
  const all = corpus.traces.filter(({ startMs }) => isIn(startMs));
  const step = mostTraces === null ? 1 : Math.max(1, all.length / mostTraces);
  const kept = all.filter((_, i) => Math.floor((i + 1) / step) > Math.floor(i / step));
  const weight = all.length / Math.max(1, kept.length);
  const traces = kept.map((trace) => ({ ...trace, weight }));
  const ids = new Set(traces.map(({ traceId }) => traceId));
  const lines = corpus.lines.filter(({ atMs }) => isIn(atMs));
  return {
    window,
    traces,
    edges: null,
    errorLogs: errorLogsOf(lines),
    traceLines: lines.filter(({ traceId }) => ids.has(traceId)),
    workloads: null,
  };
}

function errorLogsOf(lines: readonly TraceLine[]): readonly ErrorLogs[] {
  const errors = lines.filter(({ level }) => level === "ERROR" || level === "FATAL");
  return [...groupBy(errors, ({ service }) => serviceKey(service)).values()].flatMap((group) =>
    group[0] === undefined ? [] : [{ service: group[0].service, count: group.length, lines: group.slice(0, 50) }],
  );
}

/** What metrics of a window would have taught: calls between services by minute, as the servers saw them. */
export function backgroundOf(corpus: Corpus, window: TimeWindow): readonly LearntBackground[] {
  const stepMs = 60_000;
  const edges = new Map<
    string,
    { source: ServiceRef | null; destination: ServiceRef; steps: Map<number, CallCounts> }
  >();
  for (const { spans, startMs } of corpus.traces) {
    if (startMs <= window.fromMs || startMs > window.toMs) continue;
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const step = Math.floor((startMs - window.fromMs) / stepMs);
    for (const span of spans) {
      if (span.kind !== "SERVER" || span.service === null) continue;
      const source = byId.get(span.parentSpanId ?? "")?.service ?? null;
      const key = `${source === null ? "" : serviceKey(source)} ${serviceKey(span.service)}`;
      const edge = edges.get(key) ?? { source, destination: span.service, steps: new Map() };
      edges.set(key, edge);
      const counts = edge.steps.get(step) ?? { requestCount: 0, failedCount: 0, durationSumMs: 0 };
      edge.steps.set(step, {
        requestCount: counts.requestCount + 1,
        failedCount: counts.failedCount + (span.status === "ERROR" ? 1 : 0),
        durationSumMs: (counts.durationSumMs ?? 0) + span.durationMs,
      });
    }
  }
  return [...edges.values()].map(({ source, destination, steps }) => ({
    source,
    destination,
    stepMs,
    steps: [...steps].sort(([a], [b]) => a - b).map(([, counts]) => counts),
    errorLines: null,
  }));
}
