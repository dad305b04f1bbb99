/**
 * Run as a process: a demo whose clock runs faster than ours once it listens, so that an incident's hour passes in a minute or two.
 * Arguments: the configuration's file, how many times faster. Prints its URL; ends with SIGTERM.
 */
import { setTimeout as delay } from "node:timers/promises";
import { demoSettings } from "../../src/cli/demo-options.js";
import { createDemo } from "../../src/demo/create-demo.js";
import { startDemo } from "../../src/server/start-demo.js";

const [config = "", fasterBy = "1"] = process.argv.slice(2);
const speed = Number(fasterBy);
const { loaded, mesh, proxies, scenario, seed, historyMs } = demoSettings({
  config,
  port: "0",
  scenario: "healthy",
  mesh: "istio",
  seed: "1",
  history: "1h",
});
let spedFromMs = Number.POSITIVE_INFINITY;
const clock = {
  nowMs() {
    const nowMs = Date.now();
    return nowMs < spedFromMs ? nowMs : spedFromMs + (nowMs - spedFromMs) * speed;
  },
};
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
  pause: async (ms, signal) => void (await delay(ms / speed, undefined, { signal }).catch(() => {})),
  playEveryMs: 100,
  logTo: process.stderr,
});
demo.switchTo(scenario, Date.now());
spedFromMs = Date.now();
process.stdout.write(`${server.url}\n`);
process.once("SIGTERM", () => void server.stop("the test is over").then(() => process.exit(0)));
