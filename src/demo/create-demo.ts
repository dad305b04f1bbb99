/**
 * A living mesh with backends of its own: the simulation, those who render its telemetry, and the memory adapters that keep it. Everything
 * but the timer and the server, which are in src/server/start-demo.ts.
 */
import type { Clock } from "../telemetry/clock.js";
import { scenarioFor, scenariosOf } from "./scenarios/known-scenarios.js";
import type { Scenario } from "./scenarios/scenario.js";
import { createSimulation } from "./simulation/create-simulation.js";
import type { HttpExchange } from "./simulation/exchange.js";
import type { MeshDefinition } from "./simulation/mesh-definition.js";
import type { MeshPod } from "./simulation/mesh-model.js";
import { createStage, type Stage } from "./stage/create-stage.js";
import { createEmbeddedBackends, type EmbeddedBackends, scrapeIntervalMs } from "./stage/embedded-backends.js";
import { createDueQueue } from "./telemetry/due-queue.js";
import { memoryLogInput } from "./telemetry/logs/log-backends.js";
import type { MeshLogLine } from "./telemetry/logs/mesh-log-line.js";
import { meshLogLines } from "./telemetry/logs/mesh-log-lines.js";
import { createIstioMetrics } from "./telemetry/metrics/istio-metrics.js";
import { createLinkerdMetrics } from "./telemetry/metrics/linkerd-metrics.js";
import type { MeshMetrics } from "./telemetry/metrics/mesh-metrics.js";
import type { SampleSink } from "./telemetry/metrics/metric-series.js";
import { expositionText, openMetricsType } from "./telemetry/metrics/openmetrics-text.js";
import { createStoreSink } from "./telemetry/metrics/store-sink.js";
import { type MeshSpan, meshSpans, spanEndMs } from "./telemetry/spans/mesh-span.js";
import { tracesOfSpans } from "./telemetry/spans/span-backends.js";

/** Whose proxies a mesh has. */
export type ProxyKind = "istio" | "linkerd";

/** Takes the telemetry of the mesh beside the embedded backends, as it comes. */
export interface TelemetryTaker {
  readonly samples?: SampleSink;
  takeSpans?(spans: readonly MeshSpan[]): void;
  takeLines?(lines: readonly MeshLogLine[]): void;
}

/** What a demo is made of. */
export interface DemoOptions {
  readonly mesh: MeshDefinition;
  readonly proxies: ProxyKind;
  readonly seed: number;
  /** Epoch ms at which its history begins. */
  readonly startMs: number;
  readonly clock: Clock;
  readonly takers?: readonly TelemetryTaker[];
}

/** A mesh that lives as its stage is played. */
export interface Demo {
  readonly stage: Stage;
  readonly backends: EmbeddedBackends;
  /** Those the mesh can play. */
  readonly scenarios: readonly Scenario[];
  scenario(): { readonly scenario: Scenario; readonly sinceMs: number };
  /** @throws MESHLENS_ERR_DEMO_SCENARIO for a name that is none or that this mesh cannot play */
  switchTo(name: string, atMs: number): void;
  /** All proxies' series at the stage's present instant. */
  metricsText(): { readonly contentType: string; readonly text: string };
}

/** Share of the requests whose spans are reported and whose quiet lines are kept. */
const sampledShare = 0.03;

/** A mesh at the first instant of its history. */
export function createDemo(options: DemoOptions): Demo {
  const { mesh, proxies, seed, startMs, clock, takers = [] } = options;
  const backends = createEmbeddedBackends(clock);
  const metrics = proxies === "istio" ? createIstioMetrics({ hasSizes: false }) : createLinkerdMetrics();
  const store = createStoreSink(backends.metricStore);
  const onScrape = joinSinks([store, ...takers.flatMap(({ samples }) => samples ?? [])]);
  const spans = createDueQueue<MeshSpan>();
  const lines = createDueQueue<MeshLogLine>();
  const syncPods = followPods(metrics);
  const simulation = createSimulation({
    mesh,
    seed,
    startMs,
    sampledShare,
    onChange: (event) => backends.workloads.append([event]),
  });
  let current = { scenario: scenarioFor(mesh, simulation.scenario()), sinceMs: startMs };

  function record(root: HttpExchange): void {
    metrics.record(root);
    for (const span of meshSpans(root)) spans.put(spanEndMs(span), span);
    for (const line of meshLogLines(root, { hasAccessLogs: proxies === "istio" })) lines.put(line.writtenMs, line);
  }

  function release(untilMs: number): void {
    const [ended, written] = [spans.takeUntil(untilMs), lines.takeUntil(untilMs)];
    if (ended.length > 0) backends.traces.append(tracesOfSpans(ended));
    if (written.length > 0) backends.logs.append(written.map(memoryLogInput));
    for (const taker of takers) {
      if (ended.length > 0) taker.takeSpans?.(ended);
      if (written.length > 0) taker.takeLines?.(written);
    }
  }

  function scrape(atMs: number): void {
    syncPods(simulation.pods(), atMs);
    metrics.scrapeAt(atMs, onScrape);
  }

  return {
    stage: createStage({ simulation, scrapeIntervalMs, record, scrape, release }),
    backends,
    scenarios: scenariosOf(mesh),
    scenario: () => current,
    switchTo(name, atMs) {
      simulation.switchTo(name, atMs);
      current = { scenario: scenarioFor(mesh, name), sinceMs: atMs };
    },
    metricsText() {
      // An exemplar is given once: the embedded store gets those of this scrape too.
      const keep = (sink: SampleSink): SampleSink =>
        joinSinks([sink, { sample: () => undefined, exemplar: store.exemplar }]);
      const kept = { ...metrics, scrapeAt: (atMs: number, sink: SampleSink) => metrics.scrapeAt(atMs, keep(sink)) };
      return { contentType: openMetricsType, text: expositionText(kept, simulation.nowMs()) };
    },
  };
}

function joinSinks(sinks: readonly SampleSink[]): SampleSink {
  const [only] = sinks;
  if (only !== undefined && sinks.length === 1) return only;
  return {
    sample(series, atMs, value) {
      for (const sink of sinks) sink.sample(series, atMs, value);
    },
    exemplar(series, exemplar) {
      for (const sink of sinks) sink.exemplar?.(series, exemplar);
    },
  };
}

/** Tells the counters which proxies came and went since the last scrape. */
function followPods(metrics: MeshMetrics): (pods: readonly MeshPod[], atMs: number) => void {
  let known: ReadonlyMap<string, MeshPod> = new Map();
  return (pods, atMs) => {
    const present = new Map(pods.map((pod) => [pod.name, pod]));
    for (const [name, pod] of known) if (!present.has(name)) metrics.removePod(pod, atMs);
    for (const [name, pod] of present) if (!known.has(name)) metrics.addPod(pod);
    known = present;
  };
}
