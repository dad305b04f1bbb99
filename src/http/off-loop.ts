/**
 * Runs heavy pure functions over bytes in a worker thread, so that a big answer does not hold up the event loop.
 * Adapters give the module of their own decoder; the worker (off-loop-worker.ts) imports it and calls its `decodeOffLoop`.
 */
import { Worker } from "node:worker_threads";
import { type ErrorCode, type ErrorDetails, MeshlensError } from "../errors.js";
import type { Clock } from "../telemetry/clock.js";
import type { CallOptions } from "../telemetry/source.js";

/** What a module run off the loop exports as `decodeOffLoop`; `argument` is plain data. The buffer it returns is transferred. */
export type OffLoopFunction = (bytes: Uint8Array, argument: unknown) => ArrayBuffer;

/** One piece of work. */
export interface OffLoopTask {
  /** URL of a compiled module that exports `decodeOffLoop: OffLoopFunction`. */
  readonly module: string;
  /** Copied, never taken: the caller keeps its bytes. */
  readonly bytes: Uint8Array;
  readonly argument: unknown;
}

/** A worker that is started by the first task, takes one task at a time and ends after an idle while. */
export interface OffLoop {
  /**
   * @throws what the function threw when it was a MeshlensError · MESHLENS_ERR_SOURCE_ABORTED when the signal aborts or the runner is
   * closed · _TIMEOUT at the deadline · _TOO_LARGE when the worker ran out of memory · MESHLENS_ERR_INTERNAL otherwise
   */
  run(task: OffLoopTask, options: CallOptions): Promise<ArrayBuffer>;
  close(): Promise<void>;
}

/** Answer of the worker to one task. */
export type OffLoopReply =
  | { readonly id: number; readonly buffer: ArrayBuffer }
  | { readonly id: number; readonly error: { code: ErrorCode | null; message: string; details: ErrorDetails } };

/** `name` is the source's, for messages. */
export interface OffLoopDeps {
  readonly name: string;
  readonly clock: Clock;
  readonly idleMs?: number;
}

/** Less than the process has (deploy/Dockerfile): a decoder works on one answer at a time, so that little lives at once. */
const maxYoungGenerationSizeMb = 24;

interface Waiting {
  resolve(buffer: ArrayBuffer): void;
  reject(error: unknown): void;
}

/** Makes a runner; nothing is started before the first task. An idle worker gives its memory back after `idleMs`. */
export function createOffLoop({ name, clock, idleMs = 10_000 }: OffLoopDeps): OffLoop {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  let nextId = 1;
  let isClosed = false;

  const failAll = (error: MeshlensError): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  /** A worker that ended by itself takes its tasks with it; one that was sent away has none. */
  const lose = (lost: Worker, error: MeshlensError): void => {
    if (worker !== lost) return;
    worker = null;
    failAll(error);
  };
  const end = async (): Promise<void> => {
    const ending = worker;
    worker = null;
    await ending?.terminate();
  };
  const restWhenIdle = (): void => {
    if (waiting.size > 0) return;
    worker?.unref();
    idleTimer = setTimeout(() => void end(), idleMs).unref();
  };
  const start = (): Worker => {
    const started = new Worker(new URL("./off-loop-worker.js", import.meta.url), {
      name: `decode ${name}`,
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    started.on("message", (reply: OffLoopReply) => {
      const task = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ("buffer" in reply) task?.resolve(reply.buffer);
      else
        task?.reject(
          new MeshlensError(reply.error.code ?? "MESHLENS_ERR_INTERNAL", reply.error.message, reply.error.details),
        );
      restWhenIdle();
    });
    started.on("error", (error: NodeJS.ErrnoException) => {
      const isMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      const what = isMemory
        ? "is too large to be decoded; ask for a shorter range"
        : "could not be decoded: the decoder stopped";
      const code = isMemory ? "MESHLENS_ERR_SOURCE_TOO_LARGE" : "MESHLENS_ERR_INTERNAL";
      lose(started, new MeshlensError(code, `An answer of source ${name} ${what}.`, { source: name }, error));
    });
    started.on("exit", () => lose(started, aborted(name)));
    return started;
  };

  return {
    run(task, { signal, deadlineMs }) {
      if (isClosed || signal.aborted) return Promise.reject(aborted(name));
      clearTimeout(idleTimer);
      worker ??= start();
      worker.ref();
      const id = nextId++;
      const bytes = new Uint8Array(task.bytes);
      worker.postMessage({ id, module: task.module, bytes, argument: task.argument }, [bytes.buffer]);
      return new Promise((resolve, reject) => {
        const onAbort = (): void => reject(aborted(name));
        signal.addEventListener("abort", onAbort, { once: true });
        const timer = setTimeout(() => reject(late(name)), Math.max(0, deadlineMs - clock.nowMs()));
        const settled = (): void => {
          signal.removeEventListener("abort", onAbort);
          clearTimeout(timer);
        };
        waiting.set(id, {
          resolve(buffer) {
            settled();
            resolve(buffer);
          },
          reject(error) {
            settled();
            reject(error);
          },
        });
      });
    },
    async close() {
      isClosed = true;
      clearTimeout(idleTimer);
      failAll(aborted(name));
      await end();
    },
  };
}

function aborted(source: string): MeshlensError {
  return new MeshlensError("MESHLENS_ERR_SOURCE_ABORTED", `Decoding an answer of source ${source} was given up.`, {
    source,
  });
}

function late(source: string): MeshlensError {
  const message = `An answer of source ${source} was not decoded within the deadline; ask for a shorter range.`;
  return new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", message, { source });
}
