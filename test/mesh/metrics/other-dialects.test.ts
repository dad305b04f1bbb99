// Linkerd, plain Envoy and OpenTelemetry under the same rules as Istio.
import { describe, expect, test } from "@jest/globals";
import {
  addIstioPair,
  createTestMetrics,
  edgeBetween,
  everything,
  memorySource,
  readerOf,
  type TestMetrics,
  testWindow,
} from "../../support/mesh-metrics.js";

async function graphOf(metrics: TestMetrics) {
  const { reader } = readerOf([memorySource(metrics)]);
  const [list, graph] = await Promise.all([
    reader.listServices(testWindow, everything),
    reader.graph(testWindow, everything, 1000),
  ]);
  return { reader, services: list.value, edges: graph.value?.edges ?? null };
}

describe("Linkerd", () => {
  function emojivoto(account = "web"): TestMetrics {
    const metrics = createTestMetrics();
    const authority = "voting-svc.emojivoto.svc.cluster.local:8080";
    const web = { direction: "outbound", namespace: "emojivoto", deployment: "web", authority, tls: "true" };
    const toVoting = { ...web, dst_namespace: "emojivoto", dst_service: "voting-svc", dst_deployment: "voting" };
    const voting = { direction: "inbound", namespace: "emojivoto", deployment: "voting", authority };
    const identity = `${account}.emojivoto.serviceaccount.identity.linkerd.cluster.local`;
    const meshed = { ...voting, tls: "true", client_id: identity };
    const plain = { ...voting, tls: "no_identity" };
    for (const labels of [toVoting, meshed]) {
      metrics.counted(
        "response_total",
        { ...labels, status_code: "200", classification: "success", grpc_status: "0" },
        80,
      );
      metrics.counted(
        "response_total",
        { ...labels, status_code: "200", classification: "failure", grpc_status: "2" },
        15,
      );
      metrics.counted(
        "response_total",
        { ...labels, status_code: "200", classification: "failure", grpc_status: "7" },
        4,
      );
      metrics.counted("response_total", { ...labels, classification: "failure", error: "timeout" }, 1);
      metrics.observed("response_latency_ms", { ...labels, status_code: "200" }, 100, 40);
    }
    metrics.counted("response_total", { ...plain, status_code: "500", classification: "failure" }, 10);
    metrics.observed("response_latency_ms", { ...plain, status_code: "500" }, 10, 40);
    for (const metric of ["tcp_open_total", "tcp_close_total"])
      metrics.counted(metric, { ...toVoting, peer: "dst" }, 5);
    return metrics;
  }

  test("calls are counted once: at the caller's proxy, and at the server's for callers without one", async () => {
    const { reader, services } = await graphOf(emojivoto());
    expect(services).toMatchObject([{ ref: { namespace: "emojivoto", name: "voting-svc" }, mesh: "LINKERD" }]);
    const ref = services?.[0]?.ref ?? { cluster: "", namespace: "", name: "" };
    const { value } = await reader.golden(ref, testWindow).outcome("callers");
    expect(value).toMatchObject({ requestCount: 110, failedCount: 26, clientErrorCount: 4 });
  });

  test("an edge stands once though its caller's account is not named as its deployment", async () => {
    const named = async (account: string) =>
      (await graphOf(emojivoto(account))).edges?.map(
        ({ source, destination, protocol }) => `${source.label} > ${destination.label} ${protocol}`,
      );
    expect(await named("frontend")).toEqual(await named("web"));
    expect((await named("frontend"))?.filter((edge) => edge.startsWith("web > voting-svc GRPC"))).toHaveLength(1);
  });

  test("statuses are classified by the one rule, whatever Linkerd calls a failure", async () => {
    const { edges } = await graphOf(emojivoto());
    const grpc = edges?.find((edge) => edge.source.label === "web" && edge.protocol === "GRPC");
    const outcome = (await grpc?.golden.outcome("callers"))?.value;
    expect(outcome?.failures).toEqual([{ cause: "GRPC_ERROR", count: 15 }]);
    expect(outcome?.clientErrors).toEqual([{ cause: "DENIED", count: 4 }]);
    const http = edges?.find((edge) => edge.source.label === "web" && edge.protocol === "HTTP");
    expect((await http?.golden.outcome("callers"))?.value?.failures).toEqual([{ cause: "TIMEOUT", count: 1 }]);
  });

  test("connections that carry the counted requests make no edge of their own", async () => {
    const { edges } = await graphOf(emojivoto());
    expect(edges?.map((edge) => edge.protocol)).not.toContain("TCP");
  });
});

