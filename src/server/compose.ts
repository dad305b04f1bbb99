/** The fuse box: the only file that builds adapters. It says what is plugged into what and decides nothing. */
import { durationMs } from "../config/duration.js";
import type { LoadedConfig } from "../config/load-config.js";
import { type ConfiguredConnection, present, type SettingsOf } from "../config/source-connection.js";
import { storeSchema } from "../config/store-schema.js";
import { createHttpClient } from "../http/create-http-client.js";
import type { HttpObserver } from "../http/http-client.js";
import { createMesh } from "../mesh/create-mesh.js";
import type { Mesh } from "../mesh/mesh.js";
import { cachedLogSource, cachedMetricSource, cachedTraceSource } from "../sources/cached/cached-sources.js";
import { createJaegerSource } from "../sources/jaeger/jaeger-source.js";
import { createKubernetesSource, type KubernetesSource } from "../sources/kubernetes/kubernetes-source.js";
import { createPrometheusSource } from "../sources/prometheus/prometheus-source.js";
import { createZipkinSource } from "../sources/zipkin/zipkin-source.js";
import type { Clock } from "../telemetry/clock.js";
import type { LogSource } from "../telemetry/log-source.js";
import type { MetricSource } from "../telemetry/metric-source.js";
import type { Source } from "../telemetry/source.js";
import type { SourceConnection } from "../telemetry/source-connection.js";
import type { TraceSource } from "../telemetry/trace-source.js";
import type { WorkloadSource } from "../telemetry/workload-source.js";
import { meshSettings } from "./mesh-settings.js";
import { observeCalls } from "./observe-calls.js";
import { packageVersion } from "./package-facts.js";
import { createSelfMetrics, type SelfMetrics } from "./self-metrics.js";
import { createTracing, type SpanRecorder, type Tracing } from "./tracing.js";

/** Everything a server or a command works with. */
export interface Composition {
  readonly clock: Clock;
  readonly mesh: Mesh;
  readonly sources: readonly Source[];
  /** Those of `sources` whose changes can be kept. */
  readonly clusterSources: readonly KubernetesSource[];
  /** Those of `sources` that count calls. */
  readonly metricSources: readonly MetricSource[];
  readonly traceSources: readonly TraceSource[];
  readonly logSources: readonly LogSource[];
  readonly selfMetrics: SelfMetrics;
  readonly tracing: Tracing;
  /** Ends connections and sends the last spans. */
  close(): Promise<void>;
}

/** Plugs everything together; connects to nothing yet. Sources of workloads that are there already join the configured ones. */
export async function compose(
  loaded: LoadedConfig,
  { clock, workloadSources = [] }: { readonly clock: Clock; readonly workloadSources?: readonly WorkloadSource[] },
): Promise<Composition> {
  const { config, connections } = loaded;
  const instruments = await createInstruments(loaded);
  const { selfMetrics, tracing } = instruments;
  const deps = { clock, observer: observeCalls(selfMetrics, tracing), onShared: selfMetrics.sharedAnswer };

  const metricSources: MetricSource[] = [];
  const traceSources: TraceSource[] = [];
  const logSources: LogSource[] = [];
  const clusters: KubernetesSource[] = [];
  for (const settings of config.sources) {
    const connection = connections.get(settings.name);
    if (connection === undefined) continue;
    if (settings.kind === "kubernetes")
      clusters.push(workloadSource(settings, connection, { ...deps, maxAgeMs: changesKeptMs(config) }));
    else if (settings.kind === "prometheus") metricSources.push(metricSource(settings, connection, deps));
    else if (settings.kind === "elasticsearch") logSources.push(await logSource(settings, connection, deps));
    else traceSources.push(traceSource(settings, connection, deps));
  }
  const plugged = { metricSources, traceSources, logSources, workloadSources: [...workloadSources, ...clusters] };
  return { ...plug(loaded, clock, plugged, instruments), clusterSources: clusters };
}

/** Sources by what they answer. */
export interface PluggedSources {
  readonly metricSources: readonly MetricSource[];
  readonly traceSources: readonly TraceSource[];
  readonly logSources: readonly LogSource[];
  readonly workloadSources: readonly WorkloadSource[];
}

