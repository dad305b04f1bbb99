import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createMesh } from "../../src/mesh/create-mesh.js";
import { noClusterNames } from "../../src/mesh/identity/cluster-name.js";
import { noLinkTargets } from "../../src/mesh/links/link-targets.js";
import { mostServices, scrapeServices, serviceMetricsText } from "../../src/server/service-metrics.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { deadPrometheus } from "../graphql/support/bookinfo-sources.js";
import { addIstioPair, createTestMetrics, memorySource, testWindow } from "../support/mesh-metrics.js";
import { type ConfiguredServer, startConfigured } from "../support/start-configured.js";

const clock = { nowMs: () => testWindow.toMs };
const meshOf = (...metricSources: readonly MetricSource[]) => ({
  clock,
  mesh: createMesh({
    metricSources,
    traceSources: [],
    logSources: [],
    workloadSources: [],
    clock,
    clusters: noClusterNames,
    links: noLinkTargets,
    dialect: null,
  }),
});

function bookinfo(...namespaces: readonly string[]) {
  const metrics = createTestMetrics();
  for (const namespace of namespaces) {
    const pair = { source: "productpage-v1", service: "reviews", workload: "reviews-v1", ms: 20, namespace };
    addIstioPair(metrics, { ...pair, count: 540 });
    addIstioPair(metrics, { ...pair, count: 60, code: "503" });
  }
  return memorySource(metrics);
}

describe("golden signals on /metrics", () => {
  test("each service with calls has its rate, error ratio and quantiles", async () => {
    const text = await serviceMetricsText(await scrapeServices(meshOf(bookinfo("shop")), ["*"]));
    const labels = 'cluster="Kubernetes",namespace="shop",service="reviews"';
    expect(text).toContain(`meshlens_service_requests_per_second{${labels}} 1\n`);
    expect(text).toMatch(new RegExp(`meshlens_service_error_ratio\\{${labels}\\} 0\\.1(0{5,}\\d*)?\n`));
    expect(text).toContain(`meshlens_service_latency_seconds{${labels},quantile="0.95"} 0.0`);
    expect(text).toContain("meshlens_service_signals_complete 1");
  });

  test("only services of the namespaces asked for have series", async () => {
    const { signals } = await scrapeServices(meshOf(bookinfo("shop", "bank")), ["bank"]);
    expect([...new Set(signals.map(({ service }) => service.ref.namespace))]).toEqual(["bank"]);
  });

  test("without calls there is no series, and a dead source is told", async () => {
    const scraped = await scrapeServices(meshOf(await deadPrometheus()), ["*"]);
    expect(scraped).toEqual({ signals: [], isTruncated: false, isComplete: false });
    const text = await serviceMetricsText(scraped);
    expect(text).toContain("meshlens_service_signals_complete 0");
    expect(text).not.toContain("meshlens_service_error_ratio{");
  });

  test("a large mesh has the first services only, and says so", async () => {
    const metrics = createTestMetrics();
    for (let i = 0; i <= mostServices; i += 1) {
      metrics.counted(
        "istio_requests_total",
        { ...row, destination_service: `s${i}.shop.svc.cluster.local`, destination_service_name: `s${i}` },
        60,
      );
    }
    const { signals, isTruncated } = await scrapeServices(meshOf(memorySource(metrics)), ["*"]);
    expect([signals.length, isTruncated]).toEqual([mostServices, true]);
  });
});

const row = {
  reporter: "source",
  response_code: "200",
  response_flags: "-",
  request_protocol: "http",
  source_workload: "w",
  source_workload_namespace: "shop",
  source_canonical_service: "w",
  destination_service_namespace: "shop",
  destination_workload: "w2",
};

describe("a server", () => {
  let server: ConfiguredServer;
  beforeAll(async () => {
    server = await startConfigured(
      'sources: [{ name: p, kind: prometheus, url: "http://127.0.0.1:1" }]\nmetrics: { services: ["*"] }',
    );
  });
  afterAll(() => server.stop("test over"));

  test("serves them beside its own metrics, with every backend down too", async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain("meshlens_service_signals_complete 0");
    expect(text).toContain("meshlens_source_queue_depth");
  });
});
