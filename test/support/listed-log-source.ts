/** A log source over a list of records, for tests of the mesh: filters as the port says and counts its calls. */
import type { LogFilter, LogRecord, LogRequest, LogSource } from "../../src/telemetry/log-source.js";

/** A log source that tells what it was asked; `failure`, where set, is thrown by every call. */
export interface ListedLogSource extends LogSource {
  readonly calls: (readonly LogRequest[])[];
  failure: Error | null;
}

/** Makes one; records may be in any order. */
export function listedLogSource(
  records: readonly LogRecord[],
  given: { readonly name?: string; readonly cluster?: string | null } = {},
): ListedLogSource {
  const source: ListedLogSource = {
    name: given.name ?? "logs",
    kind: "elasticsearch",
    cluster: given.cluster ?? null,
    isShard: false,
    calls: [],
    failure: null,
    probe: async () => ({ version: null, capabilities: [], found: null }),
    close: async () => {},
    async ask(requests) {
      source.calls.push(requests);
      if (source.failure !== null) throw source.failure;
      return requests.map((request) => answer(request, records));
    },
  };
  return source;
}

function answer(request: LogRequest, records: readonly LogRecord[]) {
  const found = records.filter((record) => passes(record, request.filter));
  if (request.kind === "patterns") return { kind: "patterns", patterns: [], warnings: [] } as const;
  if (request.kind === "volume") return volume(found, request.filter, request.stepMs);
  const { order, limit, after } = request;
  const sign = order === "newest" ? -1 : 1;
  const rest = found
    .filter(
      ({ atMs, id }) =>
        after === null || sign * (atMs - after.atMs) > 0 || (atMs === after.atMs && !after.ids.includes(id)),
    )
    .sort((a, b) => sign * (a.atMs - b.atMs) || (a.id < b.id ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const known = last !== undefined && after?.atMs === last.atMs ? after.ids : [];
  const ids = page.filter(({ atMs }) => atMs === last?.atMs).map(({ id }) => id);
  return {
    kind: "search",
    records: page,
    next: rest.length > limit && last !== undefined ? { atMs: last.atMs, ids: [...known, ...ids] } : null,
    total: request.withTotal ? ({ value: found.length, relation: "EQ" } as const) : null,
    warnings: [],
  } as const;
}

function volume(found: readonly LogRecord[], { window }: LogFilter, stepMs: number) {
  const first = Math.floor(window.fromMs / stepMs);
  const timestampsMs = Array.from(
    { length: Math.floor(window.toMs / stepMs) - first + 1 },
    (_, index) => (first + index) * stepMs,
  );
  const levels = new Set(found.map(({ level }) => level));
  const countAt = (level: string, at: number) =>
    found.filter((one) => one.level === level && Math.floor(one.atMs / stepMs) * stepMs === at).length;
  const byLevel = new Map([...levels].map((level) => [level, timestampsMs.map((at) => countAt(level, at))]));
  return { kind: "volume", timestampsMs, byLevel, warnings: [] } as const;
}

function passes(record: LogRecord, filter: LogFilter): boolean {
  const { window, scope, levels, text, traceIds, requestIds, spanIds, pods, lines } = filter;
  const isIn = (wanted: readonly string[] | null, value: string | null) =>
    wanted === null || (value !== null && wanted.includes(value));
  return (
    record.atMs > window.fromMs &&
    record.atMs <= window.toMs &&
    (scope === null ||
      (scope.namespace === record.namespace && scope.names.some((name) => record.serviceNames.includes(name)))) &&
    isIn(levels, record.level) &&
    (text === null || record.message.includes(text)) &&
    isIn(traceIds, record.traceId) &&
    isIn(requestIds, record.requestId) &&
    isIn(spanIds, record.spanId) &&
    isIn(pods, record.pod) &&
    (lines === "any" || (lines === "access") === (record.accessLog !== null))
  );
}
