/** How V8 trades memory for collections in a server whose large answers come and go, and whether its heap fits into the container. */
import { totalmem } from "node:os";
import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";

/** Of what lives, where much lives. */
const leanShare = 0.35;
/** Garbage that a small heap may gather, bytes. */
const roomBytes = 40e6;
/** Where live data and garbage together are so large, only the share above is allowed. */
const generousUpToBytes = 140e6;
const mostShare = 1;

/**
 * How far the heap may grow past what lives in it before it is swept, in percent. V8 would let it double and more, but answers of 10 MB are read,
 * turned into rows and forgotten, and a container is sized by the peak: at 35 % 20 graphs of 5,000 edges peak at 250 MB, at 60 % at 310. A
 * small heap pays for that with a sweep every dozen of pages, a quarter of the processor time of each, and has the room.
 */
export function heapGrowingPercent(liveBytes: number): number {
  const room = Math.min(roomBytes, generousUpToBytes - liveBytes);
  return Math.round(100 * Math.min(mostShare, Math.max(leanShare, room / Math.max(1, liveBytes))));
}

/** Holds this process to it: after each sweep V8 is told what holds until the next. Called by `serve` and `demo`. */
export function keepHeapLean(): void {
  let told = 0;
  const tell = () => {
    const percent = heapGrowingPercent(getHeapStatistics().used_heap_size);
    if (percent === told) return;
    told = percent;
    setFlagsFromString(`--heap-growing-percent=${percent}`);
  };
  tell();
  const sweeps = new PerformanceObserver((list) => {
    if (list.getEntries().some(isSweep)) tell();
  });
  sweeps.observe({ entryTypes: ["gc"] });
}

/** Node says of what kind a collection was; its types do not yet. */
function isSweep(entry: PerformanceEntry & { readonly detail?: { readonly kind?: number } }): boolean {
  return entry.detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

/** What is left to buffers, decoding threads and the database, at least. */
const leastShareBeside = 0.25;

/**
 * What to say when JavaScript's heap may grow past the memory the process is allowed: it would be killed before it collects. V8 reads its
 * bound when a process starts, so it cannot be set here; the image sets it (deploy/Dockerfile). Null when it fits, or nothing limits memory.
 * @param memoryLimitBytes of the container, as `process.constrainedMemory()` has it: 0 and whatever exceeds the machine mean no limit
 */
export function heapAdvice(limits: {
  readonly heapLimitBytes: number;
  readonly memoryLimitBytes: number;
  readonly machineBytes: number;
}): string | null {
  const { heapLimitBytes, memoryLimitBytes, machineBytes } = limits;
  if (memoryLimitBytes <= 0 || memoryLimitBytes >= machineBytes) return null;
  if (heapLimitBytes <= memoryLimitBytes * (1 - leastShareBeside)) return null;
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  const fitting = mebibytes(memoryLimitBytes * 0.6);
  return `JavaScript's heap may grow to ${mebibytes(heapLimitBytes)} MiB, but the process may use ${mebibytes(memoryLimitBytes)} MiB in all and would be killed: set NODE_OPTIONS=--max-old-space-size=${fitting}, or give it more memory`;
}

/** The same of this process. */
export function ownHeapAdvice(): string | null {
  return heapAdvice({
    heapLimitBytes: getHeapStatistics().heap_size_limit,
    memoryLimitBytes: process.constrainedMemory(),
    machineBytes: totalmem(),
  });
}
