import { describe, expect, test } from "@jest/globals";
import { judgeDialects, judgeReporters, judgeSamples } from "../../src/inspection/judge-metrics.js";
import { neededWindows } from "../../src/inspection/needed-windows.js";
import { findReach, judgeRetention, metricNeeds } from "../../src/inspection/retention.js";
import { judgeSampling } from "../../src/inspection/sampling.js";
import { envoy } from "../../src/mesh/dialects/envoy.js";
import { istio } from "../../src/mesh/dialects/istio.js";
import type { SpokenDialect } from "../../src/mesh/metrics/detect-dialects.js";
import { defaultObjectives } from "../../src/slo/default-objectives.js";
import { inspectionTopics, lengthWords } from "../../src/telemetry/inspection.js";
import { golden } from "../support/golden.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const spoken: SpokenDialect = { dialect: istio, histogram: "classic", isRecorded: false };
const ref = { cluster: "default", namespace: "shop", name: "cart" };
const month = neededWindows(defaultObjectives({ availability: { target: 0.99, window: "30d" } }, [ref], []));
const fine = { requestSeries: 100, bucketSeries: 2_000, scrapeEveryMs: 15_000, newestAgeMs: 4_000 };
const samplesWith = (given: Partial<typeof fine> | Record<string, null>, windows = month) =>
  judgeSamples({ ...fine, ...given }, 15_000, windows).map(({ topic, verdict }) => `${topic} ${verdict}`);

describe("what is found of metrics", () => {
  test("the windows of objectives are what retention and scrapes are held against", () => {
    expect(month).toEqual({ shortestMs: 5 * minuteMs, longestMs: 30 * dayMs });
    expect(neededWindows([])).toEqual({ shortestMs: null, longestMs: null });
  });

  test("no mesh's metrics is FAIL, no durations is WARN with the metric that is missing", () => {
    expect(judgeDialects([])).toMatchObject({ verdict: "FAIL" });
    expect(judgeDialects([{ ...spoken, histogram: null }])).toMatchObject({
      verdict: "WARN",
      remedy: expect.stringContaining("istio_request_duration_milliseconds"),
    });
    expect(judgeDialects([spoken])).toMatchObject({ verdict: "PASS", remedy: null });
  });

  test("one end's proxies alone are WARN, with what is not counted; a dialect of one view misses nothing", () => {
    expect(judgeReporters(spoken, { callers: true, server: true }).verdict).toBe("PASS");
    expect(judgeReporters(spoken, { callers: false, server: true }).message).toContain("never arrive");
    expect(judgeReporters(spoken, { callers: true, server: false }).message).toContain("encrypted");
    expect(judgeReporters({ ...spoken, dialect: envoy }, { callers: true, server: false }).verdict).toBe("PASS");
  });

  test.each([
    ["all as it should be", {}, ["scrape PASS", "cardinality PASS", "freshness PASS"]],
    [
      "slower scrapes than configured",
      { scrapeEveryMs: 60_000 },
      ["scrape WARN", "cardinality PASS", "freshness PASS"],
    ],
    [
      "too few scrapes for the shortest window",
      { scrapeEveryMs: 2 * minuteMs },
      ["scrape FAIL", "cardinality PASS", "freshness PASS"],
    ],
    ["many series", { bucketSeries: 2_000_000 }, ["scrape PASS", "cardinality WARN", "freshness PASS"]],
    ["an old sample", { newestAgeMs: 10 * minuteMs }, ["scrape PASS", "cardinality PASS", "freshness FAIL"]],
    [
      "no answers",
      { scrapeEveryMs: null, requestSeries: null, newestAgeMs: null },
      ["scrape UNKNOWN", "cardinality UNKNOWN", "freshness FAIL"],
    ],
  ])("samples: %s", (_title, given, verdicts) => {
    expect(samplesWith(given)).toEqual(verdicts);
  });
});

describe("how far back a source goes", () => {
  const reachOf = (keptMs: number) =>
    findReach(metricNeeds(month), 100 * dayMs, async ({ toMs }) => toMs > 100 * dayMs - keptMs);

  test("is found by looking at a few ages, and held against every need", async () => {
    const reach = await reachOf(15 * dayMs);
    expect(reach).toEqual({ foundMs: 7 * dayMs + hourMs, goneMs: 30 * dayMs });
    const { verdict, message } = judgeRetention(metricNeeds(month), reach, "keep more");
    expect(verdict).toBe("WARN");
    expect(message).toContain("goes back at least 7 d and not 30 d; the longest objective needs 30 d");
    expect(message).not.toContain("diagnosis");
  });

  test("is PASS where every need is met, and says so where there is nothing at all", async () => {
    expect(judgeRetention(metricNeeds(month), await reachOf(40 * dayMs), "").verdict).toBe("PASS");
    expect(judgeRetention(metricNeeds(month), await reachOf(0), "").message).toContain("nothing from an hour ago");
  });
});

