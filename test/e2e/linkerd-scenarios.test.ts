import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { actOf } from "./programme.js";
import { engineerOf } from "./questions.js";
import {
  between,
  callsOf,
  changesOf,
  edgeBetween,
  edgeNames,
  errorKinds,
  errorRatioOf,
  failedBy,
  isWell,
  medianMsOf,
  near,
  p95MsOf,
} from "./reading.js";
import { type DemoThread, startDemoThread } from "./start-demo-thread.js";

// The same minutes as Linkerd's proxies count them: tries instead of calls, no flags, and nothing of a call its caller left.
describe("a demo of Linkerd's proxies", () => {
  let demo: DemoThread;
  beforeAll(async () => {
    demo = await startDemoThread({ proxies: "linkerd", real: {}, feeds: [] });
  });
  afterAll(() => demo.close());

  test("healthy: every edge once, with both ends' counts", async () => {
    const act = actOf("healthy");
    await demo.play(act.endMs);
    const { graph, page } = engineerOf(demo.ask("embedded"), act);
    const { nodes, edges } = await graph();
    expect(nodes.filter(({ kind }) => kind === "WORKLOAD" || kind === "UNKNOWN")).toEqual([]);
    const ofBookinfo = ["productpage", "reviews", "ratings", "details"];
    expect(edgeNames(edges.filter(({ source }) => ofBookinfo.includes(source.label)))).toEqual([
      "details > firestore.googleapis.com TCP",
      "productpage > details HTTP",
      "productpage > reviews HTTP",
      "reviews > ratings HTTP",
    ]);
    for (const { golden, protocol } of edges)
      if (protocol === "HTTP") {
        isWell(golden);
        near(callsOf(golden.server), callsOf(golden), 0.02);
      }
    for (const name of ofBookinfo) {
      const { golden } = await page(name);
      isWell(golden);
      expect(p95MsOf(golden)).toBeLessThan(30);
    }
  });

  test("ratings-delay: latency shows it; calls that productpage left are not among Linkerd's responses", async () => {
    const act = actOf("ratings-delay");
    await demo.play(act.endMs);
    const { page } = engineerOf(demo.ask("embedded"), act);
    const [productpage, reviews, ratings] = [await page("productpage"), await page("reviews"), await page("ratings")];
    isWell(productpage.golden);
    between(p95MsOf(productpage.golden), 5_000, 10_000);
    expect(medianMsOf(productpage.golden)).toBeLessThan(30);
    isWell(ratings.golden);
    between(p95MsOf(ratings.golden), 5_000, 10_000);
    expect(p95MsOf(ratings.golden.server)).toBeLessThan(10);
    // 82 of 100 pages are not jason's; of his, reviews' two answers came when nobody waited.
    isWell(reviews.golden);
    near(callsOf(reviews.golden), 0.82 * callsOf(productpage.golden), 0.05);
    expect(errorKinds(productpage)).toEqual([
      "productpage-v1 ERROR Error retrieving reviews: Read timed out after 3000 ms",
    ]);
    near(callsOf(productpage.golden) - callsOf(reviews.golden), productpage.errors.totalCount.value / 2, 0.05);
    expect(changesOf(ratings)).toEqual(["VirtualService ratings: fault: 7 s delay on 100 % for end-user=jason"]);
  });

  test("ratings-abort: half of the calls fail for the callers, none at the server", async () => {
    const act = actOf("ratings-abort");
    await demo.play(act.endMs);
    const { page } = engineerOf(demo.ask("embedded"), act);
    const { golden } = edgeBetween((await page("ratings")).dependencies.edges, "reviews", "ratings");
    near(errorRatioOf(golden), 0.5, 0.1);
    expect(golden.failures).toEqual([{ cause: "SERVER_ERROR", count: failedBy(golden, "SERVER_ERROR") }]);
    isWell({ ...golden.server, server: golden.server });
    near(callsOf(golden.server), callsOf(golden) - failedBy(golden, "SERVER_ERROR"), 0.01);
  });
});
