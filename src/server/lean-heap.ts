/** How V8 trades memory for collections in a server whose large answers come and go, and whether its heap fits into the container. */
import { totalmem } from "node:os";
import { getHeapStatistics, setFlagsFromString } from "node:v8";

/**
 * Lets the heap grow by a third of what lives in it before it is swept, where V8 would let it double and more: answers of 10 MB are
 * read, turned into rows and forgotten, and a container is sized by the peak. Measured: 20 graphs of 5,000 edges peaked at 250 MB with 30, at 292
 * with 45 and 310 with 60 percent; with 30 the collector took a quarter of the processor time more than with 60. Called by `serve` and `demo`.
 */
export function keepHeapLean(): void {
  setFlagsFromString("--heap-growing-percent=35");
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
