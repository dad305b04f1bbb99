/**
 * Lives a demo's mesh as fast as it goes and prints what it took, as JSON: run by demo-memory.ts in a process of its own.
 * Arguments: hours of history, then hours lived on after it.
 */
import { createDemo } from "../src/demo/create-demo.js";
import { bookinfoWithShop } from "../src/demo/meshes/join-meshes.js";
import { createSimulation } from "../src/demo/simulation/create-simulation.js";
import { createStage } from "../src/demo/stage/create-stage.js";
import { createIstioMetrics } from "../src/demo/telemetry/metrics/istio-metrics.js";
import { keepHeapLean } from "../src/server/lean-heap.js";

/** What is printed. */
export interface DemoLife {
  readonly requestsPerCpuSecond: number;
  readonly residentMb: number;
  readonly samples: number;
  readonly spans: number;
  readonly records: number;
}

const hourMs = 3_600_000;
const [historyHours = 6, laterHours = 1] = process.argv.slice(2).map(Number);
const presentMs = Math.floor(Date.now() / 15_000) * 15_000;
const signal = new AbortController().signal;

/** Simulation and metrics alone, for an hour. */
async function countRequests(): Promise<number> {
  const metrics = createIstioMetrics({ hasSizes: false });
  const simulation = createSimulation({ mesh: bookinfoWithShop, seed: 1, startMs: presentMs - hourMs });
  const stage = createStage({
    simulation,
    scrapeIntervalMs: 15_000,
    record: metrics.record,
    scrape: (atMs) => metrics.scrapeAt(atMs, { sample: () => undefined }),
    release: () => undefined,
  });
  const before = process.cpuUsage();
  await stage.play(presentMs, signal);
  const { user, system } = process.cpuUsage(before);
  return stage.progress().requests / ((user + system) / 1e6);
}

keepHeapLean();
let nowMs = presentMs;
const demo = createDemo({
  mesh: bookinfoWithShop,
  proxies: "istio",
  seed: 1,
  startMs: presentMs - historyHours * hourMs,
  clock: { nowMs: () => nowMs },
});
const requestsPerCpuSecond = await countRequests();
await demo.stage.play(presentMs, signal);
let residentMb = 0;
for (let minute = 1; minute <= laterHours * 60; minute += 1) {
  nowMs = presentMs + minute * 60_000;
  await demo.stage.play(nowMs, signal);
  residentMb = Math.max(residentMb, process.memoryUsage().rss / 2 ** 20);
}
const { metricStore, traces, logs } = demo.backends;
const life: DemoLife = {
  requestsPerCpuSecond,
  residentMb,
  samples: metricStore.counts().samples,
  spans: traces.counts().spans,
  records: logs.counts().records,
};
console.log(JSON.stringify(life));
