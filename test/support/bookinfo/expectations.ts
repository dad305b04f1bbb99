/** What a reader of the recording must find, counted from what happened and not from how it is stored. Written to expected.json. */
import { connectionEvents, type Labels, requestEvents } from "./counter-events.js";
import type { LogDocument } from "./log-documents.js";
import type { Recording, TraceCases } from "./recording.js";
import { timeline } from "./timeline.js";
import type { ZipkinSpan } from "./zipkin-spans.js";

/** Calls of one edge, as one reporter counted them within (fromMs, toMs]. */
export interface ExpectedRequests {
  readonly reporter: "source" | "destination";
  readonly source: string;
  readonly service: string;
  readonly host: string;
  /** `unknown` when no endpoint was chosen. */
  readonly destination: string;
  readonly code: string;
  readonly flags: string;
  readonly count: number;
  /** The same by minute of the range. */
  readonly byMinute: readonly number[];
  readonly durationSumMs: number;
  /** True when the series had no sample at the range's start: its first sample must count. */
  readonly isNewSeries: boolean;
}

/** TCP connections of one workload to one host within the range. */
export interface ExpectedConnections {
  readonly source: string;
  readonly service: string;
  readonly host: string;
  readonly flags: string;
  readonly opened: number;
  readonly closed: number;
  /** Caller to host. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** One trace. */
export interface ExpectedTrace {
  readonly traceId: string;
  readonly spans: number;
  readonly errorSpans: number;
  readonly startUs: number;
  readonly services: readonly string[];
}

/** The lines of one index. Levels are those at their place in the line; access logs have none and count as UNKNOWN. */
export interface ExpectedLogs {
  readonly total: number;
  readonly byLevel: Readonly<Record<string, number>>;
  readonly byService: Readonly<Record<string, number>>;
  readonly byContainer: Readonly<Record<string, number>>;
  /** Lines that tell the trace id, by field or in their text. */
  readonly byTraceId: Readonly<Record<string, number>>;
  /** Lines that tell the request id; access logs among them. */
  readonly byRequestId: Readonly<Record<string, number>>;
}

/** The content of expected.json. */
export interface Expected {
  /** Epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly scrapeIntervalMs: number;
  /** Samples per metric name, the whole file. */
  readonly samples: Readonly<Record<string, number>>;
  readonly requests: readonly ExpectedRequests[];
  readonly connections: readonly ExpectedConnections[];
  readonly traceCases: TraceCases;
  readonly traces: readonly ExpectedTrace[];
  readonly logs: Readonly<Record<string, ExpectedLogs>>;
}

/** Counts everything. */
export function expectations(
  recording: Recording,
  metrics: string,
  traces: readonly (readonly ZipkinSpan[])[],
  documents: readonly LogDocument[],
): Expected {
  const indices = [...new Set(documents.map((document) => document.index))];
  return {
    fromMs: timeline.fromMs,
    toMs: timeline.toMs,
    scrapeIntervalMs: timeline.scrapeIntervalMs,
    samples: tally(
      metrics.split("\n").filter((line) => line && !line.startsWith("#")),
      (line) => line.split("{", 1)[0],
    ),
    requests: expectedRequests(recording),
    connections: expectedConnections(recording),
    traceCases: recording.cases,
    traces: traces.map(expectedTrace),
    logs: Object.fromEntries(
      indices.map((index) => [index, expectedLogs(documents.filter((document) => document.index === index))]),
    ),
  };
}

function expectedRequests(recording: Recording): ExpectedRequests[] {
  const series = groups(requestEvents(recording), (event) => rowKey(event.labels));
  return [...series.values()].flatMap((events) => {
    const within = events.filter((event) => isWithin(event.endUs));
    const labels = events[0]?.labels ?? {};
    if (within.length === 0) return [];
    const byMinute = Array.from({ length: (timeline.toMs - timeline.fromMs) / 60_000 }, () => 0);
    for (const event of within) {
      const minute = Math.ceil((event.endUs / 1000 - timeline.fromMs) / 60_000) - 1;
      byMinute[minute] = (byMinute[minute] ?? 0) + 1;
    }
    return [
      {
        reporter: labels["reporter"] === "source" ? ("source" as const) : ("destination" as const),
        ...ends(labels),
        destination: labels["destination_workload"] ?? "",
        code: labels["response_code"] ?? "",
        flags: labels["response_flags"] ?? "",
        count: within.length,
        byMinute,
        durationSumMs: sum(within, (event) => event.durationMs),
        isNewSeries: within.length === events.length,
      },
    ];
  });
}

function expectedConnections(recording: Recording): ExpectedConnections[] {
  const series = groups(connectionEvents(recording), (event) => rowKey(event.labels));
  return [...series.values()].map((events) => {
    const labels = events[0]?.labels ?? {};
    const closed = events.filter((event) => isWithin(event.endUs));
    return {
      ...ends(labels),
      flags: labels["response_flags"] ?? "",
      opened: events.filter((event) => isWithin(event.startUs)).length,
      closed: closed.length,
      sentBytes: sum(closed, (event) => event.sentBytes),
      receivedBytes: sum(closed, (event) => event.receivedBytes),
    };
  });
}

function expectedTrace(spans: readonly ZipkinSpan[]): ExpectedTrace {
  return {
    traceId: spans[0]?.traceId ?? "",
    spans: spans.length,
    errorSpans: spans.filter((span) => "error" in span.tags).length,
    startUs: Math.min(...spans.map((span) => span.timestamp)),
    services: [...new Set(spans.map((span) => span.localEndpoint.serviceName))].sort(),
  };
}

function expectedLogs(documents: readonly LogDocument[]): ExpectedLogs {
  const lines = documents.map((document) => document.line);
  return {
    total: lines.length,
    byLevel: tally(lines, (line) => line.level),
    byService: tally(lines, (line) => line.workload.app),
    byContainer: tally(lines, (line) => line.container),
    byTraceId: tally(lines, (line) => line.traceId),
    byRequestId: tally(lines, (line) => line.requestId),
  };
}

function ends(labels: Labels) {
  return {
    source: labels["source_workload"] ?? "",
    service: labels["destination_service_name"] ?? "",
    host: labels["destination_service"] ?? "",
  };
}

function rowKey(labels: Labels): string {
  return JSON.stringify([
    labels["reporter"],
    ends(labels),
    labels["destination_workload"],
    labels["response_code"],
    labels["response_flags"],
  ]);
}

function isWithin(atUs: number): boolean {
  return atUs > timeline.fromMs * 1000 && atUs <= timeline.toMs * 1000;
}

function sum<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  return found;
}

/** Counts by key, keys in order; items without a key are left out. */
function tally<T>(items: readonly T[], keyOf: (item: T) => string | null | undefined): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== null && key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
