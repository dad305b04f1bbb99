/** Who is named for every scenario of the demo, through the reader and the bounded questions that an incident uses. */
import { describe, expect, test } from "@jest/globals";
import { diagnoseScenario } from "../support/diagnose-scenario.js";

interface Expected {
  readonly scenario: string;
  /** Whose requests suffer. */
  readonly of: string;
  readonly suspect: string;
  /** What an engineer must read of it: in the sentence or in a reason. */
  readonly says: readonly string[];
}

const fault = "VirtualService ratings";
const expectations: readonly Expected[] = [
  { scenario: "ratings-delay", of: "bookinfo/reviews", suspect: "ratings", says: [fault, "fault: 7 s delay"] },
  { scenario: "ratings-abort", of: "bookinfo/ratings", suspect: "ratings", says: [fault, "fault: HTTP 500 on 50 %"] },
  { scenario: "retries-mask", of: "bookinfo/ratings", suspect: "ratings", says: ["failed first inside ratings"] },
  {
    scenario: "rbac-denied",
    of: "bookinfo/ratings",
    suspect: "ratings",
    says: ["AuthorizationPolicy deny-reviews-v3", "denies calls"],
  },
  {
    scenario: "egress-blocked",
    of: "bookinfo/details",
    suspect: "details",
    says: ["ServiceEntry firestore", "deleted", "external firestore.googleapis.com", "they end in BlackHoleCluster"],
  },
  {
    scenario: "canary-split",
    of: "bookinfo/reviews",
    suspect: "reviews",
    says: ["version v3", "reviews-v3", "1.21.0-rc.1"],
  },
  {
    scenario: "mysql-slow",
    of: "bookinfo/ratings",
    suspect: "ratings",
    says: ["slow query", "v2 100 % (was v1 100 %)"],
  },
  { scenario: "crashloop", of: "bookinfo/ratings", suspect: "ratings", says: ["Deployment ratings-v1", "1.21.0"] },
  { scenario: "storm", of: "shop/storefront", suspect: "sessions", says: ["Deployment sessions-v1", "2.0.0"] },
];

/** What is asked once: who is who (now and last week), the course, the background, changes. */
const mostOnce = 10;

describe("a diagnosis of the demo", () => {
  test.each(expectations)(
    "$scenario: $suspect is to blame for $of, with the reason",
    async ({ scenario, of, suspect, says }) => {
      const [answer] = await diagnoseScenario(scenario, [of]);
      const first = answer?.diagnosis.suspects[0];
      expect(first).toMatchObject({ service: { name: suspect }, grade: "LIKELY" });
      expect(answer?.diagnosis.verdict.sentence).toMatch(new RegExp(`^Likely ${suspect}\\b`));
      const said = [answer?.diagnosis.verdict.sentence, ...(first?.reasons ?? []).map(({ sentence }) => sentence)].join(
        " ",
      );
      for (const words of says) expect(said).toContain(words);
    },
    120_000,
  );

  test("healthy names nobody, and about a dozen upstream calls go out per window, for a busy service as for a quiet one", async () => {
    const answers = await diagnoseScenario("healthy", ["bookinfo/productpage", "shop/storefront", "bookinfo/ratings"]);
    expect(answers.map(({ diagnosis }) => diagnosis.suspects)).toEqual([[], [], []]);
    for (const { diagnosis, upstreamCalls } of answers) {
      const windows = 1 + (diagnosis.baseline?.windowCount ?? 0);
      const countOf = (source: string) => upstreamCalls.filter((call) => call.startsWith(source)).length;
      expect(windows).toBeGreaterThan(1);
      expect(upstreamCalls.length).toBeLessThanOrEqual(12 * windows + mostOnce);
      expect(countOf("jaeger search")).toBeLessThanOrEqual(10 * windows);
      // Yesterday and last week are asked for too, and were silent.
      expect(countOf("prometheus")).toBeLessThanOrEqual(windows + 2 + mostOnce);
      expect(countOf("elasticsearch")).toBeLessThanOrEqual(windows);
    }
    // The first one asks what is there at all; that is kept for a minute.
    expect(answers[1]?.upstreamCalls.length).toBe(answers[2]?.upstreamCalls.length);
  }, 120_000);
});
