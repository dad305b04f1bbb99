/** What both reporters count of each story, row by row as on real sidecars. */
import { describe, expect, test } from "@jest/globals";
import { traceIdOf } from "../../../src/demo/simulation/trace-ids.js";
import { createIstioMetrics } from "../../../src/demo/telemetry/metrics/istio-metrics.js";
import { scrape, told } from "./read-scrape.js";
import { stories } from "./stories.js";
import { mysql, pods, t0 } from "./tiny-mesh.js";

const later = t0 + 60_000;
const requestLabels = [
  "reporter",
  "source_workload",
  "destination_workload",
  "destination_service_name",
  "response_code",
  "response_flags",
];

function rowsOf(story: keyof typeof stories, hasSizes = false) {
  const metrics = createIstioMetrics({ hasSizes });
  metrics.record(stories[story]);
  return scrape(metrics, later);
}

const requests = (story: keyof typeof stories) => told(rowsOf(story), "istio_requests_total", requestLabels);

describe("the requests both reporters count", () => {
  test("of a healthy page, once on each side of every call", () => {
    expect(requests("healthy")).toEqual([
      "destination istio-ingressgateway productpage-v1 productpage 200 - 1",
      "destination productpage-v1 details-v1 details 200 - 1",
      "destination productpage-v1 reviews-v2 reviews 200 - 1",
      "destination reviews-v2 ratings-v1 ratings 200 - 1",
      "source istio-ingressgateway productpage-v1 productpage 200 - 1",
      "source productpage-v1 details-v1 details 200 - 1",
      "source productpage-v1 reviews-v2 reviews 200 - 1",
      "source reviews-v2 ratings-v1 ratings 200 - 1",
    ]);
  });

  test("of a delay its caller's caller gives up on: 0 DC on both sides of reviews, DI with a known workload, a page that is fine", () => {
    expect(requests("delay")).toEqual([
      "destination istio-ingressgateway productpage-v1 productpage 200 - 1",
      "destination productpage-v1 reviews-v2 reviews 0 DC 2",
      "destination reviews-v2 ratings-v1 ratings 200 - 2",
      "source istio-ingressgateway productpage-v1 productpage 200 - 1",
      "source productpage-v1 reviews-v2 reviews 0 DC 2",
      "source reviews-v2 ratings-v1 ratings 200 DI 2",
    ]);
  });

  test.each([
    ["delayCutShort", ["source reviews-v3 unknown ratings 0 DI,DC 1"]],
    ["abort", ["source reviews-v2 unknown ratings 500 FI 1"]],
    [
      "retriesHelp",
      [
        "destination reviews-v2 ratings-v1 ratings 200 - 1",
        "destination reviews-v2 ratings-v1 ratings 503 - 1",
        "source reviews-v2 ratings-v1 ratings 200 - 1",
      ],
    ],
    [
      "retriesEnd",
      ["destination reviews-v2 ratings-v1 ratings 503 - 3", "source reviews-v2 ratings-v1 ratings 503 URX 1"],
    ],
    ["denied", ["destination reviews-v3 ratings-v1 ratings 403 - 1", "source reviews-v3 ratings-v1 ratings 403 - 1"]],
    [
      "routeTimeout",
      ["destination reviews-v2 ratings-v1 ratings 0 DC 1", "source reviews-v2 ratings-v1 ratings 504 UT 1"],
    ],
    ["noEndpoints", ["source reviews-v2 unknown ratings 503 UH 1"]],
    ["appDown", ["destination reviews-v2 ratings-v1 ratings 503 UF 1", "source reviews-v2 ratings-v1 ratings 503 - 1"]],
  ] as const)("of %s", (story, rows) => {
    expect(requests(story)).toEqual(rows);
  });
});

describe("labels", () => {
  test("name both ends in full where an endpoint was chosen", () => {
    const row = rowsOf("denied").find((one) => one.name === "istio_requests_total" && one.labels["app"] === "ratings");
    expect(row?.labels).toEqual({
      job: "envoy-stats",
      instance: "10.244.1.31:15020",
      namespace: "bookinfo",
      pod: "ratings-v1-5c8d9f7b6d-x2x7k",
      app: "ratings",
      version: "v1",
      source_app: "reviews",
      source_canonical_service: "reviews",
      source_canonical_revision: "v3",
      source_version: "v3",
      source_cluster: "Kubernetes",
      source_principal: "spiffe://cluster.local/ns/bookinfo/sa/bookinfo-reviews",
      source_workload: "reviews-v3",
      source_workload_namespace: "bookinfo",
      destination_app: "ratings",
      destination_canonical_service: "ratings",
      destination_canonical_revision: "v1",
      destination_version: "v1",
      destination_cluster: "Kubernetes",
      destination_principal: "spiffe://cluster.local/ns/bookinfo/sa/bookinfo-ratings",
      destination_workload: "ratings-v1",
      destination_workload_namespace: "bookinfo",
      destination_service: "ratings.bookinfo.svc.cluster.local",
      destination_service_name: "ratings",
      destination_service_namespace: "bookinfo",
      reporter: "destination",
      request_protocol: "http",
      response_code: "403",
      response_flags: "-",
      connection_security_policy: "mutual_tls",
    });
  });

  test("know only the called host where none was chosen", () => {
    const labels = rowsOf("abort").find((one) => one.name === "istio_requests_total")?.labels ?? {};
    const known = Object.entries(labels).filter(
      ([name, text]) => name.startsWith("destination_") && text !== "unknown",
    );
    expect(Object.fromEntries(known)).toEqual({
      destination_service: "ratings.bookinfo.svc.cluster.local",
      destination_service_name: "ratings",
    });
    expect(labels).toMatchObject({ connection_security_policy: "unknown", source_principal: "unknown" });
  });
});