describe("how many requests have a trace", () => {
  test.each([
    [10, 450, false, "PASS", "some 5 %"],
    [100, 90, false, "WARN", "some 0.1 %"],
    [100, 0, false, "WARN", "no example traces"],
    [100, 200, true, "PASS", "at least 0.22 %"],
    [0.0001, 0, false, "UNKNOWN", "too little traffic"],
  ])(
    "%d requests a second with %d traces in a quarter of an hour",
    (requestsPerSecond, traces, isAtLeast, verdict, words) => {
      const finding = judgeSampling({ ref, requestsPerSecond }, { windowMs: 15 * minuteMs, traces, isAtLeast });
      expect(finding.verdict).toBe(verdict);
      expect(finding.message).toContain(words);
    },
  );
});

test("lengths are said in whole units, the largest that has two", () => {
  expect([45_000, 90 * minuteMs, 36 * hourMs, 9 * dayMs].map(lengthWords)).toEqual(["45 s", "90 min", "36 h", "9 d"]);
});

test("golden: docs/reference/check.md says what check --deep looks at", () => {
  const asked: Readonly<Record<keyof typeof inspectionTopics, string>> = {
    reachable: "every source",
    rights: "Elasticsearch, Kubernetes",
    metrics: "Prometheus",
    reporters: "Prometheus",
    scrape: "Prometheus",
    cardinality: "Prometheus",
    shape: "Elasticsearch",
    "trace-ids": "Elasticsearch",
    services: "Jaeger, Zipkin",
    sampling: "Jaeger, Zipkin with a Prometheus",
    freshness: "Prometheus, Jaeger, Zipkin, Elasticsearch",
    clock: "every source",
    retention: "Prometheus, Jaeger, Zipkin, Elasticsearch",
    store: "the store",
    slack: "Slack",
  };
  const rows = Object.entries(inspectionTopics).map(
    ([topic, meaning]) => `| \`${topic}\` | ${asked[topic as keyof typeof asked]} | ${meaning} |`,
  );
  golden("docs/reference/check.md", [...head, ...rows, ...foot, ""].join("\n"));
});

const head = [
  "# meshlens check",
  "",
  "`meshlens check [--config FILE]` reaches every configured source at once: version, latency, state, what it holds. Objectives are read and",
  "Slack is asked who the token is. Nothing is changed and nothing is posted.",
  "",
  "`meshlens check --deep` looks closer, for whoever installs Meshlens or wonders why an answer is empty. Each finding has a verdict, one",
  "sentence with what was seen, and a remedy:",
  "",
  "| verdict | meaning |",
  "|---|---|",
  "| `PASS` | As it should be. |",
  "| `WARN` | Meshlens works with less: the sentence says with what. |",
  "| `FAIL` | A part of Meshlens does not work. |",
  "| `UNKNOWN` | It could not be found out, which is not the same as fine. |",
  "",
  "| option | meaning |",
  "|---|---|",
  "| `--deep` | Look closer. |",
  "| `--timeout SECONDS` | Longest time for it, 1 to 600, default 60; what is not known by then is `UNKNOWN`. |",
  "| `--json` | For programs: `ok`, `sources`, `slack`, and with `--deep` also `deep`: per source `name`, `kind` and `findings` of `topic`, `verdict`, `message`, `remedy`. |",
  "",
  "Exit codes: 0 every source answered, objectives have no errors and nothing is `FAIL`; 1 else; 2 wrong use or configuration. `WARN` and",
  "`UNKNOWN` do not change it.",
  "",
  "| topic | asked of | question |",
  "|---|---|---|",
];
const foot = [
  "",
  "It asks little: some eight small queries of a Prometheus, one search of the indices, up to ten searches of a trace backend, and one",
  "`SelfSubjectAccessReview` for each kind and verb of a cluster. Kubernetes' reviews are made by POST and kept nowhere; the store is written",
  "to within a transaction that is taken back, and a file that a running Meshlens holds is left alone. Written by `npm run golden:write`.",
];
