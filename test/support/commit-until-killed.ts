/** A process of its own for crash tests: goes on with the alert cycles where the store ends, says each commit on stdout, never stops. */
import { writeSync } from "node:fs";
import { openStore } from "../../src/store/open-store.js";
import { alertCycle, lastCycle } from "./alert-cycles.js";

const store = await openStore({ url: process.argv[2] ?? "" });
let next = lastCycle(await store.alerts.load()) + 1;
const stepMs = 30_000;
for (; ; next++) {
  const block = {
    startMs: next * stepMs,
    stepMs,
    bucketCount: 1,
    counters: ["total"],
    keys: ["a"],
    values: Float64Array.of(1),
  };
  await store.sliCounts.append([{ scope: "s", block }]);
  await store.alerts.commitCycle(alertCycle(next));
  writeSync(1, `${next}\n`);
}
