/**
 * Who is named for every scenario of the demo, through the reader and the bounded questions that an incident uses: with the reason, and the
 * same culprit when it fires as up to ten minutes later.
 */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { evidenceWindow } from "../../src/alerting/evidence.js";
import {
  beginScenario,
  diagnoseScenario,
  diagnoseServices,
  type ScenarioDiagnosis,
} from "../support/diagnose-scenario.js";

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

/** Who is asked about early and late: those above, and one further away. */
const sufferers = ({ scenario, of }: Expected) => (scenario === "ratings-delay" ? [of, "bookinfo/productpage"] : [of]);

/** Fired after a minute; asked then and 3 and 10 minutes later. Two, six and 21 minutes were tried by hand: the same. */
const minutesAfter = [1, 4, 11];
/** When the reason must be whole. */
const wholeAfter = 6;
const minuteMs = 60_000;

/** What is asked once: who is who (now and last week), the course, the background, pods now and before, changes. */
const mostOnce = 12;

describe.each(expectations)("a diagnosis of the demo: $scenario", (expected) => {
  const { scenario, suspect, says } = expected;
  let whole: ScenarioDiagnosis | undefined;
  /** The first suspect of each sufferer, by minute. */
  const named = new Map<number, readonly string[]>();

  beforeAll(async () => {
    const { sources, clock, playUntil } = await beginScenario(scenario);
    for (const minutes of [...minutesAfter, wholeAfter].sort((a, b) => a - b)) {
      const window = await playUntil(minutes);
      if (minutes === wholeAfter) {
        [whole] = await diagnoseServices({ sources, clock, window, isBurning: false }, [expected.of]);
      } else {
        const answers = await diagnoseServices({ sources, clock, window, isBurning: true }, sufferers(expected));
        named.set(
          minutes,
          answers.map(({ diagnosis }) => diagnosis.suspects[0]?.service.name ?? "nobody"),
        );
      }
    }
  }, 240_000);

  test("the one to blame is named, with the reason", () => {
    const first = whole?.diagnosis.suspects[0];
    expect(first).toMatchObject({ service: { name: suspect }, grade: "LIKELY" });
    expect(whole?.diagnosis.verdict.sentence).toMatch(new RegExp(`^Likely ${suspect}\\b`));
    const said = [whole?.diagnosis.verdict.sentence, ...(first?.reasons ?? []).map(({ sentence }) => sentence)].join(
      " ",
    );
    for (const words of says) expect(said).toContain(words);
  });

  test("the same is named early and late, and nobody else first", () => {
    for (const [minutes, names] of named) {
      // One of two replicas that crashes harms in bursts: later on nothing may be wrong.
      const mayBeOver = scenario === "crashloop" && minutes === minutesAfter.at(-1);
      const allowed = mayBeOver ? [suspect, "nobody"] : [suspect];
      expect({ minutes, others: names.filter((name) => !allowed.includes(name)) }).toEqual({ minutes, others: [] });
    }
    expect([...named.keys()]).toEqual(minutesAfter);
  });
});

describe("a diagnosis of the demo", () => {
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
  });

  test("tiers of 1h/5m and of 10m/2m look at the same quarter of an hour", () => {
    const met = (longMs: number, shortMs: number) =>
      [{ met: true, long: { windowMs: longMs }, short: { windowMs: shortMs } }] as unknown as Parameters<
        typeof evidenceWindow
      >[0];
    const quarter = { fromMs: 0, toMs: 15 * minuteMs };
    expect(evidenceWindow(met(60 * minuteMs, 5 * minuteMs), quarter.toMs)).toEqual(quarter);
    expect(evidenceWindow(met(10 * minuteMs, 2 * minuteMs), quarter.toMs)).toEqual(quarter);
  });
});
