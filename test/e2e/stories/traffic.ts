/** A healthy mesh, a policy, the ways out, and a database outside. */
import { expect } from "@jest/globals";
import type { Engineer } from "../questions.js";
import {
  accessOf,
  between,
  callsOf,
  changesOf,
  edgeBetween,
  edgeNames,
  errorKinds,
  failedBy,
  isWell,
  medianMsOf,
  near,
  p95MsOf,
  spanName,
  tagOf,
} from "../reading.js";

const services = ["productpage", "reviews", "ratings", "details"];
const actSeconds = 180;

/** Both proxies count alike, nothing fails. */
export async function healthy({ page, traces, graph }: Engineer): Promise<void> {
  for (const name of services) {
    const { golden, errors, health, changes } = await page(name);
    isWell(golden);
    near(callsOf(golden.server), callsOf(golden), 0.005);
    expect(errors.totalCount.value).toBe(0);
    expect(health).toMatchObject({ state: "HEALTHY", reasons: [] });
    expect(changes.nodes).toEqual([]);
    expect(p95MsOf(golden)).toBeLessThan(30);
  }
  const { edges, nodes } = await graph();
  const ofBookinfo = ({ source, destination }: (typeof edges)[number]) =>
    services.includes(source.label) || services.includes(destination.label);
  expect(edgeNames(edges.filter(ofBookinfo))).toEqual([
    "details > firestore.googleapis.com TCP",
    "istio-ingressgateway > productpage HTTP",
    "productpage > details HTTP",
    "productpage > reviews HTTP",
    "reviews > ratings HTTP",
  ]);
  const kinds = nodes.filter(({ kind }) => kind !== "SERVICE").map(({ kind, label }) => `${kind} ${label}`);
  expect(kinds.sort()).toEqual(["EXTERNAL firestore.googleapis.com", "GATEWAY istio-ingressgateway"]);
  for (const { golden, protocol, retryRatio } of edges)
    if (protocol === "HTTP") {
      isWell(golden);
      expect(retryRatio).toBeLessThan(0.02);
    }
  const all = (await traces("productpage", {}, 50)).filter(({ complete }) => complete);
  expect(all.length).toBeGreaterThan(40);
  for (const { spanCount, errorCount, spans } of all) {
    const isPlain = spans.some((span) => spanName(span) === "SERVER reviews v1 200 -");
    expect({ spanCount, errorCount }).toEqual({ spanCount: isPlain ? 6 : 8, errorCount: 0 });
  }
}

