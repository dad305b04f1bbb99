/**
 * A clock that runs as fast as its parent process says: preloaded (`node --import`) into a process that is otherwise as users run it. A number
 * sent to it is how fast time runs from then on; it is sent back when that is so. Pauses of `node:timers/promises` are FAST_CLOCK times shorter,
 * or as many times as time ran fast last, so that what happens every 30 s goes on doing so.
 */
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

let pauseFactor = Number(process.env["FAST_CLOCK"] ?? "1");
const realNow = Date.now;
const realPause = timers.setTimeout;
let factor = 1;
let [fromMs, fromRealMs] = [realNow(), realNow()];

const nowMs = (): number => Math.floor(fromMs + (realNow() - fromRealMs) * factor);
Date.now = nowMs;
timers.setTimeout = (delayMs, ...rest) => realPause((delayMs ?? 0) / pauseFactor, ...rest);
syncBuiltinESMExports();

process.on("message", (wanted: number) => {
  [fromMs, fromRealMs] = [nowMs(), realNow()];
  factor = wanted;
  if (wanted > 1) pauseFactor = wanted;
  process.send?.(wanted);
});
// The process ends as it would without a parent.
process.channel?.unref();
