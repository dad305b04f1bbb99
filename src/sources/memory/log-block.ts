/**
 * Log records packed together: what a search filters by stands in columns, the rest is deflated JSON that is read only for records that
 * are shown or searched word by word. Made and read by the log shelf.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { toldLevels } from "../../telemetry/log-level.js";
import type { LogFilter, LogLevel, LogRecord, LogScope } from "../../telemetry/log-source.js";
import { podBelongsTo } from "../../telemetry/pod-name.js";
import { type IdFilter, idFilterOf } from "./id-filter.js";

/** Where records come from; records of one pod share one. */
export type LogStream = Pick<LogRecord, "namespace" | "pod" | "serviceNames">;

/** Records in the order of time. */
export interface LogBlock {
  readonly count: number;
  readonly atMs: ArrayLike<number>;
  /** Each record's. */
  readonly streams: readonly LogStream[];
  /** Index in `levels`, and 16 more for a line of an access log. */
  readonly kinds: ArrayLike<number>;
  /** Null before the block is packed: it may hold any id. */
  readonly ids: IdFilter | null;
  records(): readonly LogRecord[];
}

/** What `kinds` counts by. */
export const levels: readonly LogLevel[] = [...toldLevels, "UNKNOWN"];
const access = 16;

/** Packs records, oldest first. */
export function packBlock(records: readonly LogRecord[], streamOf: (record: LogRecord) => LogStream): LogBlock {
  const packed = deflateRawSync(JSON.stringify(records), { level: 1 });
  return {
    count: records.length,
    atMs: Float64Array.from(records, ({ atMs }) => atMs),
    streams: records.map(streamOf),
    kinds: Uint8Array.from(records, kindOf),
    ids: idFilterOf(records),
    records: () => JSON.parse(inflateRawSync(packed).toString()) as LogRecord[],
  };
}

/** The same over records that are still to be packed. */
export function openBlock(records: readonly LogRecord[], streamOf: (record: LogRecord) => LogStream): LogBlock {
  return {
    count: records.length,
    atMs: records.map(({ atMs }) => atMs),
    streams: records.map(streamOf),
    kinds: records.map(kindOf),
    ids: null,
    records: () => records,
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
