/** New images: a worse canary, a service that fails half of the time, one that cannot stay up, and one that takes ten others down. */
import { expect } from "@jest/globals";
import type { Engineer } from "../questions.js";
import {
  accessOf,
  between,
  callsOf,
  changesOf,
  edgeBetween,
  errorKinds,
  errorRatioOf,
  failedBy,
  flagShare,
  isWell,
  medianMsOf,
  near,
  p95MsOf,
  spanName,
  tagOf,
} from "../reading.js";

/** v2 and v3 share the calls; v3 is slower and fails. */
export async function canarySplit({ page, traces }: Engineer): Promise<void> {
  const [productpage, reviews] = [await page("productpage"), await page("reviews")];
  // Productpage's second try hides the failures from users.
  isWell(productpage.golden);
  const { golden } = reviews;
  near(errorRatioOf(golden), 1 / 24, 0.3);
  expect(golden.failures).toEqual([{ cause: "SERVER_ERROR", count: failedBy(golden, "SERVER_ERROR") }]);
  expect(golden.server.failures).toEqual(golden.failures);
  between(p95MsOf(golden), 100, 300);
  // All errors are v3's, and nobody asks v1.
  const failed = reviews.access.nodes.filter(({ accessLog }) => accessLog.responseCode === 500);
  expect(failed.length).toBeGreaterThan(20);
  expect(failed.filter(({ pod }) => !pod.startsWith("reviews-v3-"))).toEqual([]);
  expect(accessOf(reviews, "reviews-v1", () => true)).toEqual([]);
  expect(errorKinds(reviews)).toEqual([
    "reviews-v3 ERROR GET /reviews/0 500",
    "reviews-v3 ERROR java.lang.NullPointerException: rating.color is null",
  ]);
  const served = (await traces("reviews", {}, 100)).flatMap(({ spans }) =>
    spans.filter((span) => span.kind === "SERVER" && span.service?.ref.name === "reviews"),
  );
  const ofVersion = (version: string) => served.filter((span) => tagOf(span, "istio.canonical_revision") === version);
  expect(ofVersion("v1")).toEqual([]);
  between(ofVersion("v3").length / served.length, 0.35, 0.65);
  const meanMs = (version: string) =>
    ofVersion(version).reduce((sum, { durationMs }) => sum + durationMs, 0) / ofVersion(version).length;
  expect(meanMs("v3")).toBeGreaterThan(meanMs("v2") + 60);
  expect(changesOf(reviews)).toEqual([
    "Deployment reviews-v3: image 1.21.0-rc.1 (was 1.20.3)",
    expect.stringMatching(/^VirtualService reviews: reviews: v2 50 %, v3 50 % \(was v1 33 %, v2 33 %, v3 34 %\)/),
  ]);
}

/** Attempts fail by half, calls hardly ever. */
export async function retriesMask({ page, traces }: Engineer): Promise<void> {
  const [productpage, reviews, ratings] = [await page("productpage"), await page("reviews"), await page("ratings")];
  isWell(productpage.golden);
  isWell(reviews.golden);
  const edge = edgeBetween(ratings.dependencies.edges, "reviews", "ratings");
  const { golden } = edge;
  // About half of the attempts, as the server saw them; few of the calls, as the callers did.
  near(errorRatioOf(golden.server), 0.5, 0.06);
  near(errorRatioOf(golden), 1 / 16, 0.3);
  expect(golden.failures).toEqual([{ cause: "RETRIES_EXHAUSTED", count: failedBy(golden, "RETRIES_EXHAUSTED") }]);
  near(flagShare(golden, "URX"), errorRatioOf(golden), 0.001);
  expect(golden.server.failures).toEqual([{ cause: "SERVER_ERROR", count: failedBy(golden.server, "SERVER_ERROR") }]);
  near(edge.retryRatio ?? Number.NaN, callsOf(golden.server) / callsOf(golden) - 1, 0.001);
  near(edge.retryRatio ?? Number.NaN, 0.875, 0.1);
  // What gets through in the end gets through once.
  near(
    callsOf(golden.server) - failedBy(golden.server, "SERVER_ERROR"),
    callsOf(golden) - failedBy(golden, "RETRIES_EXHAUSTED"),
    0.01,
  );
  // Latency pays for it, at the callers only.
  between(p95MsOf(golden), 60, 200);
  expect(p95MsOf(golden.server)).toBeLessThan(5);
  near(reviews.errors.totalCount.value, failedBy(golden, "RETRIES_EXHAUSTED"), 0.05);
  expect(errorKinds(ratings)).toEqual([
    "ratings-v1 ERROR GET /ratings/0 503",
    "ratings-v1 ERROR ratings store refused the read",
  ]);
  // Error spans below a client span that is well.
  const retried = (await traces("ratings", { errorsOnly: true }, 100)).filter(({ complete }) => complete);
  const tries = retried.flatMap(({ spans }) =>
    spans
      .filter((span) => span.kind === "CLIENT" && span.service?.ref.name === "reviews")
      .map((call) => ({ call, served: spans.filter(({ parentSpanId }) => parentSpanId === call.spanId) })),
  );
  expect(tries.length).toBeGreaterThan(20);
  const helped = tries.filter(({ call }) => spanName(call).endsWith(" 200 -"));
  expect(helped.length / tries.length).toBeGreaterThan(0.7);
  for (const { call, served } of tries) {
    between(served.length, 2, 4);
    expect(served.filter(({ status }) => status === "ERROR")).toHaveLength(
      served.length - (helped.some((one) => one.call === call) ? 1 : 0),
    );
  }
  expect(changesOf(ratings)).toEqual([
    "Deployment ratings-v1: image 1.20.4 (was 1.20.3)",
    "VirtualService ratings: retries: 3 attempts, on 5xx",
  ]);
}