/** The same over sources that are there already: a mesh in memory. The configuration's own sources are left aside. */
export async function composeOver(loaded: LoadedConfig, clock: Clock, plugged: PluggedSources): Promise<Composition> {
  return plug(loaded, clock, plugged, await createInstruments(loaded));
}

type Instruments = Pick<Composition, "selfMetrics" | "tracing">;

async function createInstruments({ connections, otlpEndpoint }: LoadedConfig): Promise<Instruments> {
  const slots = new Map([...connections].map(([name, { maxConcurrent }]) => [name, maxConcurrent]));
  return {
    selfMetrics: createSelfMetrics(slots),
    tracing: createTracing(otlpEndpoint === null ? null : await recorderOver(otlpEndpoint)),
  };
}

async function recorderOver(endpoint: string): Promise<SpanRecorder> {
  const { createOtlpExporter, recordSpans } = await import("./record-spans.js");
  return recordSpans(createOtlpExporter(endpoint), packageVersion());
}

function plug({ config }: LoadedConfig, clock: Clock, plugged: PluggedSources, instruments: Instruments): Composition {
  const { metricSources, traceSources, logSources, workloadSources } = plugged;
  const sources = [...metricSources, ...traceSources, ...logSources, ...workloadSources];
  return {
    clock,
    mesh: createMesh({ ...plugged, clock, ...meshSettings(config) }),
    sources,
    clusterSources: [],
    metricSources,
    traceSources,
    logSources,
    ...instruments,
    async close() {
      await Promise.all(sources.map((source) => source.close()));
      await instruments.tracing.close();
    },
  };
}

interface AdapterDeps {
  readonly clock: Clock;
  readonly observer: HttpObserver;
  readonly onShared: SelfMetrics["sharedAnswer"];
}

function metricSource(
  { name, cluster, shard, scrapeInterval }: SettingsOf<"prometheus">,
  connection: SourceConnection,
  deps: AdapterDeps,
): MetricSource {
  const scrapeIntervalMs = durationMs(scrapeInterval) ?? 15_000;
  const config = { name, cluster: cluster ?? null, isShard: shard, scrapeIntervalMs };
  const http = createHttpClient(connection, deps);
  return cachedMetricSource(createPrometheusSource({ config, http, clock: deps.clock }), deps);
}

function traceSource(
  { name, kind, cluster, shard }: SettingsOf<"jaeger" | "zipkin">,
  connection: SourceConnection,
  deps: AdapterDeps,
): TraceSource {
  const create = kind === "jaeger" ? createJaegerSource : createZipkinSource;
  const config = { name, cluster: cluster ?? null, isShard: shard };
  return cachedTraceSource(create({ config, http: createHttpClient(connection, deps), clock: deps.clock }), deps);
}

/** Elasticsearch's client is most of what is read at a start: 25 MB that only those with logs there should hold. */
async function logSource(
  { cluster, shard, index, fields, linkUrl }: SettingsOf<"elasticsearch">,
  connection: SourceConnection,
  deps: AdapterDeps,
): Promise<LogSource> {
  const { createElasticsearchSource } = await import("../sources/elasticsearch/elasticsearch-source.js");
  const config = { ...connection, ...present({ cluster, linkUrl }), isShard: shard, index, fields: present(fields) };
  return cachedLogSource(createElasticsearchSource({ config, ...deps }), deps);
}

/** As long as the store keeps them; without one the memory does no less. */
function changesKeptMs({ store }: LoadedConfig["config"]): number {
  return durationMs((store ?? storeSchema.parse({})).keepChanges) ?? 0;
}

/** Changes kept in memory for answers; a change with its words takes about 1 kB. */
const maxChanges = 10_000;

function workloadSource(
  { name, cluster, shard, namespaces, objectives }: SettingsOf<"kubernetes">,
  connection: ConfiguredConnection,
  { maxAgeMs, ...deps }: AdapterDeps & { readonly maxAgeMs: number },
): KubernetesSource {
  const { tokenFile = null, unusable = null } = connection;
  const config = { name, cluster: cluster ?? null, isShard: shard, namespaces: namespaces ?? null };
  const kept = { tokenFile, unusable, maxAgeMs, maxChanges, hasObjectives: objectives };
  return createKubernetesSource({
    config: { ...config, ...kept },
    http: createHttpClient(connection, deps),
    clock: deps.clock,
  });
}