describe("plain Envoy", () => {
  const labelSets = [
    ["Envoy's own labels", "envoy_cluster_name", "envoy_response_code"],
    ["the labels of Istio's bootstrap", "cluster_name", "response_code"],
  ];
  test.each(labelSets)(
    "calls by code, attempts and callers that went away, under %s",
    async (_, cluster = "", code = "") => {
      const metrics = createTestMetrics();
      const proxy = { namespace: "shop", app: "cart", [cluster]: "outbound|9080||stock.shop.svc.cluster.local" };
      metrics.counted("envoy_cluster_upstream_rq", { ...proxy, [code]: "200" }, 434);
      metrics.counted("envoy_cluster_upstream_rq", { ...proxy, [code]: "503" }, 33);
      metrics.counted("envoy_cluster_upstream_rq_retry", proxy, 426);
      metrics.counted("envoy_cluster_upstream_rq_total", proxy, 434 + 33 + 426 + 7);
      metrics.observed("envoy_cluster_upstream_rq_time", proxy, 467, 30);
      metrics.counted("envoy_cluster_upstream_rq_total", { ...proxy, [cluster]: "xds-grpc" }, 99);
      const { edges, services } = await graphOf(metrics);
      const edge = edgeBetween(edges, "cart", "stock");
      const outcome = (await edge.golden.outcome("callers")).value;
      expect(outcome?.requestCount).toBe(474);
      expect(outcome?.failures).toEqual([
        { cause: "SERVER_ERROR", count: 33 },
        { cause: "CALLER_GAVE_UP", count: 7 },
      ]);
      expect((await edge.golden.latencyMs("callers", 0.5)).value).toBeGreaterThan(25);
      expect((await edge.golden.outcome("server")).value).toBeNull();
      expect(services).toContainEqual({ ref: { cluster: "default", namespace: "shop", name: "stock" }, mesh: "ENVOY" });
    },
  );

  test("calls refused without an endpoint make no attempt and do not become negative", async () => {
    const metrics = createTestMetrics();
    const proxy = { namespace: "shop", app: "cart", envoy_cluster_name: "outbound|9080||stock.shop.svc.cluster.local" };
    metrics.counted("envoy_cluster_upstream_rq", { ...proxy, envoy_response_code: "503" }, 50);
    metrics.counted("envoy_cluster_upstream_rq_total", proxy, 0);
    const { edges } = await graphOf(metrics);
    expect((await edgeBetween(edges, "cart", "stock").golden.outcome("callers")).value).toMatchObject({
      requestCount: 50,
      failedCount: 50,
    });
  });
});

