/** A module for tests of the off-loop runner, loaded by its worker. */
import { threadId } from "node:worker_threads";
import { MeshlensError } from "../../src/errors.js";
import type { OffLoopFunction } from "../../src/http/off-loop.js";

/** Its URL. */
export const offLoopModule = import.meta.url;

/** Doubles every byte, or does what `argument` says. */
export const decodeOffLoop: OffLoopFunction = (bytes, argument) => {
  if (argument === "fail")
    throw new MeshlensError("MESHLENS_ERR_SOURCE_DECODE", "Source s is wrong at data[3].", { at: "data[3]" });
  if (argument === "bug") throw new TypeError("x is not a function");
  if (argument === "die") process.exit(3);
  if (argument === "thread") return Uint8Array.of(threadId).buffer;
  if (argument === "spin") for (;;) bytes.fill(1);
  return Uint8Array.from(bytes, (byte) => 2 * byte).buffer;
};
