/** Logs kept in this process: the reference implementation of the log port, behind `meshlens demo` and the tests. */
import { MeshlensError } from "../../errors.js";
import { accessLogOfText } from "../../telemetry/access-log-line.js";
import type { Clock } from "../../telemetry/clock.js";
import { levelOfLine } from "../../telemetry/log-line.js";
import { groupPatterns } from "../../telemetry/log-pattern.js";
import type { LogAnswer, LogLevel, LogPosition, LogRecord, LogRequest, LogSource } from "../../telemetry/log-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import { createLogShelf, type FoundLog } from "./log-shelf.js";

/** What a record is made from: an instant and a line; all else is read from the line or left unknown. */
export type MemoryLogInput = Pick<LogRecord, "atMs" | "message"> & Partial<LogRecord>;

/** What it is and how much it keeps. */
export interface MemoryLogSourceConfig {
  readonly name: string;
  readonly cluster: string | null;
  readonly isShard: boolean;
  /** Records older than this are forgotten when others come; null keeps them until room is needed. */
  readonly maxAgeMs: number | null;
  /** The oldest records make room first. */
  readonly maxRecords: number;
}

/** A log source that can be written to. */
export interface MemoryLogSource extends LogSource {
  /** Keeps records, in any order of time. */
  append(records: readonly MemoryLogInput[]): void;
  counts(): { readonly records: number };
}

const maxSteps = 1_000;
/** Newest lines that patterns are made of. */
const patternSample = 2_000;

/** An empty one. */
export function createMemoryLogSource(deps: {
  readonly config: MemoryLogSourceConfig;
  readonly clock: Clock;
}): MemoryLogSource {
  const { config, clock } = deps;
  const { name, maxAgeMs, maxRecords } = config;
  const shelf = createLogShelf();
  let appended = 0;
  let isClosed = false;

  function answer(request: LogRequest): LogAnswer {
    const found = shelf.find(request.filter);
    if (request.kind === "search") return searchAnswer(request, found);
    if (request.kind === "volume") return volumeAnswer(request, found);
    const messages = found.slice(-patternSample).map((one) => one.read().message);
    messages.reverse();
    return { kind: "patterns", patterns: groupPatterns(messages, request.limit), warnings: [] };
  }

  function check(call: CallOptions): void {
    const late = call.deadlineMs <= clock.nowMs();
    if (call.signal.aborted || isClosed)
      throw new MeshlensError("MESHLENS_ERR_SOURCE_ABORTED", `The call to ${name} was given up`, { source: name });
    if (late) throw new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", `${name} was asked too late`, { source: name });
  }

  return {
    name,
    kind: "elasticsearch",
    cluster: config.cluster,
    isShard: config.isShard,

    append(inputs) {
      shelf.put(inputs.map((input, i) => recordOf(input, appended + i)));
      appended += inputs.length;
      shelf.forget(maxAgeMs === null ? Number.NEGATIVE_INFINITY : clock.nowMs() - maxAgeMs, maxRecords);
    },

    counts: () => ({ records: shelf.count() }),

    async ask(requests, call) {
      check(call);
      const startMs = performance.now();
      const answers = requests.map(answer);
      call.onUpstreamCall?.({
        source: name,
        operation: "msearch",
        query: requests.map((request) => JSON.stringify(request)).join("\n"),
        rows: answers.reduce((sum, one) => sum + (one.kind === "search" ? one.records.length : 0), 0),
        durationMs: performance.now() - startMs,
        isShared: false,
      });
      return answers;
    },

    async probe(call) {
      check(call);
      return { version: null, capabilities: ["shape:memory"], found: `${shelf.count()} log records in memory` };
    },

    async close() {
      isClosed = true;
    },
  };
}

function recordOf(input: MemoryLogInput, nth: number): LogRecord {
  const accessLog = input.accessLog ?? accessLogOfText(input.message);
  return {
    id: `memory/${nth}`,
    index: "memory",
    level: accessLog === null ? levelOfLine(input.message) : "UNKNOWN",
    namespace: null,
    pod: null,
    container: null,
    serviceNames: [],
    traceId: null,
    spanId: null,
    requestId: accessLog?.requestId ?? null,
    ...input,
    accessLog,
  };
}

function searchAnswer(request: Extract<LogRequest, { kind: "search" }>, oldestFirst: readonly FoundLog[]): LogAnswer {
  const { after, limit, order } = request;
  const ordered = order === "oldest" ? oldestFirst : oldestFirst.toReversed();
  const rest = after === null ? ordered : ordered.filter((one) => isBehind(one, after, order));
  const page = rest.slice(0, limit).map((one) => one.read());
  return {
    kind: "search",
    records: page,
    next: rest.length > limit ? positionAfter(page, after) : null,
    total: request.withTotal ? { value: oldestFirst.length, relation: "EQ" } : null,
    warnings: [],
  };
}

/** Positions count in whole milliseconds, as backends sort; records of the position's millisecond are told by their ids. */
function isBehind(found: FoundLog, after: LogPosition, order: "newest" | "oldest"): boolean {
  const atMs = Math.floor(found.atMs);
  if (atMs === after.atMs) return !after.ids.includes(found.read().id);
  return order === "oldest" ? atMs > after.atMs : atMs < after.atMs;
}

function positionAfter(page: readonly LogRecord[], after: LogPosition | null): LogPosition | null {
  const last = page.at(-1);
  if (last === undefined) return after;
  const atMs = Math.floor(last.atMs);
  const given = after?.atMs === atMs ? after.ids : [];
  return { atMs, ids: [...given, ...page.filter((r) => Math.floor(r.atMs) === atMs).map((r) => r.id)] };
}

function volumeAnswer(request: Extract<LogRequest, { kind: "volume" }>, found: readonly FoundLog[]): LogAnswer {
  const { filter, stepMs } = request;
  const { fromMs, toMs } = filter.window;
  const steps = Math.ceil((toMs - fromMs) / stepMs);
  if (!Number.isInteger(stepMs) || stepMs < 1 || steps > maxSteps)
    throw new MeshlensError(
      "MESHLENS_ERR_QUERY_INPUT",
      `A log volume may have at most ${maxSteps} steps of whole milliseconds, but ${steps} of ${stepMs} ms were asked; take a longer step`,
      { at: "stepMs" },
    );
  const byLevel = new Map<LogLevel, number[]>();
  for (const { level, atMs } of found) {
    const counts = byLevel.get(level) ?? Array.from({ length: steps }, () => 0);
    const at = Math.min(Math.floor((Math.floor(atMs) - fromMs) / stepMs), steps - 1);
    counts[at] = (counts[at] ?? 0) + 1;
    byLevel.set(level, counts);
  }
  return {
    kind: "volume",
    timestampsMs: Array.from({ length: steps }, (_, i) => fromMs + i * stepMs),
    byLevel,
    warnings: [],
  };
}