describe("OpenTelemetry", () => {
  test.each([
    ["traces_span_metrics_calls_total", "traces_span_metrics_duration_milliseconds", 40],
    ["calls_total", "duration_seconds", 0.04],
  ])("span metrics of %s: server spans only, durations in ms", async (calls, duration, value) => {
    const metrics = createTestMetrics();
    const server = { service_name: "checkout", service_namespace: "shop", span_kind: "SPAN_KIND_SERVER" };
    metrics.counted(calls, { ...server, status_code: "STATUS_CODE_UNSET" }, 90);
    metrics.counted(calls, { ...server, status_code: "STATUS_CODE_ERROR" }, 10);
    metrics.counted(calls, { ...server, span_kind: "SPAN_KIND_CLIENT", status_code: "STATUS_CODE_UNSET" }, 77);
    for (const le of ["0.05", "0.1", "50", "100", "+Inf"]) {
      metrics.counted(`${duration}_bucket`, { ...server, le }, Number(le.replace("+", "")) >= value ? 100 : 0);
    }
    const { reader, services } = await graphOf(metrics);
    const ref = { cluster: "default", namespace: "shop", name: "checkout" };
    expect(services).toEqual([{ ref, mesh: "OTEL" }]);
    const golden = reader.golden(ref, testWindow);
    expect((await golden.outcome("callers")).value).toMatchObject({
      requestCount: 100,
      failures: [{ cause: "SERVER_ERROR", count: 10 }],
    });
    const latency = (await golden.latencyMs("callers", 0.5)).value ?? 0;
    expect(latency).toBeGreaterThan(1);
    expect(latency).toBeLessThanOrEqual(50);
  });

  test("the service graph gives edges, failures and peers outside the mesh", async () => {
    const metrics = createTestMetrics();
    const edge = { client: "frontend", server: "checkout" };
    metrics.counted("traces_service_graph_request_total", edge, 100);
    metrics.counted("traces_service_graph_request_failed_total", edge, 8);
    metrics.counted(
      "traces_service_graph_request_total",
      { client: "checkout", server: "postgres", connection_type: "database" },
      50,
    );
    metrics.counted("traces_service_graph_request_total", { client: "user", server: "frontend" }, 20);
    const { edges } = await graphOf(metrics);
    const found = edgeBetween(edges, "frontend", "checkout");
    expect((await found.golden.outcome("callers")).value).toMatchObject({ requestCount: 100, failedCount: 8 });
    expect(edgeBetween(edges, "checkout", "postgres").destination.kind).toBe("EXTERNAL");
    expect(edgeBetween(edges, "unknown", "frontend").source.kind).toBe("UNKNOWN");
  });
});

test("where two vocabularies cover one service the mesh's is read and they are not summed", async () => {
  const metrics = createTestMetrics();
  addIstioPair(metrics, { source: "productpage-v1", service: "reviews", workload: "reviews-v1", count: 100 });
  const proxy = { namespace: "bookinfo", app: "productpage" };
  const cluster = { ...proxy, envoy_cluster_name: "outbound|9080||reviews.bookinfo.svc.cluster.local" };
  metrics.counted("envoy_cluster_upstream_rq", { ...cluster, envoy_response_code: "200" }, 100);
  metrics.counted("envoy_cluster_upstream_rq_total", cluster, 100);
  const spans = { service_name: "reviews", span_kind: "SPAN_KIND_SERVER", status_code: "STATUS_CODE_UNSET" };
  metrics.counted("calls_total", spans, 100);
  metrics.observed("duration_milliseconds", spans, 100, 40);
  const { reader, edges, services } = await graphOf(metrics);
  const ref = { cluster: "Kubernetes", namespace: "bookinfo", name: "reviews" };
  expect(services?.filter((service) => service.ref.name === "reviews")).toEqual([{ ref, mesh: "ISTIO" }]);
  expect((await reader.golden(ref, testWindow).outcome("callers")).value?.requestCount).toBe(100);
  expect((await edgeBetween(edges, "productpage", "reviews").golden.outcome("callers")).value?.requestCount).toBe(100);
});

test("a configured dialect reads that vocabulary only", async () => {
  const metrics = createTestMetrics();
  addIstioPair(metrics, { source: "productpage-v1", service: "reviews", workload: "reviews-v1", count: 100 });
  const { reader } = readerOf([memorySource(metrics)], {}, { dialect: "LINKERD" });
  expect((await reader.listServices(testWindow, everything)).value).toEqual([]);
});
