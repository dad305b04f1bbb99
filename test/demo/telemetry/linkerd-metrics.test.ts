/** What Linkerd's proxies count of the same stories. */
import { describe, expect, test } from "@jest/globals";
import { createLinkerdMetrics } from "../../../src/demo/telemetry/metrics/linkerd-metrics.js";
import { scrape, told } from "./read-scrape.js";
import { stories } from "./stories.js";
import { t0 } from "./tiny-mesh.js";

function rowsOf(story: keyof typeof stories) {
  const metrics = createLinkerdMetrics();
  metrics.record(stories[story]);
  return scrape(metrics, t0 + 60_000);
}

const pair = ["direction", "deployment", "dst_deployment"];
const responses = (story: keyof typeof stories) =>
  told(rowsOf(story), "response_total", [...pair, "classification", "status_code", "error"]);
const requests = (story: keyof typeof stories) => told(rowsOf(story), "request_total", pair);

describe("responses", () => {
  test.each([
    [
      "retriesHelp",
      [
        "inbound ratings-v1  failure 503  1",
        "inbound ratings-v1  success 200  1",
        "outbound reviews-v2 ratings-v1 failure 503  1",
        "outbound reviews-v2 ratings-v1 success 200  1",
      ],
    ],
    ["denied", ["outbound reviews-v3 ratings-v1 success 403  1"]],
    ["abort", ["outbound reviews-v2  failure 500  1"]],
    ["noEndpoints", ["outbound reviews-v2  failure  failfast 1"]],
    ["routeTimeout", ["outbound reviews-v2 ratings-v1 failure  timeout 1"]],
    ["appDown", ["inbound ratings-v1  failure  connect 1", "outbound reviews-v2 ratings-v1 failure 503  1"]],
    ["delayCutShort", []],
  ] as const)("of %s", (story, expected) => {
    expect(responses(story)).toEqual(expected);
  });

  test("that a caller did not wait for are requests without a response, on both sides", () => {
    expect(responses("delay").filter((row) => row.includes("reviews-v2") && !row.includes("ratings-v1"))).toEqual([]);
    expect(requests("delay")).toContain("outbound productpage-v1 reviews-v2 2");
    expect(requests("delay")).toContain("inbound reviews-v2  2");
  });

  test("have a latency by status, an error without a response none", () => {
    const counts = (story: keyof typeof stories) =>
      told(rowsOf(story), "response_latency_ms_count", ["direction", "status_code"]);
    expect(counts("retriesHelp")).toEqual(["inbound 200 1", "inbound 503 1", "outbound 200 1", "outbound 503 1"]);
    expect(counts("routeTimeout")).toEqual([]);
    const bounds = rowsOf("denied")
      .filter((row) => row.name.endsWith("_bucket"))
      .map((row) => row.labels["le"]);
    expect(bounds.join(" ")).toBe(
      "1 2 3 4 5 10 20 30 40 50 100 200 300 400 500 1000 2000 3000 4000 5000 10000 20000 30000 40000 50000 +Inf",
    );
  });
});

describe("labels", () => {
  test("name the endpoint at the client, the caller's identity at the server", () => {
    const found = rowsOf("healthy").filter((row) => row.name === "request_total");
    const authority = "ratings.bookinfo.svc.cluster.local:9080";
    const toRatings = found.filter((row) => row.labels["authority"] === authority).map((row) => row.labels);
    expect(toRatings.find((labels) => labels["direction"] === "outbound")).toMatchObject({
      deployment: "reviews-v2",
      namespace: "bookinfo",
      dst_service: "ratings",
      dst_namespace: "bookinfo",
      dst_pod: "ratings-v1-5c8d9f7b6d-x2x7k",
      tls: "true",
    });
    expect(toRatings.find((labels) => labels["direction"] === "inbound")).toMatchObject({
      deployment: "ratings-v1",
      tls: "true",
      client_id: "reviews-v2.bookinfo.serviceaccount.identity.linkerd.cluster.local",
    });
  });

  test("of two pods with one identity make one series at the server", () => {
    const metrics = createLinkerdMetrics();
    metrics.record(stories.retriesHelp);
    const { source } = stories.retriesHelp;
    metrics.record({ ...stories.retriesHelp, source: { ...source, name: `${source.name}-2`, ip: "10.244.0.99" } });
    const inbound = scrape(metrics, t0 + 60_000).filter((row) => row.labels["direction"] === "inbound");
    expect(told(inbound, "request_total", ["deployment"])).toEqual(["ratings-v1 4"]);
  });
});

test("connections count what went out and came back under their own names; the refused name an errno", () => {
  const of = (story: keyof typeof stories, name: string) => told(rowsOf(story), name, ["authority", "peer", "errno"]);
  expect(of("mysql", "tcp_open_total")).toEqual(["mysql.example.com:3306 dst  1"]);
  expect(of("mysql", "tcp_write_bytes_total")).toEqual(["mysql.example.com:3306 dst  27"]);
  expect(of("mysql", "tcp_read_bytes_total")).toEqual(["mysql.example.com:3306 dst  11"]);
  expect(of("blackHole", "tcp_close_total")).toEqual([" dst ECONNREFUSED 1"]);
  expect(of("blackHole", "tcp_write_bytes_total")).toEqual([]);
});
