/** Evaluates 10,000 objectives over thirty days of counts without a backend, and prints what it took as JSON. Started by slo-cycle.ts. */
import { createAlertBoard } from "../src/alerting/alert-board.js";
import { createEvaluator } from "../src/alerting/evaluator.js";
import { noClusterNames } from "../src/mesh/identity/cluster-name.js";
import type { ServiceRefInput } from "../src/mesh/mesh.js";
import { createMetricKnowledge } from "../src/mesh/metrics/metric-knowledge.js";
import { keepHeapLean } from "../src/server/lean-heap.js";
import { defaultObjectives } from "../src/slo/default-objectives.js";
import { createMeasurer } from "../src/slo/measure/measurer.js";
import { createMemoryMetricSource } from "../src/sources/memory/memory-metric-source.js";
import { createMetricStore } from "../src/sources/memory/metric-store.js";
import { createSharedRoom } from "../src/store/block-codec.js";
import { systemClock as clock } from "../src/telemetry/clock.js";
import type { MetricRow, MetricSource } from "../src/telemetry/metric-source.js";
import { timePoints } from "../src/telemetry/time-points.js";
import { countOf, madeCounts } from "./made-counts.js";
import { serviceOf } from "./slo-mesh.js";

const services = 5_000;
const hourMs = 3_600_000;
const cycles = 6;
const nowMs = Math.floor(clock.nowMs() / 900_000) * 900_000;

const refs = Array.from({ length: services }, (_, n) => ({ cluster: "east", ...serviceOf(n) }));
const objectives = defaultObjectives(
  { availability: { target: 0.999, window: "30d" }, latency: { target: 0.99, thresholdMs: 500, window: "30d" } },
  refs,
  [],
);

/** Rows as a mesh gives them: two codes per service; made anew for each answer, as a decoder does. */
const source: MetricSource = {
  ...createMemoryMetricSource({
    config: { name: "made", cluster: "east", scrapeIntervalMs: 15_000 },
    store: createMetricStore({ maxAgeMs: 1 }),
  }),
  presentMetrics: async () => new Set(["istio_requests_total", "istio_request_duration_milliseconds_bucket"]),
  async query(request) {
    const timestampsMs = timePoints(request);
    // Calls that ended early are asked for on their own; there are none.
    const asked = request.parts.filter(({ expression: { of } }) =>
      of.views.every(({ select }) => select.matchers.every(({ op }) => op !== "matches")),
    );
    const rows = asked.flatMap(({ id, expression }) =>
      refs.flatMap((ref, n) =>
        ["200", "503"].map((code): MetricRow => {
          const all: Record<string, string> = {
            destination_service: `${ref.name}.${ref.namespace}.svc.cluster.local`,
            destination_service_name: ref.name,
            destination_service_namespace: ref.namespace,
            destination_cluster: "east",
            reporter: "source",
            request_protocol: "http",
            response_code: code,
            response_flags: "-",
            source_workload: "front",
            source_workload_namespace: "ns-0",
            le: "500",
          };
          const labels = Object.fromEntries(
            expression.groupBy.flatMap((name) => (all[name] ? [[name, all[name]]] : [])),
          );
          const count = code === "200" ? countOf(n, 100) : n % 10 === 0 ? 1 : 0;
          return { part: id, labels, values: timestampsMs.map(() => (expression.kind === "seen" ? 1 : count)) };
        }),
      ),
    );
    return { timestampsMs, rows, warnings: [] };
  },
};

keepHeapLean();
const knowledge = createMetricKnowledge({ sources: [source], clock, clusters: noClusterNames, dialect: null });
const store = {
  append: async () => undefined,
  async *read() {
    yield* madeCounts(refs, nowMs, createSharedRoom());
  },
};
const measurer = createMeasurer({ sources: [source], knowledge, clock, store, horizonMs: 30 * 24 * hourMs });
const clusterOf = ({ cluster, ...rest }: ServiceRefInput) => ({ cluster: cluster ?? "east", ...rest });
const alerts = {
  load: async () => ({ evaluatedAtMs: null, states: [], openIncidents: [] }),
  commitCycle: async () => {},
};
const evaluator = createEvaluator({ measurer, alerts, intervalMs: 30_000, serviceOf: clusterOf });
const board = createAlertBoard({ clock, serviceOf: clusterOf, staleMs: hourMs }, []);
const roster = { objectives, isComplete: true };
await evaluator.load(nowMs);
let cpuMs = 0;
for (let n = 1; n <= cycles; n += 1) {
  const before = process.cpuUsage();
  const options = { signal: new AbortController().signal, deadlineMs: clock.nowMs() + 60_000 };
  board.update(roster, await evaluator.cycle(nowMs + 30_000 + n * 30_000, roster, options));
  const { user, system } = process.cpuUsage(before);
  // The first learns and compiles.
  if (n > 1) cpuMs = Math.max(cpuMs, Math.round((user + system) / 1000));
}
// The highest of the whole life, the start with its thirty days included; told in KiB.
const rssBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ cpuMs, rssBytes, ledgerBytes: measurer.bytes() }));
