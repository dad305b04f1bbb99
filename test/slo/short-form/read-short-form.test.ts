import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatFinding } from "../../../src/slo/finding.js";
import { objectiveId } from "../../../src/slo/objective.js";
import { readObjectiveTexts } from "../../../src/slo/readers/read-objective-texts.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function read(text: string, environment: Readonly<Record<string, string>> = {}) {
  const { objectives, findings } = readObjectiveTexts([{ file: "slo.yaml", text }], environment);
  return { objectives: objectives.map(({ objective }) => objective), findings };
}

/** One objective of a file with a namespace. */
function one(entry: string) {
  const { objectives, findings } = read(`apiVersion: meshlens/v1\nnamespace: shop\nobjectives:\n  - ${entry}\n`);
  return { objective: objectives[0], findings: findings.map(formatFinding) };
}

describe("the short form", () => {
  test("a service and a target are enough; the rest is usual", () => {
    const { objective, findings } = one("{ service: cart, availability: 99.9% }");
    expect(findings).toEqual([]);
    expect(objective).toMatchObject({
      id: objectiveId({ cluster: null, namespace: "shop", name: "cart" }, "availability"),
      name: "availability",
      service: { cluster: null, namespace: "shop", name: "cart" },
      scope: { version: null, route: null, caller: null },
      sli: { kind: "AVAILABILITY", view: "callers", failed: { add: [], remove: [], callerGaveUp: true } },
      target: { ratio: 0.999, budgetRatio: 0.001 },
      period: { kind: "rolling", durationMs: 30 * 24 * hourMs },
      alerting: { minFailedEvents: 5, hold: { PAGE: { forMs: minuteMs, keepFiringMs: 10 * minuteMs } } },
      origin: { kind: "meshlens", file: "slo.yaml", line: 4 },
    });
    expect(objective?.alerting.tiers.map(({ name, severity, factor }) => `${severity} ${name} ${factor}`)).toEqual([
      "PAGE 1h/5m 14.4",
      "PAGE 6h/30m 6",
      "TICKET 1d/2h 3",
      "TICKET 3d/6h 1",
    ]);
  });

  test("the id stays the same whatever else of an objective changes, and differs for every other name", () => {
    const id = (entry: string) => one(entry).objective?.id;
    const same = id("{ service: cart, availability: 99.9% }");
    expect(id("{ service: shop/cart, availability: { target: 0.95, view: server }, window: 7d }")).toBe(same);
    const others = ["{ service: east/shop/cart, availability: 99% }", "{ service: a/cart, availability: 99% }"];
    expect(new Set([same, ...others.map(id), id("{ service: cart, name: x, availability: 99% }")]).size).toBe(4);
  });

  test("what counts as failed can be widened and narrowed", () => {
    const { objective } = one(
      "{ service: cart, availability: { target: 99%, callerGaveUp: false, failedStatus: { add: [403, 4xx, grpc:7, 'flag:rl'], remove: [503, 'grpc:UNAVAILABLE'] } } }",
    );
    expect(objective?.sli).toEqual({
      kind: "AVAILABILITY",
      view: "callers",
      failed: {
        add: [
          { kind: "http", from: 403, to: 403 },
          { kind: "http", from: 400, to: 499 },
          { kind: "grpc", status: 7 },
          { kind: "flag", flag: "RL" },
        ],
        remove: [
          { kind: "http", from: 503, to: 503 },
          { kind: "grpc", status: 14 },
        ],
        callerGaveUp: false,
      },
    });
  });

  test("every kind of indicator is read, with a name of its own", () => {
    const names = [
      "{ service: cart, latency: { target: 99%, thresholdMs: 300 }, caller: web, version: v2, route: 'GET /cart' }",
      '{ service: cart, events: { target: 99%, failed: "sum(rate(bad[5m]))", total: "sum(rate(all[5m]))" } }',
      '{ service: cart, ratio: { target: 99%, good: "job:good:ratio" } }',
      '{ service: cart, gauge: { target: 99%, selector: "up" } }',
    ].map((entry) => one(entry).objective);
    expect(names.map((objective) => objective?.name)).toEqual(["latency-300ms", "events", "ratio", "gauge"]);
    expect(names.map((objective) => objective?.sli.kind)).toEqual(["LATENCY", "EVENTS", "RATIO", "GAUGE"]);
    expect(names[0]?.scope).toEqual({
      version: "v2",
      route: "GET /cart",
      caller: { cluster: null, namespace: "shop", name: "web" },
      host: null,
    });
  });

  test("a ratio of plain sums is counted; events that cannot be are a ratio, with a warning", () => {
    const counted = one(
      '{ service: cart, ratio: { target: 99%, failed: "1 - sum(rate(good[5m]))/sum(rate(all[5m]))" } }',
    );
    expect(counted.objective?.sli).toMatchObject({ kind: "EVENTS", partIs: "good" });
    const asked = one(
      '{ service: cart, events: { target: 99%, good: "rate(good[5m])", total: "sum(rate(all[5m]))" } }',
    );
    expect(asked.objective?.sli).toMatchObject({ kind: "RATIO", ratioIs: "good" });
    expect(asked.findings).toEqual([
      expect.stringMatching(/^slo\.yaml:4:\d+: warning SLO_QUERY_NOT_COUNTED: objectives\[0\]\.events\.good: /),
    ]);
  });

  test("alerting of an entry adds to that of the file, key by key", () => {
    const { objectives, findings } = read(`apiVersion: meshlens/v1
namespace: shop
defaults:
  window: 28d
  alerting:
    minFailedEvents: 20
    page: { for: 0s }
    tiers: [{ severity: page, long: 1h, short: 5m, budget: 2% }, { severity: ticket, long: 6h, short: 30m, factor: 3 }]
objectives:
  - { service: cart, availability: 99.9%, alerting: { page: { keepFiring: 5m } } }
  - { service: cart, name: quiet, availability: 99.9%, alerting: { tiers: [] } }
`);
    expect(findings).toEqual([]);
    expect(objectives[0]?.alerting).toMatchObject({
      minFailedEvents: 20,
      hold: { PAGE: { forMs: 0, keepFiringMs: 5 * minuteMs }, TICKET: { forMs: 15 * minuteMs } },
      tiers: [{ factor: 13.44 }, { factor: 3 }],
    });
    expect(objectives[1]?.alerting.tiers).toEqual([]);
  });

  test("a period of the calendar has a zone and a start", () => {
    const { objective } = one(
      "{ service: cart, availability: 99%, window: { calendar: week, zone: Asia/Tokyo, start: 2026-01-04, count: 2 } }",
    );
    expect(objective?.period).toEqual({
      kind: "calendar",
      unit: "week",
      count: 2,
      zone: "Asia/Tokyo",
      anchor: "2026-01-04",
    });
  });

  test("tiers that do not fit into a short period are left out", () => {
    const { objective } = one("{ service: cart, availability: 99%, window: 1d }");
    expect(objective?.alerting.tiers.map(({ name }) => name)).toEqual(["1h/5m", "6h/30m"]);
  });

  test("variables are filled in as in the configuration", () => {
    const text = "apiVersion: meshlens/v1\nobjectives: [{ service: '$" + "{NS}/cart', availability: 99% }]\n";
    expect(read(text, { NS: "shop" }).objectives[0]?.service.namespace).toBe("shop");
    expect(read(text).findings.map(({ code }) => code)).toEqual(["SLO_YAML"]);
  });
});