/** A pod that restarts and is not ready. */
export async function crashloop({ page }: Engineer): Promise<void> {
  const [productpage, ratings] = [await page("productpage"), await page("ratings")];
  isWell(productpage.golden);
  const { golden } = ratings;
  between(errorRatioOf(golden), 0.002, 0.06);
  const toRatings = edgeBetween(ratings.dependencies.edges, "reviews", "ratings").golden;
  expect(toRatings.failures).toEqual([{ cause: "SERVER_ERROR", count: failedBy(golden, "SERVER_ERROR") }]);
  // Its own sidecar says why: nobody listens behind it.
  expect(toRatings.server.failures).toEqual([
    { cause: "CONNECTION_FAILED", count: failedBy(golden.server, "CONNECTION_FAILED") },
  ]);
  near(failedBy(golden.server, "CONNECTION_FAILED"), failedBy(golden, "SERVER_ERROR"), 0.1);
  expect(errorKinds(ratings)).toEqual([]);
  const refused = accessOf(ratings, "ratings-v1", ({ responseFlags }) => responseFlags.includes("UF"));
  expect(refused.length).toBeGreaterThan(3);
  for (const line of refused) expect(line.responseCodeDetails).toContain("Connection_refused");

  const { health } = ratings;
  expect(health.state).toBe("DEGRADED");
  expect(health.reasons.join("\n")).toMatch(
    /container ratings is in CrashLoopBackOff after \d restarts, it last ended with OOMKilled|container ratings runs, but its readiness probe fails/,
  );
  const workload = health.workloads.find(({ name }) => name === "ratings-v1");
  expect(workload?.restarts).toBeGreaterThanOrEqual(4);
  // The old ones serve on; the new one restarts and is not ready.
  expect(workload?.pods.map(({ ready, restarts }) => ({ ready, restarts: Math.sign(restarts) }))).toEqual(
    expect.arrayContaining([
      { ready: true, restarts: 0 },
      { ready: false, restarts: 1 },
    ]),
  );
  expect(workload).toMatchObject({ desired: 2, ready: 2 });
  const changes = changesOf(ratings).join("\n");
  expect(changes).toContain("Deployment ratings-v1: image 1.21.0 (was 1.20.3)");
  expect(changes).toMatch(/restarted after OOMKilled \(exit code 137\)/);
  expect(changes).toMatch(/BackOff: Back-off restarting failed container ratings/);
  expect(changes).toMatch(/Unhealthy: Readiness probe failed/);
}

/** Ten services fail because of one. */
export async function storm({ page, graph }: Engineer): Promise<void> {
  const { edges } = await graph();
  const needs = edges.filter(({ destination }) => destination.label === "sessions");
  expect(needs).toHaveLength(10);
  for (const { source, golden } of needs) {
    between(errorRatioOf(golden), 0.75, 1);
    expect(golden.failures).toEqual([{ cause: "SERVER_ERROR", count: failedBy(golden, "SERVER_ERROR") }]);
    const { golden: own } = await page(source.label, "shop");
    between(errorRatioOf(own), 0.75, 1);
    expect(own.server.failures).toEqual(own.failures);
  }
  // Nothing else failed: not the shop's payments, not Bookinfo.
  for (const { destination, golden } of edges)
    if (destination.label === "payments" || destination.label === "reviews") isWell(golden);
  const sessions = await page("sessions", "shop");
  near(errorRatioOf(sessions.golden), 0.9, 0.05);
  expect(medianMsOf(sessions.golden)).toBeGreaterThan(100);
  expect(sessions.dependencies.edges.map(({ destination }) => destination.label)).toEqual(Array(10).fill("sessions"));
  expect(changesOf(sessions)).toEqual([expect.stringMatching(/^Deployment sessions-v1: image \S+ \(was \S+\)$/)]);
  expect(errorKinds(sessions).length).toBeGreaterThan(0);
}