/** 403 for one caller, by a new policy. */
export async function rbacDenied({ page, traces }: Engineer): Promise<void> {
  const [productpage, reviews, ratings] = [await page("productpage"), await page("reviews"), await page("ratings")];
  isWell(productpage.golden);
  isWell(reviews.golden);
  const { golden } = edgeBetween(ratings.dependencies.edges, "reviews", "ratings");
  const denied = golden.clientErrors?.[0]?.count ?? Number.NaN;
  // A client error, not a failure, in either view.
  for (const view of [golden, golden.server])
    expect(view).toMatchObject({ failures: [], clientErrors: [{ cause: "DENIED", count: denied }], responseFlags: [] });
  // A third of what is not jason's goes to v3.
  near(denied / callsOf(golden), 0.41 / (0.41 + 0.72), 0.15);

  // Reviews-v3 only.
  const statusOf = (version: string) =>
    new Set(
      accessOf(reviews, version, ({ upstreamCluster }) => upstreamCluster.includes("ratings")).map(
        (line) => line.responseCode,
      ),
    );
  expect(statusOf("reviews-v3")).toEqual(new Set([403]));
  expect(statusOf("reviews-v2")).toEqual(new Set([200]));
  for (const line of accessOf(reviews, "reviews-v3", ({ responseCode }) => responseCode === 403))
    expect(line).toMatchObject({ responseFlags: [], responseCodeDetails: "via_upstream" });
  const atServer = accessOf(ratings, "ratings-v1", ({ responseCode }) => responseCode === 403);
  expect(atServer.length).toBeGreaterThan(20);
  for (const line of atServer)
    expect(line).toMatchObject({
      responseFlags: [],
      responseCodeDetails: "rbac_access_denied_matched_policy[ns[bookinfo]-policy[deny-reviews-v3]-rule[0]]",
      upstreamHost: null,
    });
  expect(errorKinds(reviews)).toEqual(["reviews-v3 ERROR Error: unable to contact ratings got status of 403"]);
  near(reviews.errors.totalCount.value, denied, 0.01);
  expect(errorKinds(ratings)).toEqual([]);
  // No span says error.
  expect((await traces("ratings", { errorsOnly: true })).map(({ traceId }) => traceId)).toEqual([]);
  const tags = [{ key: "http.status_code", value: "403" }];
  const found = (await traces("ratings", { tags })).filter(({ complete }) => complete);
  expect(found.length).toBeGreaterThan(5);
  for (const { spans, errorCount } of found) {
    expect(errorCount).toBe(0);
    expect(spans.filter((span) => tagOf(span, "http.status_code") === "403").map(spanName)).toEqual([
      "CLIENT reviews v3 403 -",
      "SERVER ratings v1 403 -",
    ]);
  }
  expect(changesOf(ratings)).toEqual([
    "AuthorizationPolicy deny-reviews-v3: created: denies calls from principal bookinfo/bookinfo-reviews-v3",
  ]);
}

/** The ServiceEntry is gone: connections fall into the black hole. */
export async function egressBlocked({ page, graph, traces }: Engineer): Promise<void> {
  const [productpage, details] = [await page("productpage"), await page("details")];
  isWell(productpage.golden);
  const failed = failedBy(details.golden, "SERVER_ERROR");
  expect(details.golden).toMatchObject({
    errorRatio: { value: 1 },
    failures: [{ cause: "SERVER_ERROR", count: failed }],
  });
  expect(details.golden.server.failures).toEqual(details.golden.failures);

  const { nodes, edges } = await graph();
  expect(nodes.filter(({ kind }) => kind === "EXTERNAL")).toEqual([]);
  expect(nodes.filter(({ kind }) => kind === "BLACK_HOLE")).toHaveLength(1);
  const out = edges.filter(({ destination }) => destination.kind === "BLACK_HOLE");
  // Who tried, and how often it failed.
  expect(out).toMatchObject([
    {
      source: { kind: "SERVICE", label: "details" },
      protocol: "TCP",
      connectionErrorRatio: 1,
      sentBytesPerSecond: null,
      receivedBytesPerSecond: null,
      golden: { requestCount: null, latency: null, absence: "TCP_ONLY" },
    },
  ]);
  near((out[0]?.connectionRate ?? Number.NaN) * actSeconds, failed, 0.01);

  const lines = accessOf(details, "details-v1", ({ upstreamCluster }) => upstreamCluster === "BlackHoleCluster");
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines)
    expect(line).toMatchObject({
      responseCode: 0,
      responseFlags: ["UH"],
      upstreamHost: null,
      bytesSent: 0,
      durationMs: 0,
    });
  expect(errorKinds(details)).toEqual(
    expect.arrayContaining([
      "details-v1 ERROR Firestore read failed: connection closed before any answer",
      "details-v1 ERROR Firestore read failed: read ECONNRESET",
    ]),
  );
  expect(errorKinds(productpage)).toEqual(["productpage-v1 ERROR Error retrieving details: HTTP 500"]);
  for (const trace of await traces("details", { errorsOnly: true }, 5)) {
    if (!trace.complete) continue;
    const errors = trace.spans.filter(({ status }) => status === "ERROR").map(spanName);
    expect(errors).toEqual(["CLIENT productpage v1 500 -", "SERVER details v1 500 -"]);
  }
  expect(changesOf(details)).toEqual([
    "ServiceEntry firestore: deleted (was firestore.googleapis.com, 443/TCP, resolution DNS)",
  ]);
}