describe("lint", () => {
  test.each([
    [
      "{ service: cart, availability: 1 }",
      "4:22: error SLO_TARGET: objectives[0].availability: must be above 0 and below 100 %",
    ],
    ["{ service: cart, availability: 100% }", "error SLO_TARGET: objectives[0].availability: must be"],
    [
      "{ service: cart, latency: { target: 0, thresholdMs: 5 } }",
      "error SLO_TARGET: objectives[0].latency.target: must be",
    ],
    ["{ service: cart, availability: 99.9 }", "written as 99.9% or 0.999"],
    [
      "{ service: cart, availability: 99%, window: -30d }",
      "error SLO_WINDOW: objectives[0].window: must be a duration of 1h to 366d",
    ],
    ["{ service: cart, availability: 99%, window: 10y }", "error SLO_WINDOW"],
    [
      "{ service: cart, availability: 99%, window: { calendar: month, zone: Mars/Base } }",
      'error SLO_WINDOW: objectives[0].window: the zone "Mars/Base" does not exist',
    ],
    [
      "{ service: cart, availability: 99%, window: { calendar: month, start: soon } }",
      'the start "soon" is no local date',
    ],
    [
      "{ service: cart }",
      "error SLO_SLI: objectives[0]: needs one of availability, latency, connections, events, ratio, gauge",
    ],
    [
      "{ service: cart, availability: 99%, latency: { target: 99%, thresholdMs: 5 } }",
      "error SLO_SLI: objectives[0].latency: has availability and latency",
    ],
    [
      '{ service: cart, ratio: { target: 99%, good: "a", failed: "b" } }',
      "error SLO_SLI: objectives[0].ratio: has failed and good",
    ],
    [
      '{ service: cart, events: { target: 99%, total: "sum(rate(a[5m]))" } }',
      "error SLO_SLI: objectives[0].events: needs one of failed and good",
    ],
    [
      '{ service: cart, version: v1, gauge: { target: 99%, selector: "up" } }',
      "error SLO_SCOPE: objectives[0].version: cannot stand beside gauge",
    ],
    ['{ service: cart, gauge: { target: 99%, selector: "up == 1" } }', "error SLO_QUERY: objectives[0].gauge.selector"],
    [
      '{ service: cart, ratio: { target: 99%, good: "sum(" } }',
      "error SLO_QUERY: objectives[0].ratio.good: is not PromQL",
    ],
    ["{ service: a/b/c/d, availability: 99% }", "error SLO_SERVICE: objectives[0].service: must be name"],
    ["{ service: cart, caller: '?', availability: 99% }", "error SLO_SERVICE: objectives[0].caller"],
    [
      "{ service: cart, availability: { target: 99%, failedStatus: { add: [999] } } }",
      "error SLO_STATUS: objectives[0].availability.failedStatus.add[0]: is no status",
    ],
    [
      "{ service: cart, availability: { target: 99%, failedStatus: { add: [403], remove: [4xx] } } }",
      "error SLO_STATUS: objectives[0].availability.failedStatus.remove[0]: is added and removed",
    ],
    [
      "{ service: cart, availabilty: 99% }",
      'error SLO_SHAPE: objectives[0]: unknown key "availabilty"; did you mean availability?',
    ],
    [
      "{ service: cart, availability: 90% }",
      "warning SLO_TIER_UNREACHABLE: objectives[0]: 1h/5m fires at 14.4 times the budget, but with every event failed this target burns at 10",
    ],
    [
      "{ service: cart, availability: 99%, window: 7d }",
      "warning SLO_TIER_TOLERATED: objectives[0]: 1d/2h fires at 0.7 times",
    ],
    [
      "{ service: cart, availability: 99%, alerting: { tiers: [{ severity: page, long: 1h, short: 5m, factor: 300 }] } }",
      "error SLO_TIER_UNREACHABLE: objectives[0].alerting.tiers[0]",
    ],
    [
      "{ service: cart, availability: 99%, alerting: { tiers: [{ severity: page, long: 5m, short: 1h, factor: 3 }] } }",
      "error SLO_TIER_WINDOWS: objectives[0].alerting.tiers[0]: the short window",
    ],
    [
      "{ service: cart, availability: 99%, alerting: { tiers: [{ severity: page, long: 40d, short: 1h, factor: 3 }] } }",
      "error SLO_TIER_WINDOWS: objectives[0].alerting.tiers[0]: the long window",
    ],
    [
      "{ service: cart, availability: 99%, alerting: { tiers: [{ severity: page, long: 1h, short: 5m }] } }",
      "error SLO_SHAPE: objectives[0].alerting.tiers[0]: needs exactly one of budget and factor",
    ],
  ])("%s", (entry, words) => {
    const { findings, objective } = one(entry);
    expect(findings.join("\n")).toContain(words);
    expect(objective === undefined).toBe(words.includes("error") || !findings.join("").includes("warning"));
  });

  test("a fault in what the file's objectives share is told once, where it is written", () => {
    const { findings } = read(`apiVersion: meshlens/v1
namespace: shop
defaults: { alerting: { tiers: [{ severity: page, long: 5m, short: 1h, factor: 2 }] } }
objectives:
  - { service: a, availability: 99% }
  - { service: b, availability: 99% }
`);
    expect(findings.map(({ line, code, path }) => [line, code, path])).toEqual([
      [3, "SLO_TIER_WINDOWS", "defaults.alerting.tiers[0]"],
    ]);
  });

  test("one error keeps all objectives of the file out: half a file never runs", () => {
    const { objectives, findings } = read(
      "apiVersion: meshlens/v1\nobjectives:\n  - { service: a/b, availability: 99% }\n  - { service: c, availability: 99% }\n",
    );
    expect(objectives).toEqual([]);
    expect(findings).toHaveLength(1);
  });

  test.each([
    ["objectives: []\n", "SLO_FORM", "the document has no apiVersion"],
    ["apiVersion: meshlens/v2\n", "SLO_FORM", "is not a form that is read"],
    ["", "SLO_FORM", "no apiVersion"],
    ["- a\n", "SLO_FORM", "is no objective document"],
    ["a:\n\tb: 1\n", "SLO_YAML", "tab"],
    ["a: [\n", "SLO_YAML", ""],
    ["a: 1\n---\nb: 1\n", "SLO_FORM", "no apiVersion"],
    [
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n`,
      "SLO_YAML",
      "aliases too often",
    ],
  ])("%j", (text, code, words) => {
    const { objectives, findings } = read(text);
    expect(objectives).toEqual([]);
    expect(findings[0]?.code).toBe(code);
    expect(findings[0]?.message).toContain(words);
    expect(findings.length).toBeLessThanOrEqual(3);
  });

  test("any text at all gives findings or objectives, never an exception", () => {
    const piece = fc.constantFrom(
      "apiVersion: meshlens/v1\n",
      "objectives:\n",
      "  - service: a/b\n",
      "    availability: ",
      "99%\n",
      "{",
      "}",
      "- ",
      "window: ",
      "null\n",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join("")),
        ),
        (text) => {
          const { objectives, findings } = read(text);
          expect(objectives.length + findings.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
