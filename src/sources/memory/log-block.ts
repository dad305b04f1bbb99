/**
 * Log records packed together: what a search filters by stands in columns, the rest is deflated JSON that is read only for records that
 * are shown or searched word by word. Made and read by the log shelf.
 */
import { toldLevels } from "../../telemetry/log-level.js";
import type { AccessLogEntry, LogFilter, LogLevel, LogRecord, LogScope } from "../../telemetry/log-source.js";
import { podBelongsTo } from "../../telemetry/pod-name.js";
import { deflated, inflated } from "./deflated.js";
import { type IdFilter, idFilterOf, type LogTexts } from "./id-filter.js";

/** Where records come from; records of one pod share one. */
export type LogStream = Pick<LogRecord, "namespace" | "pod" | "serviceNames">;

/** Records in the order of time. */
export interface LogBlock {
  readonly count: number;
  readonly atMs: ArrayLike<number>;
  /** All its records' streams, each once. */
  readonly streams: readonly LogStream[];
  /** Each record's index in `streams`. */
  readonly streamOf: ArrayLike<number>;
  /** Index in `levels`, and 16 more for a line of an access log. */
  readonly kinds: ArrayLike<number>;
  /** Null before the block is packed: it may hold any id. */
  readonly ids: IdFilter | null;
  /** Unpacks what it must at each call: ask once and keep. */
  reader(): LogReader;
}

/** Reads the records of one block. */
export interface LogReader {
  /** What the nth record says. */
  texts(nth: number): LogTexts;
  record(nth: number): LogRecord;
}

/** What `kinds` counts by. */
export const levels: readonly LogLevel[] = [...toldLevels, "UNKNOWN"];
const access = 16;
/** Kinds are below this. */
export const kindCount = 2 * access;

/** A record until its block is full. Already written as JSON: a few hundred records with all their parts would outlive young collections. */
export interface WaitingLog {
  readonly atMs: number;
  readonly stream: LogStream;
  readonly kind: number;
  /** A LogRow. */
  readonly json: string;
  /** What the block's ids are found in. */
  readonly texts: LogTexts;
}

/** What of a record stands neither in a column nor in its stream: values without their keys, which take more room than they do. */
type LogRow = readonly [
  id: string,
  index: string,
  container: string | null,
  message: string,
  traceId: string | null,
  spanId: string | null,
  requestId: string | null,
  accessLog: readonly AccessLogEntry[keyof AccessLogEntry][] | null,
];

const accessKeys = Object.keys({
  method: 0,
  path: 0,
  protocol: 0,
  responseCode: 0,
  responseFlags: 0,
  responseCodeDetails: 0,
  durationMs: 0,
  bytesReceived: 0,
  bytesSent: 0,
  upstreamCluster: 0,
  upstreamHost: 0,
  authority: 0,
  requestId: 0,
  userAgent: 0,
} satisfies Record<keyof AccessLogEntry, 0>) as readonly (keyof AccessLogEntry)[];

/** The record as it waits. */
export function waitingLog(record: LogRecord, stream: LogStream): WaitingLog {
  const { id, index, atMs, container, message, traceId, spanId, requestId, accessLog } = record;
  const access = accessLog && accessKeys.map((key) => accessLog[key]);
  const row: LogRow = [id, index, container, message, traceId, spanId, requestId, access];
  return {
    atMs,
    stream,
    kind: kindOf(record),
    json: JSON.stringify(row),
    texts: { message, traceId, spanId, requestId },
  };
}

/** Packs records, oldest first. */
export function packBlock(waiting: readonly WaitingLog[]): LogBlock {
  const packed = deflated(`[${waiting.map(({ json }) => json).join(",")}]`);
  const columns = columnsOf(waiting);
  return {
    ...columns,
    ids: idFilterOf(waiting.map(({ texts }) => texts)),
    reader() {
      const rows = JSON.parse(Buffer.from(inflated(packed).buffer).toString()) as readonly LogRow[];
      return readerOf(columns, (nth) => rows[nth] as LogRow);
    },
  };
}

/** The same over records that are still to be packed. */
export function openBlock(waiting: readonly WaitingLog[]): LogBlock {
  const columns = columnsOf(waiting);
  const reader = readerOf(columns, (nth) => JSON.parse(waiting[nth]?.json ?? "") as LogRow);
  return { ...columns, ids: null, reader: () => ({ ...reader, texts: (nth) => (waiting[nth] as WaitingLog).texts }) };
}

function readerOf({ atMs, streams, streamOf, kinds }: Columns, rowOf: (nth: number) => LogRow): LogReader {
  return {
    texts(nth) {
      const [, , , message, traceId, spanId, requestId] = rowOf(nth);
      return { message, traceId, spanId, requestId };
    },
    record(nth) {
      const [id, index, container, message, traceId, spanId, requestId, access] = rowOf(nth);
      const accessLog = access && Object.fromEntries(accessKeys.map((key, i) => [key, access[i]]));
      return {
        id,
        index,
        atMs: atMs[nth] ?? 0,
        level: levelOf(kinds[nth] ?? 0),
        message,
        ...(streams[streamOf[nth] ?? 0] as LogStream),
        container,
        traceId,
        spanId,
        requestId,
        accessLog: accessLog as AccessLogEntry | null,
      };
    },
  };
}

type Columns = Omit<LogBlock, "ids" | "reader">;

function columnsOf(waiting: readonly WaitingLog[]): Columns {
  const streams = [...new Set(waiting.map(({ stream }) => stream))];
  const indexOf = new Map(streams.map((stream, i) => [stream, i]));
  return {
    count: waiting.length,
    atMs: Float64Array.from(waiting, ({ atMs }) => atMs),
    streams,
    streamOf: Uint16Array.from(waiting, ({ stream }) => indexOf.get(stream) ?? 0),
    kinds: Uint8Array.from(waiting, ({ kind }) => kind),
  };
}

/** Whether a kind passes the filter. */
export function kindTest({ levels: wanted, lines }: LogFilter): (kind: number) => boolean {
  return (kind) =>
    (wanted === null || wanted.includes(levelOf(kind))) && (lines === "any" || (lines === "access") === kind >= access);
}

/** Whether a stream passes the filter. */
export function streamTest({ scope, pods }: LogFilter): (stream: LogStream) => boolean {
  return (stream) =>
    (scope === null || isInScope(stream, scope)) &&
    (pods === null || (stream.pod !== null && pods.includes(stream.pod)));
}

/** The level of a kind. */
export function levelOf(kind: number): LogLevel {
  return levels[kind % access] ?? "UNKNOWN";
}

/** Whether a record's labels or pod name put it in the scope. */
export function isInScope({ namespace, pod, serviceNames }: LogStream, scope: LogScope): boolean {
  return (
    namespace === scope.namespace &&
    (serviceNames.some((name) => scope.names.includes(name)) ||
      (pod !== null && scope.names.some((name) => podBelongsTo(pod, name))))
  );
}

function kindOf({ level, accessLog }: LogRecord): number {
  return levels.indexOf(level) + (accessLog === null ? 0 : access);
}
