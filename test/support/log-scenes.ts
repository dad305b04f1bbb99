/** Documents as shippers write them, in scenes that the log contract asks about. A scene has an index pattern of its own. */

/** One document; `day` ends the name of its index. */
export interface LogDocument {
  readonly id: string;
  readonly day: string;
  readonly source: Readonly<Record<string, unknown>>;
}

/** Documents, and mappings by day where the dynamic mapping is not what the shipper installs. */
export interface LogScene {
  readonly name: string;
  readonly documents: readonly LogDocument[];
  readonly mappings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** 2026-11-21T09:00:00Z, the instant all scenes begin at. */
export const sceneStartMs = Date.UTC(2026, 10, 21, 9);

/** Index of a document and pattern of its scene. */
export const indexOf = (scene: LogScene, document: LogDocument): string => `meshlens-${scene.name}-${document.day}`;
export const patternOfScene = (scene: LogScene): string => `meshlens-${scene.name}-*`;

const at = (ms: number): string => new Date(sceneStartMs + ms).toISOString();

interface FluentdGiven {
  readonly log: string;
  readonly pod: string;
  readonly namespace?: string;
  readonly container?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly merged?: Readonly<Record<string, unknown>>;
}

function fluentd(id: string, ms: number, given: FluentdGiven): LogDocument {
  const { log, pod, namespace = "bookinfo", container = "app", labels, merged } = given;
  return {
    id,
    day: "2026.11.21",
    source: {
      ...merged,
      "@timestamp": at(ms),
      log,
      stream: "stdout",
      docker: { container_id: "c29268486b609520f33c4b00dfe761e8" },
      kubernetes: { namespace_name: namespace, pod_name: pod, container_name: container, ...(labels && { labels }) },
    },
  };
}

/** Fluentd merges the keys of a JSON line into the document and keeps the line. */
function fluentdJson(
  id: string,
  ms: number,
  json: Readonly<Record<string, unknown>>,
  given: Omit<FluentdGiven, "log">,
) {
  return fluentd(id, ms, { ...given, log: JSON.stringify(json), merged: json });
}

const reviews = { pod: "reviews-v1-5c66d57d58-6mp2b", labels: { app: "reviews", version: "v1" } };
export const knownTraceId = "6f3cbf058c2765548a39ad724905d6a1";
export const knownRequestId = "46008e0e-f233-95dd-aca2-dad978dc8d20";

const accessLine = {
  authority: "ratings:9080",
  bytes_received: 0,
  bytes_sent: 95,
  duration: 12,
  method: "GET",
  path: "/ratings/0",
  protocol: "HTTP/1.1",
  request_id: "37b7938f-d830-909b-b634-6c69d2cc0287",
  response_code: 503,
  response_code_details: "via_upstream",
  response_flags: "UF,URX",
  upstream_cluster: "outbound|9080||ratings.bookinfo.svc.cluster.local",
  upstream_host: "127.77.0.13:9080",
  user_agent: "lab-load",
};

/** One service's life in Fluentd's shape: levels by place and by key, pods that only look alike, both forms of access lines. */
export const fluentdScene: LogScene = {
  name: "fluentd",
  mappings: {},
  documents: [
    fluentd("start", 0, { ...reviews, log: "09:00:00.000 INFO  r.Reviews#1 exactly where the window begins" }),
    fluentd("info", 1_000, { ...reviews, log: "09:00:01.000 INFO  r.Reviews#2 no ERROR and no WARN so far\n" }),
    fluentd("warn", 2_000, {
      ...reviews,
      log: `2026-11-21 09:00:02.000  WARN 1 --- [main] r.Reviews : slow call TraceID: ${knownTraceId} of INFO`,
    }),
    fluentdJson(
      "error",
      3_000,
      {
        level: "ERROR",
        message: "ratings failed: connection refused",
        trace_id: knownTraceId,
        span_id: "1cced2586c5c1063",
        request_id: knownRequestId,
      },
      reviews,
    ),
    fluentd("unmerged", 4_000, {
      log: '{"level":"debug","message":"looked up 12 details","trace_id":"b017403c40b9f88a3d77f6dd7dc26ea9"}',
      pod: "details-v1-b6c59fb57-zv8dt",
      labels: { app: "details" },
    }),
    fluentd("dedot", 5_000, {
      log: "2026-11-21T09:00:05.000Z\tinfo\tserving",
      pod: "ratings-v1-76846864d9-g465z",
      labels: { "app_kubernetes_io/name": "ratings" },
    }),
    fluentd("by-pod", 6_000, {
      log: "[2026-11-21 09:00:06 +0000] [1] [INFO] by pod name",
      pod: "reviews-5c66d57d58-x7k2p",
    }),
    fluentd("other", 7_000, { log: "09:00:07.000 INFO other workload", pod: "reviews-other-5c66d57d58-x7k2p" }),
    fluentd("elsewhere", 8_000, { ...reviews, namespace: "staging", log: "09:00:08.000 INFO other namespace" }),
    fluentdJson("access-json", 9_000, accessLine, { ...reviews, container: "istio-proxy" }),
    fluentd("access-text", 10_000, {
      ...reviews,
      container: "istio-proxy",
      log: '[2026-11-21T09:00:10.000Z] "GET /error/INFO HTTP/1.1" 200 - via_upstream - "-" 0 50 2 1 "-" "lab" "9c2d1f0e-0000-4000-8000-000000000001" "reviews:9080" "127.77.0.12:9080" inbound|9080|| 127.0.0.6:1 127.77.0.12:9080 127.77.0.11:2 - default',
    }),
    fluentd("everyday", 11_000, { ...reviews, log: "an everyday line about ERROR and INFO" }),
    fluentd("short-trace", 12_000, {
      log: "09:00:12.000 FATAL out of memory",
      pod: "payments-0",
      labels: { app: "pay", "service_istio_io/canonical-name": "payments" },
      merged: { trace_id: "00F067AA0BA902B7" },
    }),
    fluentd("end", 60_000, { ...reviews, log: "09:01:00.000 INFO  r.Reviews#3 exactly where the window ends" }),
    fluentd("late", 60_001, { ...reviews, log: "09:01:00.001 INFO  r.Reviews#4 behind the window" }),
  ],
};

/** Fifty lines of one millisecond, and a few around them: a page that has one instant only. */
export const burstScene: LogScene = {
  name: "burst",
  mappings: {},
  documents: Array.from({ length: 56 }, (_, i) =>
    fluentd(`line-${String(i).padStart(2, "0")}`, i < 3 ? 1_000 + i : i < 53 ? 5_000 : 9_000 + i, {
      ...reviews,
      log: `09:00:05.000 ${i % 3 === 0 ? "ERROR" : "INFO"} burst number ${i}`,
    }),
  ),
};

const keyword = { type: "keyword" };

/** Four shippers behind one pattern: ECS, OpenTelemetry, OpenShift and Fluentd, each with the mapping it installs. */
export const mixedScene: LogScene = {
  name: "mixed",
  mappings: {
    ecs: {
      properties: {
        "@timestamp": { type: "date" },
        message: { type: "text" },
        log: { properties: { level: keyword } },
        trace: { properties: { id: keyword } },
        span: { properties: { id: keyword } },
        kubernetes: {
          properties: {
            namespace: keyword,
            pod: { properties: { name: keyword } },
            container: { properties: { name: keyword } },
            labels: { properties: { app_kubernetes_io_name: keyword } },
          },
        },
      },
    },
    otel: {
      properties: {
        "@timestamp": { type: "date_nanos" },
        body: { properties: { text: { type: "text" } } },
        severity_text: keyword,
        severity_number: { type: "byte" },
        trace_id: keyword,
        span_id: keyword,
        resource: { properties: { attributes: { dynamic: true, type: "object", subobjects: false } } },
      },
    },
    viaq: {
      properties: {
        "@timestamp": { type: "date" },
        message: { type: "text" },
        level: keyword,
        viaq_msg_id: keyword,
        kubernetes: {
          properties: {
            namespace_name: keyword,
            pod_name: keyword,
            container_name: { type: "text", fields: { raw: keyword } },
            labels: { properties: { app: keyword } },
          },
        },
      },
    },
  },
  documents: [
    {
      id: "ecs",
      day: "ecs",
      source: {
        "@timestamp": at(1_000),
        message: "cart is empty",
        log: { level: "warning" },
        trace: { id: knownTraceId },
        kubernetes: {
          namespace: "shop",
          pod: { name: "cart-5c66d57d58-6mp2b" },
          container: { name: "cart" },
          labels: { app_kubernetes_io_name: "cart" },
        },
      },
    },
    {
      id: "otel",
      day: "otel",
      source: {
        "@timestamp": at(2_000),
        body: { text: "cart was not found" },
        severity_text: "ERROR",
        severity_number: 17,
        trace_id: knownTraceId,
        span_id: "1cced2586c5c1063",
        resource: {
          attributes: {
            "service.name": "cart",
            "k8s.namespace.name": "shop",
            "k8s.pod.name": "cart-5c66d57d58-x7k2p",
            "k8s.container.name": "cart",
          },
        },
      },
    },
    {
      id: "viaq",
      day: "viaq",
      source: {
        "@timestamp": at(3_000),
        message: "cart is full",
        level: "crit",
        viaq_msg_id: "1",
        kubernetes: {
          namespace_name: "shop",
          pod_name: "cart-5c66d57d58-zv8dt",
          container_name: "cart",
          labels: { app: "cart" },
        },
      },
    },
    fluentd("fluentd", 4_000, {
      log: "09:00:04.000 INFO cart closed",
      namespace: "shop",
      pod: "cart-5c66d57d58-g465z",
      labels: { app: "cart" },
    }),
  ],
};

/** Every scene, for whoever loads them all. */
export const logScenes: readonly LogScene[] = [fluentdScene, burstScene, mixedScene];
