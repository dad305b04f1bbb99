/** Faults injected by the mesh: what callers see of them, and what the called service does not. */
import { expect } from "@jest/globals";
import type { Engineer } from "../questions.js";
import {
  accessOf,
  between,
  callsOf,
  changesOf,
  edgeBetween,
  endMsOf,
  errorKinds,
  errorRatioOf,
  failedBy,
  flagShare,
  isWell,
  medianMsOf,
  near,
  p95MsOf,
  parentOf,
  spanName,
} from "../reading.js";

/** Share of the pages that are jason's. */
const jasonShare = 0.6 * 0.3;

/** 7 s for jason: productpage gives up on reviews twice, ratings never knows. */
export async function ratingsDelay({ page, traces, changesAlong }: Engineer): Promise<void> {
  const [productpage, reviews, ratings] = [await page("productpage"), await page("reviews"), await page("ratings")];

  // The page is answered 200, jason's after about 6 s; everybody else's as ever.
  isWell(productpage.golden);
  between(p95MsOf(productpage.golden), 5_000, 10_000);
  expect(medianMsOf(productpage.golden)).toBeLessThan(30);

  // Calls of reviews fail because productpage gave up, after 3 s, twice a page; both proxies say so.
  const toReviews = edgeBetween(reviews.dependencies.edges, "productpage", "reviews").golden;
  const givenUp = failedBy(toReviews, "CALLER_GAVE_UP");
  expect(toReviews.failures).toEqual([{ cause: "CALLER_GAVE_UP", count: givenUp }]);
  expect(toReviews.server.failures).toEqual(toReviews.failures);
  near(givenUp / callsOf(productpage.golden), 2 * jasonShare, 0.15);
  near(flagShare(toReviews, "DC"), givenUp / callsOf(toReviews), 0.001);
  between(p95MsOf(toReviews), 2_500, 5_000);
  const atV2 = accessOf(reviews, "reviews-v2", ({ responseFlags }) => responseFlags.includes("DC"));
  expect(atV2.length).toBeGreaterThan(20);
  for (const line of atV2) {
    expect(line).toMatchObject({ responseCode: 0, responseCodeDetails: "downstream_remote_disconnect" });
    near(line.durationMs, 3_000, 0.01);
  }
  for (const version of ["reviews-v1", "reviews-v3"])
    expect(accessOf(reviews, version, ({ responseFlags }) => responseFlags.includes("DC"))).toEqual([]);

  // Reviews to ratings takes 7 s with DI and succeeds; the server of ratings sees the same calls in a few ms.
  const toRatings = edgeBetween(ratings.dependencies.edges, "reviews", "ratings").golden;
  expect(toRatings.failures).toEqual([]);
  near(flagShare(toRatings, "DI") * callsOf(toRatings), givenUp, 0.03);
  between(p95MsOf(toRatings), 5_000, 10_000);
  expect(p95MsOf(toRatings.server)).toBeLessThan(5);
  near(callsOf(toRatings.server), callsOf(toRatings), 0.02);
  expect(toRatings.server.responseFlags).toEqual([]);
  isWell(ratings.golden);
  const delayed = accessOf(reviews, "reviews-v2", ({ responseFlags }) => responseFlags.includes("DI"));
  expect(delayed.length).toBeGreaterThan(10);
  for (const line of delayed) near(line.durationMs, 7_000, 0.01);
  expect(errorKinds(productpage)).toEqual([
    "productpage-v1 ERROR Error retrieving reviews: Read timed out after 3000 ms",
  ]);
  near(productpage.errors.totalCount.value, givenUp, 0.03);
  expect(errorKinds(ratings)).toEqual([]);

  // The slow trace: the wait is on the client span of ratings, which outlives its parents and the page.
  const slow = (await traces("productpage", { minDurationMs: 5_000 })).filter(({ spanCount }) => spanCount === 12);
  expect(slow.length).toBeGreaterThan(3);
  for (const trace of slow) {
    near(trace.durationMs, 6_010, 0.01);
    const waits = trace.spans.filter((span) => spanName(span) === "CLIENT reviews v2 200 DI");
    expect(waits).toHaveLength(2);
    for (const wait of waits) {
      near(wait.durationMs, 7_000, 0.01);
      const parent = parentOf(wait, trace);
      expect(parent && spanName(parent)).toBe("SERVER reviews v2 0 DC");
      expect(endMsOf(wait, trace)).toBeGreaterThan(parent ? endMsOf(parent, trace) + 3_000 : Number.NaN);
      expect(endMsOf(wait, trace)).toBeGreaterThan(trace.durationMs + 900);
      const served = trace.spans.find((span) => span.parentSpanId === wait.spanId);
      expect(served && spanName(served)).toBe("SERVER ratings v1 200 -");
      expect(served?.durationMs).toBeLessThan(10);
    }
    // What is waited for is on the path, clipped to what the caller waited.
    const path = new Map(trace.criticalPath.map(({ spanId, selfMs }) => [spanId, selfMs]));
    for (const wait of waits) near(path.get(wait.spanId) ?? Number.NaN, 3_000, 0.01);
    expect([...path.values()].reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(trace.durationMs + 0.01);
    expect(trace.logs).toMatchObject({
      match: "TRACE_ID",
      nodes: expect.arrayContaining([
        { level: "ERROR", message: "Error retrieving reviews: Read timed out after 3000 ms" },
      ]),
    });
  }
  // The change touched ratings. Who looks at productpage has it from the slow trace in one question.
  expect(changesOf(ratings)).toEqual(["VirtualService ratings: fault: 7 s delay on 100 % for end-user=jason"]);
  expect(changesOf(productpage)).toEqual([]);
  expect(await changesAlong("productpage", { minDurationMs: 5_000 })).toMatchObject({
    productpage: [],
    reviews: [],
    ratings: ["fault: 7 s delay on 100 % for end-user=jason"],
  });
}

/** The same, served by reviews v3: its caller gives up while the fault still holds the call. */
export async function ratingsDelayV3({ page, traces }: Engineer): Promise<void> {
  const [productpage, reviews, ratings] = [await page("productpage"), await page("reviews"), await page("ratings")];
  isWell(productpage.golden);
  isWell(reviews.golden);
  between(p95MsOf(productpage.golden), 1_000, 2_600);

  const toRatings = edgeBetween(ratings.dependencies.edges, "reviews", "ratings").golden;
  const givenUp = failedBy(toRatings, "CALLER_GAVE_UP");
  near(givenUp / callsOf(productpage.golden), jasonShare, 0.15);
  expect(toRatings.failures).toEqual([{ cause: "CALLER_GAVE_UP", count: givenUp }]);
  for (const flag of ["DI", "DC"]) near(flagShare(toRatings, flag) * callsOf(toRatings), givenUp, 0.001);
  // Ratings has no row of them: it looks healthy, and saw that many calls less.
  near(callsOf(toRatings) - callsOf(toRatings.server), givenUp, 0.02);
  isWell({ ...toRatings.server, server: toRatings.server });
  expect(errorKinds(reviews)).toEqual([
    "reviews-v3 ERROR Error: unable to contact ratings got exception Read timed out after 2500 ms",
  ]);
  const held = accessOf(reviews, "reviews-v3", ({ responseFlags }) => responseFlags.includes("DI"));
  expect(held.length).toBeGreaterThan(20);
  for (const line of held) {
    expect(line).toMatchObject({ responseCode: 0, responseFlags: ["DI", "DC"], upstreamHost: null });
    near(line.durationMs, 2_501, 0.01);
  }

  const slow = (await traces("productpage", { minDurationMs: 2_000 })).filter(({ complete }) => complete);
  expect(slow.length).toBeGreaterThan(3);
  for (const trace of slow) {
    near(trace.durationMs, 2_510, 0.01);
    expect(trace.spanCount).toBe(7);
    const last = trace.spans.at(-1);
    expect(last && spanName(last)).toBe("CLIENT reviews v3 0 DI,DC");
  }
  expect(changesOf(ratings)).toEqual(["VirtualService ratings: fault: 7 s delay on 100 % for end-user=jason"]);
  expect(changesOf(reviews)).toEqual(["VirtualService reviews: reviews: v3 100 % for end-user=jason (was v2 100 %)"]);
}

/** Half of the calls answered 500 by the caller's own sidecar. */
export async function ratingsAbort({ page, traces }: Engineer): Promise<void> {
  const [productpage, reviews, ratings] = [await page("productpage"), await page("reviews"), await page("ratings")];
  isWell(productpage.golden);
  isWell(reviews.golden);
  const { golden } = ratings;
  const { server } = golden;
  near(errorRatioOf(golden), 0.5, 0.1);
  expect(golden.failures).toEqual([{ cause: "FAULT_INJECTED", count: failedBy(golden, "FAULT_INJECTED") }]);
  near(flagShare(golden, "FI"), errorRatioOf(golden), 0.001);
  // Only what got through, and all of it well.
  isWell({ ...server, server });
  near(callsOf(server), callsOf(golden) - failedBy(golden, "FAULT_INJECTED"), 0.01);
  for (const version of ["reviews-v2", "reviews-v3"]) {
    const aborted = accessOf(reviews, version, ({ responseFlags }) => responseFlags.includes("FI"));
    expect(aborted.length).toBeGreaterThan(10);
    for (const line of aborted)
      expect(line).toMatchObject({ responseCode: 500, responseCodeDetails: "fault_filter_abort", upstreamHost: null });
  }
  near(reviews.errors.totalCount.value, failedBy(golden, "FAULT_INJECTED"), 0.01);
  for (const trace of await traces("reviews", { errorsOnly: true }, 5)) {
    expect(trace).toMatchObject({ errorCount: 1, spanCount: 7 });
    const failed = trace.spans.find(({ status }) => status === "ERROR");
    expect(failed && spanName(failed)).toMatch(/^CLIENT reviews v[23] 500 FI$/);
  }
  expect(changesOf(ratings)).toEqual(["VirtualService ratings: fault: HTTP 500 on 50 %"]);
}
