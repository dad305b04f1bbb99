/** What is learned of metrics sources and kept between requests: dialects and the index of services. */
import type { Clock } from "../../telemetry/clock.js";
import type { MetricSource } from "../../telemetry/metric-source.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { knownDialects } from "../dialects/known-dialects.js";
import type { ClusterNames } from "../identity/cluster-name.js";
import type { MeshKind } from "../mesh.js";
import type { SourceAnswer } from "../pillar.js";
import { createDetectDialects, type SpokenDialect } from "./detect-dialects.js";
import { type IndexAnswer, requestIndex, requestNamed } from "./index-request.js";
import { createKeptAnswers } from "./kept-answers.js";
import type { ServiceIndex } from "./service-index.js";

/** What the metrics half needs. */
export interface MetricsDeps {
  readonly sources: readonly MetricSource[];
  readonly clock: Clock;
  readonly clusters: ClusterNames;
  /** The one vocabulary to read; null recognises what is there. */
  readonly dialect: MeshKind | null;
}

/** Lookups in one source. */
export interface MetricKnowledge {
  /** The dialects a source speaks in the window. */
  spoken(source: MetricSource, window: TimeWindow, options: CallOptions): Promise<readonly SpokenDialect[]>;
  /** Who is who in the window and the hour before its end (views stay chosen that long). */
  index(source: MetricSource, window: TimeWindow, options: CallOptions): Promise<SourceAnswer<ServiceIndex>>;
  /** The same about one name, whatever the dialect. */
  named(
    source: MetricSource,
    ref: { readonly namespace: string; readonly name: string },
    window: TimeWindow,
    options: CallOptions,
  ): Promise<SourceAnswer<ServiceIndex>>;
  /** Workloads behind a service as the newest indexes know them; [] when none was asked for yet. */
  workloadsOf(ref: ServiceRef): readonly string[];
}

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Knowledge of all sources; one upstream call per source, window and minute. */
export function createMetricKnowledge({ clock, clusters, dialect }: MetricsDeps): MetricKnowledge {
  const detect = createDetectDialects(clock, dialect);
  const kept = createKeptAnswers<IndexAnswer>(clock, minuteMs, 50);
  const candidates = knownDialects.filter(({ kind }) => dialect === null || kind === dialect);
  const clustersOf = (source: MetricSource) => ({
    ofSource: source.cluster ?? clusters.fallback,
    aliases: clusters.aliases,
  });
  const newest = new Map<MetricSource, ServiceIndex>();
  return {
    spoken: detect,
    workloadsOf(ref) {
      const key = serviceKey(ref);
      return [...new Set([...newest.values()].flatMap((index) => index.workloadsBehind(key)))];
    },
    async index(source, window, options) {
      // Whole minutes, outwards, so that the windows of one minute share an index.
      const fromMs = Math.floor(Math.min(window.fromMs, window.toMs - hourMs) / minuteMs) * minuteMs;
      const toMs = Math.ceil(window.toMs / minuteMs) * minuteMs;
      const { index, warnings } = await kept.get(`${source.name} ${fromMs} ${toMs}`, async () => {
        const spoken = await detect(source, window, options);
        return requestIndex(source, spoken, { fromMs, toMs }, clustersOf(source), options);
      });
      newest.set(source, index);
      return { value: index, warnings };
    },
    async named(source, { namespace, name }, window, options) {
      const { index, warnings } = await requestNamed(
        source,
        candidates,
        name,
        namespace,
        window,
        clustersOf(source),
        options,
      );
      return { value: index, warnings };
    },
  };
}
