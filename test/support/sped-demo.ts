/**
 * Run as a process: a demo whose clock can be made to run faster than ours, so that the end of an incident comes in a minute. Argument:
 * the configuration's file. Prints its URL; a number on its standard input is how many times faster from now on; ends with SIGTERM.
 * A deadline passes as much sooner: what is to be gathered from sources needs the clock at its own speed.
 */
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { demoSettings } from "../../src/cli/demo-options.js";
import { createDemo } from "../../src/demo/create-demo.js";
import { startDemo } from "../../src/server/start-demo.js";

const [config = ""] = process.argv.slice(2);
const { loaded, mesh, proxies, scenario, seed, historyMs } = demoSettings({
  config,
  port: "0",
  scenario: "healthy",
  mesh: "istio",
  seed: "1",
  history: "1h",
});
let [speed, fromMs, realFromMs] = [1, Date.now(), Date.now()];
const clock = { nowMs: () => fromMs + (Date.now() - realFromMs) * speed };
createInterface({ input: process.stdin }).on("line", (line) => {
  [fromMs, realFromMs, speed] = [clock.nowMs(), Date.now(), Number(line)];
});
const stopping = new AbortController();
const demo = createDemo({ mesh, proxies, seed, startMs: Date.now() - historyMs, clock });
const server = await startDemo(demo, loaded, {
  clock,
  control: {
    scenarios: demo.scenarios,
    current: demo.scenario,
    choose: (name) => demo.switchTo(name, clock.nowMs()),
    metricsText: demo.metricsText,
  },
  signal: stopping.signal,
  pause: async (ms, signal) => {
    // In small steps, because the speed may change meanwhile.
    for (const endMs = clock.nowMs() + ms; clock.nowMs() < endMs && !signal.aborted; ) await delay(20);
  },
  playEveryMs: 100,
  logTo: process.stderr,
});
demo.switchTo(scenario, clock.nowMs());
process.stdout.write(`${server.url}\n`);
process.once("SIGTERM", () => void server.stop("the test is over").finally(() => process.exit(0)));
