/** A process of its own that follows a cluster: how soon it knows it, what memory that takes, how fast it answers. Started by kubernetes-sync.ts. */
import { loadConfig } from "../src/config/load-config.js";
import { compose } from "../src/server/compose.js";
import { keepHeapLean } from "../src/server/lean-heap.js";
import { systemClock } from "../src/telemetry/clock.js";
import { quantile } from "./statistics.js";

/** What it prints as JSON. */
export interface FollowFigures {
  readonly found: string;
  readonly firstSyncMs: number;
  readonly firstSyncCpuMs: number;
  readonly extraResidentMb: number;
  readonly highestExtraMb: number;
  /** Median and 99th percentile. */
  readonly healthMs: readonly [number, number];
  readonly changesMs: readonly [number, number];
}

const megabyte = 2 ** 20;
keepHeapLean();
const composition = await compose(loadConfig(process.argv[2] ?? "", {}), { clock: systemClock });
const [source] = composition.clusterSources;
if (source === undefined) throw new Error("no source of kind kubernetes");
const options = () => ({ signal: new AbortController().signal, deadlineMs: Date.now() + 120_000 });

const before = process.memoryUsage.rss();
let highest = before;
const watching = setInterval(() => {
  highest = Math.max(highest, process.memoryUsage.rss());
}, 20);
const startMs = performance.now();
const cpu = process.cpuUsage();
const { value: services } = await source.services(options());
const firstSyncMs = performance.now() - startMs;
const { user, system } = process.cpuUsage(cpu);
const { found } = await source.probe(options());

const names = Array.from({ length: 200 }, (_, nth) => services[(nth * 37) % services.length]).filter(
  (name) => name !== undefined,
);
const window = { fromMs: Date.now() - 3_600_000, toMs: Date.now() };
const healthMs: number[] = [];
const changesMs: number[] = [];
for (const name of names) {
  let at = performance.now();
  await source.health([name], options());
  healthMs.push(performance.now() - at);
  at = performance.now();
  await source.changes([name], window, options());
  changesMs.push(performance.now() - at);
}
clearInterval(watching);
highest = Math.max(highest, process.memoryUsage.rss());
const figures: FollowFigures = {
  found: found ?? "",
  firstSyncMs,
  firstSyncCpuMs: (user + system) / 1_000,
  extraResidentMb: (process.memoryUsage.rss() - before) / megabyte,
  highestExtraMb: (highest - before) / megabyte,
  healthMs: [quantile(healthMs, 0.5), quantile(healthMs, 0.99)],
  changesMs: [quantile(changesMs, 0.5), quantile(changesMs, 0.99)],
};
console.log(JSON.stringify(figures));
await composition.close();
