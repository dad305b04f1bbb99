/** What a backtest takes: a week in steps of 30 s for ten objectives, on a real Prometheus. */
import { writeFile } from "node:fs/promises";
import { runBacktest } from "../src/alerting/backtest/run-backtest.js";
import { createHttpClient } from "../src/http/create-http-client.js";
import { noClusterNames } from "../src/mesh/identity/cluster-name.js";
import { createMetricKnowledge } from "../src/mesh/metrics/metric-knowledge.js";
import { createReplayMeasurer } from "../src/slo/measure/replay-measurer.js";
import { createPrometheusSource } from "../src/sources/prometheus/prometheus-source.js";
import { systemClock as clock } from "../src/telemetry/clock.js";
import { prometheus3On } from "../test/real/backends/prometheus.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { processCpuSeconds } from "./process-cpu.js";
import { feedSloMesh } from "./slo-mesh.js";

const dayMs = 86_400_000;
const stepMs = 30_000;
const scrapeMs = 15_000;
const days = 7;
/** Two objectives each. */
const services = 5;
const goalSeconds = 30;

/** Runs it once. */
export async function benchBacktest(context: BenchContext): Promise<readonly BenchResult[]> {
  const [url = ""] = await context.start([prometheus3On((file) => writeFile(file, "# EOF\n"))]);
  const toMs = Math.floor(clock.nowMs() / stepMs) * stepMs;
  const fromMs = toMs - days * dayMs;
  const mesh = { services, edgesPerService: 2, fromMs, toMs, scrapeMs };
  const series = await feedSloMesh(url, mesh);
  const config = { name: "prometheus", cluster: null, isShard: false, scrapeIntervalMs: scrapeMs };
  const http = createHttpClient({ name: "prometheus", url }, { clock });
  const sources = [createPrometheusSource({ config, clock, http })];
  const knowledge = createMetricKnowledge({ sources, clock, clusters: noClusterNames, dialect: null });
  const [startMs, startCpu, own] = [clock.nowMs(), processCpuSeconds(context.pidOf(url)), process.cpuUsage()];
  const summary = await runBacktest(
    {
      measurer: createReplayMeasurer({ sources, knowledge, clock }),
      clock,
      pause: async () => undefined,
      own: [],
      defaults: {
        availability: { target: 0.999, window: "30d" },
        latency: { target: 0.99, thresholdMs: 500, window: "30d" },
      },
      onChanges: () => undefined,
      onProgress: () => undefined,
    },
    { fromMs, toMs, stepMs },
    new AbortController().signal,
  );
  const seconds = (clock.nowMs() - startMs) / 1000;
  const cpu = process.cpuUsage(own);
  const ownSeconds = (cpu.user + cpu.system) / 1e6;
  const serverSeconds = processCpuSeconds(context.pidOf(url)) - startCpu;
  await sources[0]?.close();
  const { evaluationCount, objectives } = summary;
  if (objectives.length !== 2 * services) throw new Error(`${objectives.length} objectives were evaluated`);
  context.say(`${evaluationCount} evaluations, ${series} series`);
  return [
    {
      what: `Backtest of ${days} days at 30 s steps, ${objectives.length} objectives, Prometheus ${series} series (CPU: ours, Prometheus's)`,
      measured: `${seconds.toFixed(1)} s (${ownSeconds.toFixed(1)} s, ${serverSeconds.toFixed(1)} s)`,
      goal: `≤ ${goalSeconds} s`,
      isMet: seconds <= goalSeconds,
    },
  ];
}