describe("connections", () => {
  const names = ["connections_opened", "connections_closed", "sent_bytes", "received_bytes"];
  const told3 = ["destination_service", "destination_service_name", "response_flags"];
  const connections = (story: keyof typeof stories) =>
    names.flatMap((name) => told(rowsOf(story), `istio_tcp_${name}_total`, told3));

  test("to a declared host count bytes under Istio's inverted names", () => {
    const host = `${mysql.host} ${mysql.host} -`;
    expect(connections("mysql")).toEqual([`${host} 1`, `${host} 1`, `${host} 11`, `${host} 27`]);
  });

  test("into the black hole have no series of bytes", () => {
    expect(connections("blackHole")).toEqual(["unknown BlackHoleCluster UH 1", "unknown BlackHoleCluster UH 1"]);
  });
});

describe("durations", () => {
  const firstBucket = (story: keyof typeof stories) =>
    rowsOf(story).find((row) => row.name.endsWith("_bucket") && row.value > 0)?.labels["le"];

  test("keep two digits, so that 2,501 ms count as 2,500", () => {
    expect(firstBucket("delayCutShort")).toBe("2500");
    expect(told(rowsOf("delayCutShort"), "istio_request_duration_milliseconds_sum", [])).toEqual(["2501"]);
  });

  test("below a millisecond are 0", () => {
    expect(firstBucket("abort")).toBe("0.5");
  });

  test("carry the trace of a sampled request once, at its bucket", () => {
    const metrics = createIstioMetrics({ hasSizes: false });
    metrics.record(stories.abort);
    expect(scrape(metrics, t0).every((row) => row.exemplar === null)).toBe(true);
    const withTrace = scrape(metrics, later).filter((row) => row.exemplar !== null);
    expect(withTrace.map((row) => [row.labels["le"], row.exemplar])).toEqual([
      ["0.5", { traceId: traceIdOf(stories.abort.requestNumber), value: 0, atMs: t0 + 0.1 }],
    ]);
    expect(scrape(metrics, later + 1).every((row) => row.exemplar === null)).toBe(true);
  });

  test("stand beside sizes when these are wanted", () => {
    const rows = rowsOf("denied", true);
    expect(told(rows, "istio_response_bytes_sum", ["reporter"])).toEqual(["destination 48", "source 48"]);
    expect(rowsOf("denied").some((row) => row.name.includes("bytes"))).toBe(false);
  });
});

describe("time", () => {
  test("a call counts from its end on, each proxy's by its own", () => {
    const metrics = createIstioMetrics({ hasSizes: false });
    metrics.record(stories.delay);
    const seen = (atMs: number) =>
      told(scrape(metrics, atMs), "istio_requests_total", ["source_workload", "response_flags"]);
    expect(seen(t0 + 2_999)).toEqual([]);
    expect(seen(t0 + 3_000)).toEqual(["productpage-v1 DC 1", "productpage-v1 DC 1"]);
    const whenThePageIsServed = seen(t0 + 6_010);
    expect(whenThePageIsServed).toContain("istio-ingressgateway - 1");
    expect(whenThePageIsServed.some((row) => row.includes("DI"))).toBe(false);
    expect(seen(t0 + 10_003)).toContain("reviews-v2 DI 2");
  });

  test("a pod that starts anew counts from nothing; what ends later counts in its new life", () => {
    const metrics = createIstioMetrics({ hasSizes: false });
    metrics.record(stories.delay);
    metrics.restartPod(pods.reviewsV2, t0 + 7_500);
    const rows = told(scrape(metrics, later), "istio_requests_total", requestLabels);
    expect(rows.filter((row) => row.includes("DI"))).toEqual(["source reviews-v2 ratings-v1 ratings 200 DI 1"]);
    expect(rows.filter((row) => row.includes("DC"))).toEqual(["source productpage-v1 reviews-v2 reviews 0 DC 2"]);
  });

  test("a removed pod counts nothing more, neither what was still held nor what comes", () => {
    const metrics = createIstioMetrics({ hasSizes: false });
    metrics.record(stories.delay);
    metrics.removePod(pods.reviewsV2, t0 + 6_500);
    const own = (atMs: number) => scrape(metrics, atMs).filter((row) => row.labels["pod"] === pods.reviewsV2.name);
    expect(own(t0 + 6_000)).not.toEqual([]);
    expect(own(t0 + 9_000)).toEqual([]);
    metrics.record(stories.abort);
    expect(own(later)).toEqual([]);
  });

  test("a pod is up from its first scrape until it is removed, and its series end with it", () => {
    const metrics = createIstioMetrics({ hasSizes: false });
    metrics.addPod(pods.ratings);
    expect(told(scrape(metrics, t0), "up", ["pod", "job"])).toEqual(["ratings-v1-5c8d9f7b6d-x2x7k envoy-stats 1"]);
    metrics.record(stories.denied);
    metrics.removePod(pods.ratings, t0 + 1_000);
    expect(scrape(metrics, later).filter((row) => row.labels["app"] === "ratings")).toEqual([]);
  });
});