/** The same way out, open and much used. */
export async function egressFirestore({ page, graph }: Engineer): Promise<void> {
  const details = await page("details");
  isWell(details.golden);
  const edge = edgeBetween(details.dependencies.edges, "details", "firestore.googleapis.com");
  expect(edge).toMatchObject({
    protocol: "TCP",
    destination: { kind: "EXTERNAL" },
    connectionErrorRatio: 0,
    golden: { requestCount: null, latency: null, absence: "TCP_ONLY" },
  });
  const rate = edge.connectionRate ?? Number.NaN;
  near(rate * actSeconds, callsOf(details.golden), 0.01);
  near((edge.sentBytesPerSecond ?? Number.NaN) / rate, 56, 0.01);
  near((edge.receivedBytesPerSecond ?? Number.NaN) / rate, 48_200, 0.01);
  expect((await graph()).nodes.filter(({ kind }) => kind === "BLACK_HOLE")).toEqual([]);
  expect(changesOf(details)).toEqual(["Deployment details-v1: image 1.21.0 (was 1.20.3)"]);
}

/** A slow database that no metric of the mesh shows. */
export async function mysqlSlow({ page, traces }: Engineer): Promise<void> {
  const [productpage, ratings] = [await page("productpage"), await page("ratings")];
  isWell(productpage.golden);
  isWell(ratings.golden);
  // Slow in both views: it is ratings itself that takes so long.
  const toRatings = edgeBetween(ratings.dependencies.edges, "reviews", "ratings").golden;
  for (const view of [toRatings, toRatings.server]) between(medianMsOf(view), 1_000, 2_500);

  const out = edgeBetween(ratings.dependencies.edges, "ratings", "mysql.example.com");
  expect(out).toMatchObject({
    protocol: "TCP",
    destination: { kind: "EXTERNAL" },
    connectionErrorRatio: 0,
    golden: { requestCount: null, latency: null, absence: "TCP_ONLY" },
  });
  near((out.connectionRate ?? Number.NaN) * actSeconds, callsOf(ratings.golden), 0.02);
  near((out.sentBytesPerSecond ?? Number.NaN) / (out.connectionRate ?? Number.NaN), 27, 0.02);
  near((out.receivedBytesPerSecond ?? Number.NaN) / (out.connectionRate ?? Number.NaN), 11, 0.02);

  // The only direct evidence: how long the connection lasted.
  const lines = accessOf(ratings, "ratings-v2", ({ upstreamCluster }) => upstreamCluster.includes("mysql"));
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) {
    expect(line).toMatchObject({ upstreamCluster: "outbound|3306||mysql.example.com", responseFlags: [] });
    near(line.durationMs, 1_800, 0.06);
  }
  const slow = (await traces("ratings", { minDurationMs: 1_500 })).filter(({ complete }) => complete);
  expect(slow.length).toBeGreaterThan(10);
  for (const trace of slow) {
    const served = trace.spans.find((span) => span.kind === "SERVER" && span.service?.ref.name === "ratings");
    expect(served && spanName(served)).toBe("SERVER ratings v2 200 -");
    near(served?.selfMs ?? Number.NaN, 1_800, 0.06);
    const longest = [...trace.criticalPath].sort((a, b) => b.selfMs - a.selfMs)[0];
    expect(longest?.spanId).toBe(served?.spanId);
  }
  expect(errorKinds(ratings)).toEqual(["ratings-v2 WARN slow query: SELECT Rating FROM ratings took N ms"]);
  near(ratings.errors.totalCount.value, callsOf(ratings.golden), 0.02);
  expect(changesOf(ratings)).toEqual(["VirtualService ratings: ratings: v2 100 % (was v1 100 %)"]);
}
