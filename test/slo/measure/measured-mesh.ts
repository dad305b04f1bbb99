/** A small mesh in memory whose proxies are scraped by hand, and a measurer over it. */
import { noClusterNames } from "../../../src/mesh/identity/cluster-name.js";
import { createMetricKnowledge } from "../../../src/mesh/metrics/metric-knowledge.js";
import { defaultObjectives } from "../../../src/slo/default-objectives.js";
import type { LedgerBlock } from "../../../src/slo/ledger/scope-ledger.js";
import { type CountsStore, createMeasurer } from "../../../src/slo/measure/measurer.js";
import type { Objective } from "../../../src/slo/objective.js";
import { createMemoryMetricSource } from "../../../src/sources/memory/memory-metric-source.js";
import { createMetricStore } from "../../../src/sources/memory/metric-store.js";
import type { Clock } from "../../../src/telemetry/clock.js";
import type { MetricSource } from "../../../src/telemetry/metric-source.js";
import type { CallOptions, UpstreamCall } from "../../../src/telemetry/source.js";

export const startMs = Date.UTC(2026, 10, 1);
export const scrapeMs = 15_000;
export const stepMs = 30_000;
export const namespace = "shop";

/** Labels of one kind of calls. */
export interface Calls {
  readonly service: string;
  readonly from?: string;
  readonly reporter?: "source" | "destination";
  readonly code?: string;
  readonly flags?: string;
  readonly version?: string;
  /** As a Telemetry resource classifies it. */
  readonly route?: string;
}

/** Counters a test increases and scrapes. */
export function createScrapedMesh(name = "prometheus") {
  const store = createMetricStore({ maxAgeMs: 40 * 86_400_000 });
  const config = { name, cluster: null, scrapeIntervalMs: scrapeMs };
  const memory = createMemoryMetricSource({ config, store });
  const counters = new Map<string, { readonly labels: Record<string, string>; value: number; isGone: boolean }>();
  const calls: UpstreamCall[] = [];
  let failing: "no" | "error" | "partial" = "no";
  let isBroken = false;

  const bump = (metric: string, labels: Record<string, string>, by: number) => {
    const key = JSON.stringify([metric, labels]);
    const one = counters.get(key) ?? { labels: { ...labels, __name__: metric }, value: 0, isGone: false };
    counters.set(key, one);
    one.value += by;
  };
  const source: MetricSource = {
    ...memory,
    async query(request, options) {
      if (failing === "error") throw new Error("down");
      const result = await memory.query(request, { ...options, onUpstreamCall: (call) => calls.push(call) });
      return failing === "partial" ? { ...result, warnings: ["one store did not answer"] } : result;
    },
    async presentMetrics(names, window, options) {
      if (failing === "error") throw new Error("down");
      return memory.presentMetrics(names, window, { ...options, onUpstreamCall: (call) => calls.push(call) });
    },
  };
  return {
    source,
    calls,
    fail: (how: typeof failing) => {
      failing = how;
    },
    count(
      { service, from = "front", reporter = "source", code = "200", flags = "-", version = "v1", route }: Calls,
      by: number,
      ms = 10,
    ) {
      const owner = reporter === "source" ? from : service;
      const labels = {
        job: "istio",
        instance: `${owner}:15020`,
        pod: `${owner}-0`,
        reporter,
        source_workload: from,
        source_workload_namespace: from === "unknown" ? "unknown" : namespace,
        source_canonical_service: from,
        destination_workload: `${service}-${version}`,
        destination_workload_namespace: namespace,
        destination_service: `${service}.${namespace}.svc.cluster.local`,
        destination_service_name: service,
        destination_service_namespace: namespace,
        destination_canonical_service: service,
        destination_version: version,
        ...(route === undefined ? {} : { request_operation: route }),
        request_protocol: "http",
        response_code: code,
        response_flags: flags,
      };
      bump("istio_requests_total", labels, by);
      for (const le of ["50", "100", "500", "1000", "+Inf"]) {
        bump(
          "istio_request_duration_milliseconds_bucket",
          { ...labels, le },
          ms <= Number(le === "+Inf" ? 1e12 : le) ? by : 0,
        );
      }
    },
    /** Forgets the series of a service, as when its pods are gone. */
    drop(service: string) {
      for (const one of counters.values()) if (one.labels["destination_service_name"] === service) one.isGone = true;
    },
    /** From now on scrapes find NaN instead of the counters, until told otherwise. */
    breakValues(broken: boolean) {
      isBroken = broken;
    },
    /** A counter of the user's own. */
    bump,
    scrape(atMs: number) {
      for (const { labels, value, isGone } of counters.values()) {
        if (isGone) continue;
        store.add(labels as { __name__: string }, atMs, isBroken ? Number.NaN : value);
        const { job = "", instance = "", pod = "" } = labels;
        store.add({ __name__: "up", job, instance, pod }, atMs, 1);
      }
    },
  };
}

/** A store in a list. */
export function createListStore() {
  const blocks: { readonly scope: string; readonly block: LedgerBlock }[] = [];
  const store: CountsStore = {
    append: async (more) => {
      blocks.push(...more);
    },
    async *read() {
      yield* blocks;
    },
  };
  return { store, blocks };
}

/** A measurer over sources with its measurements in a list; without a clock of the test's its clock is the real one, for deadlines only. */
export function measurerOver(
  sources: readonly MetricSource[],
  store = createListStore().store,
  clock: Clock = { nowMs: () => Date.now() },
) {
  const knowledge = createMetricKnowledge({ sources, clock, clusters: noClusterNames, dialect: null });
  const measurer = createMeasurer({ sources, knowledge, clock, store, horizonMs: 2 * 86_400_000 });
  return {
    ...measurer,
    async cycle(...given: Parameters<typeof measurer.cycle>) {
      const cycle = await measurer.cycle(...given);
      return { ...cycle, measurements: [...cycle.measurements] };
    },
  };
}

export const options = (): CallOptions => ({ signal: new AbortController().signal, deadlineMs: Date.now() + 20_000 });

/** Default objectives of services: availability and latency under 500 ms. */
export function defaultsOf(...services: readonly string[]): readonly Objective[] {
  return defaultObjectives(
    {
      availability: { target: 0.99, window: "30d" },
      latency: { target: 0.9, thresholdMs: 500, window: "30d" },
    },
    services.map((name) => ({ cluster: "default", namespace, name })),
    [],
  );
}
