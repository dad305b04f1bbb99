/** Bytes of live heap: collects garbage first, so that a leak can be told from rubbish not yet swept. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

export function heapAfterCollection(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
