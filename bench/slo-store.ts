/** What the store holds of 2,000 objectives over thirty days, and how soon a restart evaluates over it. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { noClusterNames } from "../src/mesh/identity/cluster-name.js";
import { createMetricKnowledge } from "../src/mesh/metrics/metric-knowledge.js";
import { defaultObjectives } from "../src/slo/default-objectives.js";
import { createMeasurer } from "../src/slo/measure/measurer.js";
import { createMemoryMetricSource } from "../src/sources/memory/memory-metric-source.js";
import { createMetricStore } from "../src/sources/memory/metric-store.js";
import { openStore } from "../src/store/open-store.js";
import { systemClock as clock } from "../src/telemetry/clock.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { madeCounts } from "./made-counts.js";
import { serviceOf } from "./slo-mesh.js";

const services = 1_000;
const dayMs = 86_400_000;

/** Fills a store, closes it, and starts over it. */
export async function benchSloStore({ folder, say }: BenchContext): Promise<readonly BenchResult[]> {
  const nowMs = Math.floor(clock.nowMs() / 900_000) * 900_000;
  const refs = Array.from({ length: services }, (_, n) => ({ cluster: "east", ...serviceOf(n) }));
  const file = join(folder, "meshlens.db");
  const filled = await openStore({ url: `file:${file}` });
  for (const one of madeCounts(refs, nowMs)) await filled.sliCounts.append([one]);
  await filled.close();
  const megabytes = Math.round((await stat(file)).size / 1e6);
  say(`a store of ${megabytes} MB`);

  const startMs = clock.nowMs();
  const store = await openStore({ url: `file:${file}` });
  const config = { name: "empty", cluster: "east", scrapeIntervalMs: 15_000 };
  const sources = [createMemoryMetricSource({ config, store: createMetricStore({ maxAgeMs: 1 }) })];
  const knowledge = createMetricKnowledge({ sources, clock, clusters: noClusterNames, dialect: null });
  const measurer = createMeasurer({ sources, knowledge, clock, store: store.sliCounts, horizonMs: 30 * dayMs });
  await measurer.load(nowMs);
  const objectives = defaultObjectives(
    { availability: { target: 0.999, window: "30d" }, latency: { target: 0.99, thresholdMs: 500, window: "30d" } },
    refs,
    [],
  );
  const options = { signal: new AbortController().signal, deadlineMs: clock.nowMs() + 60_000 };
  const { measurements } = await measurer.cycle(nowMs + 30_000, objectives, options);
  const known = [...measurements].filter(({ period }) => (period?.coverage ?? 0) > 0.9).length;
  const seconds = (clock.nowMs() - startMs) / 1000;
  await store.close();
  if (known !== objectives.length)
    throw new Error(`the period of ${known} of ${objectives.length} objectives is known`);
  return [
    {
      what: `store with 30 days of buckets of ${objectives.length} objectives`,
      measured: `${megabytes} MB`,
      goal: "≤ 200 MB",
      isMet: megabytes <= 200,
    },
    {
      what: "from opening that store to the end of the first evaluation, questions to the backend apart",
      measured: `${seconds.toFixed(1)} s`,
      goal: "≤ 10 s",
      isMet: seconds <= 10,
    },
  ];
}
