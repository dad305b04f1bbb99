/** Log records in the order of time, packed in blocks and bounded by age and number. Used by the memory log source only. */
import type { LogFilter, LogLevel, LogRecord } from "../../telemetry/log-source.js";
import { idTest } from "./id-filter.js";
import {
  kindCount,
  kindTest,
  type LogBlock,
  type LogReader,
  type LogStream,
  levelOf,
  openBlock,
  packBlock,
  streamTest,
  type WaitingLog,
  waitingLog,
} from "./log-block.js";
import { matchesTexts } from "./match-log-filter.js";

/** A record that was found, read when asked for. */
export interface FoundLog {
  readonly atMs: number;
  readonly level: LogLevel;
  read(): LogRecord;
}

/** The records. */
export interface LogShelf {
  /** Keeps records in any order of time. */
  put(records: readonly LogRecord[]): void;
  /** Lets go of records before `oldestMs` and of the oldest beyond `mostRecords`. */
  forget(oldestMs: number, mostRecords: number): void;
  /** All records that match, oldest first; equal instants in the order they came. */
  find(filter: LogFilter): readonly FoundLog[];
  count(): number;
}

const blockSize = 128;
/** Records wait unpacked for this many later ones, so that late ones find their place. */
const waiting = 512;
const mostStreams = 2_000;

interface Shelved {
  readonly block: LogBlock;
  /** Counts blocks in the order they were packed: of records of one instant those packed first came first. */
  readonly number: number;
  /** Records before this one are forgotten. */
  from: number;
}

/** An empty shelf. */
export function createLogShelf(): LogShelf {
  let blocks: Shelved[] = [];
  let open: WaitingLog[] = [];
  let count = 0;
  let packedBlocks = 0;
  const streams = new Map<string, LogStream>();

  function streamOf({ namespace, pod, serviceNames }: LogRecord): LogStream {
    const key = JSON.stringify([namespace, pod, serviceNames]);
    const known = streams.get(key);
    if (known !== undefined) return known;
    // Pods come and go: their names are not kept for ever.
    if (streams.size >= mostStreams) streams.clear();
    const stream = { namespace, pod, serviceNames };
    streams.set(key, stream);
    return stream;
  }

  function pack(): void {
    const block = packBlock(open.slice(0, blockSize));
    open = open.slice(blockSize);
    const before = blocks.findLastIndex((one) => (one.block.atMs[0] ?? 0) <= (block.atMs[0] ?? 0));
    blocks.splice(before + 1, 0, { block, number: packedBlocks, from: 0 });
    packedBlocks += 1;
  }

  return {
    put(records) {
      count += records.length;
      for (const record of records) {
        const before = open.findLastIndex(({ atMs }) => atMs <= record.atMs);
        const one = waitingLog(record, streamOf(record));
        if (before === open.length - 1) open.push(one);
        else open.splice(before + 1, 0, one);
        if (open.length >= waiting + blockSize) pack();
      }
    },
    forget(oldestMs, mostRecords) {
      const isTooMuch = (atMs: number) => count > mostRecords || atMs < oldestMs;
      let dropped = 0;
      for (const shelved of blocks) {
        const { block } = shelved;
        while (shelved.from < block.count && isTooMuch(block.atMs[shelved.from] ?? 0)) {
          shelved.from += 1;
          count -= 1;
        }
        if (shelved.from < block.count) break;
        dropped += 1;
      }
      blocks = blocks.slice(dropped);
      if (blocks.length > 0) return;
      let from = 0;
      while (from < open.length && isTooMuch(open[from]?.atMs ?? 0)) {
        from += 1;
        count -= 1;
      }
      open = open.slice(from);
    },
    find(filter) {
      const { fromMs, toMs } = filter.window;
      const [isKind, isWanted, mayHaveIds] = [kindTest(filter), streamTest(filter), idTest(filter)];
      const wantedKinds = Array.from({ length: kindCount }, (_, kind) => isKind(kind));
      const asked = new Map<LogStream, boolean>();
      const isStream = (stream: LogStream): boolean => {
        const known = asked.get(stream);
        if (known !== undefined) return known;
        const isOne = isWanted(stream);
        asked.set(stream, isOne);
        return isOne;
      };
      const needsReading =
        filter.text !== null || filter.traceIds !== null || filter.spanIds !== null || filter.requestIds !== null;
      const found: (FoundLog & Pick<Shelved, "number">)[] = [];
      const last = { block: openBlock(open), number: packedBlocks, from: 0 };
      for (const { block, number, from } of [...blocks, last]) {
        const { atMs, kinds, streamOf: streamAt } = block;
        if ((atMs[block.count - 1] ?? fromMs) <= fromMs || (atMs[0] ?? 0) >= toMs + 1) continue;
        if (block.ids !== null && !mayHaveIds(block.ids)) continue;
        const wantedStreams = block.streams.map(isStream);
        if (!wantedStreams.includes(true)) continue;
        let opened: LogReader | null = null;
        const reader = (): LogReader => {
          opened ??= block.reader();
          return opened;
        };
        for (let i = from; i < block.count; i += 1) {
          const at = Math.floor(atMs[i] ?? 0);
          const kind = kinds[i] ?? 0;
          if (at <= fromMs || at > toMs || !wantedKinds[kind] || !wantedStreams[streamAt[i] ?? 0]) continue;
          if (needsReading && !matchesTexts(reader().texts(i), filter)) continue;
          found.push({ atMs: atMs[i] ?? 0, level: levelOf(kind), number, read: () => reader().record(i) });
        }
      }
      return found.sort((a, b) => a.atMs - b.atMs || a.number - b.number);
    },
    count: () => count,
  };
}
