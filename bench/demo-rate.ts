/** Prints how many simulated requests a second of one core takes, simulation and metrics alone; run by demo-life.ts in a process of its own. */
import { bookinfoWithShop } from "../src/demo/meshes/join-meshes.js";
import { createSimulation } from "../src/demo/simulation/create-simulation.js";
import { createStage } from "../src/demo/stage/create-stage.js";
import { createIstioMetrics } from "../src/demo/telemetry/metrics/istio-metrics.js";
import { keepHeapLean } from "../src/server/lean-heap.js";

keepHeapLean();
const startMs = Date.UTC(2026, 4, 12, 12);
const metrics = createIstioMetrics({ hasSizes: false });
const simulation = createSimulation({ mesh: bookinfoWithShop, seed: 1, startMs, sampledShare: 0 });
const stage = createStage({
  simulation,
  scrapeIntervalMs: 15_000,
  record: metrics.record,
  scrape: (atMs) => metrics.scrapeAt(atMs, { sample: () => undefined }),
  release: () => undefined,
});
const before = process.cpuUsage();
await stage.play(startMs + 3_600_000, new AbortController().signal);
const { user, system } = process.cpuUsage(before);
console.log(stage.progress().requests / ((user + system) / 1e6));
