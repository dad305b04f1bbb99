/** Entry of the worker thread of off-loop.ts: imports the decoder a task names, once, and answers with its buffer or its error. */
import { parentPort } from "node:worker_threads";
import { isMeshlensError } from "../errors.js";
import type { OffLoopFunction, OffLoopReply } from "./off-loop.js";

interface Message {
  readonly id: number;
  readonly module: string;
  readonly bytes: Uint8Array;
  readonly argument: unknown;
}

parentPort?.on("message", (message: Message) => void answer(message));

async function answer({ id, module, bytes, argument }: Message): Promise<void> {
  try {
    const { decodeOffLoop } = (await import(module)) as { readonly decodeOffLoop: OffLoopFunction };
    const buffer = decodeOffLoop(bytes, argument);
    reply({ id, buffer }, [buffer]);
  } catch (error) {
    const known = isMeshlensError(error);
    const message = known
      ? error.message
      : `The decoder failed: ${error instanceof Error ? error.message : String(error)}`;
    reply({ id, error: { code: known ? error.code : null, message, details: known ? error.details : {} } });
  }
}

function reply(message: OffLoopReply, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
