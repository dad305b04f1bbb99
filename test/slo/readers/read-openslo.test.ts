import { describe, expect, test } from "@jest/globals";
import { askedText } from "../../../src/slo/user-query.js";
import { readTexts } from "./read-texts.js";

const metric = (query: string, type = "Prometheus") =>
  `{ metricSource: { type: ${type}, spec: { query: '${query}' } } }`;
const good = metric('sum(rate(http_total{namespace="shop",code!~"5.."}[5m]))');
const total = metric('sum(rate(http_total{namespace="shop"}[5m]))');
const ratio = `{ ratioMetric: { counter: true, good: ${good}, total: ${total} } }`;
const inline = `indicator: { metadata: { name: cart-sli }, spec: ${ratio} }`;

interface Parts {
  readonly indicator?: string;
  readonly window?: string;
  readonly method?: string;
  readonly objectives?: string;
  readonly more?: string;
}

function slo({
  indicator = inline,
  window = "{ duration: 28d, isRolling: true }",
  method = "Occurrences",
  objectives = "{ target: 0.99 }",
  more = "",
}: Parts = {}) {
  return `apiVersion: openslo/v1
kind: SLO
metadata: { name: cart-slo, annotations: { meshlens.dev/alerting: usual } }
spec:
  service: cart
  ${indicator}
  timeWindow: [${window}]
  budgetingMethod: ${method}
  objectives: [${objectives}]
${more}`;
}

const sli = (spec: string) => `apiVersion: openslo/v1\nkind: SLI\nmetadata: { name: cart-sli }\nspec: ${spec}\n`;
const object = (kind: string, name: string, spec: string, annotations = "{}") =>
  `apiVersion: openslo/v1\nkind: ${kind}\nmetadata: { name: ${name}, annotations: ${annotations} }\nspec: ${spec}\n`;

describe("an OpenSLO SLO", () => {
  test("with its indicator in place is an objective", () => {
    const { objectives, findings } = readTexts(slo());
    expect(findings).toEqual([]);
    expect(objectives[0]).toMatchObject({
      name: "cart-slo",
      service: { cluster: null, namespace: "shop", name: "cart" },
      sli: { kind: "EVENTS", partIs: "good" },
      target: { ratio: 0.99 },
      period: { kind: "rolling", durationMs: 28 * 86_400_000 },
      origin: { kind: "openslo", file: "a.yaml", line: 9 },
    });
  });

  test("finds its indicator, data source and alert policies in any other file, document, list or JSON", () => {
    const policies = "  alertPolicies: [burn]\n";
    const others = JSON.stringify([
      { apiVersion: "openslo/v1", kind: "DataSource", metadata: { name: "prom" }, spec: { type: "prometheus" } },
      { apiVersion: "openslo/v1", kind: "Service", metadata: { name: "cart" }, spec: {} },
      {
        apiVersion: "openslo/v1",
        kind: "AlertPolicy",
        metadata: { name: "burn" },
        spec: { conditions: [{ conditionRef: "fast" }], notificationTargets: [{ targetRef: "slack" }] },
      },
    ]);
    const condition = object(
      "AlertCondition",
      "fast",
      "{ severity: page, condition: { kind: burnrate, op: gte, threshold: 14.4, lookbackWindow: 1h, alertAfter: 2m } }",
    );
    const target = object("AlertNotificationTarget", "slack", "{ target: slack }");
    const byRef = sli(ratio.replaceAll("type: Prometheus", "metricSourceRef: prom"));
    const { objectives, findings } = readTexts(
      slo({ indicator: "indicatorRef: cart-sli", more: policies }),
      others,
      `${byRef}---\n${condition}---\n${target}`,
    );
    expect(findings).toEqual([]);
    expect(objectives[0]?.sli.kind).toBe("EVENTS");
    expect(objectives[0]?.alerting).toMatchObject({
      tiers: [{ name: "1h/5m", severity: "PAGE", factor: 14.4 }],
      hold: { PAGE: { forMs: 120_000 } },
    });
  });

  test("says the second window of a condition in an annotation", () => {
    const condition = object(
      "AlertCondition",
      "fast",
      "{ severity: warn, condition: { kind: burnrate, op: gt, threshold: 3, lookbackWindow: 1d } }",
      "{ meshlens.dev/short-window: 2h }",
    );
    const policy = object(
      "AlertPolicy",
      "burn",
      "{ conditions: [{ conditionRef: fast }], notificationTargets: [{ targetRef: slack }] }",
    );
    const { objectives } = readTexts(slo({ more: "  alertPolicies: [{ alertPolicyRef: burn }]\n" }), condition, policy);
    expect(objectives[0]?.alerting.tiers).toEqual([
      { name: "1d/2h", severity: "TICKET", longMs: 86_400_000, shortMs: 7_200_000, factor: 3 },
    ]);
  });

  test("without alert policies has a budget and raises nothing, and is told how to change that", () => {
    const { objectives, findings } = readTexts(slo().replace("{ meshlens.dev/alerting: usual }", "{}"));
    expect(objectives[0]?.alerting.tiers).toEqual([]);
    expect(findings.join()).toContain("warning SLO_ALERTING: spec: has no alertPolicies");
  });

  test("with several objectives gives one of each, by index", () => {
    const { objectives } = readTexts(slo({ objectives: "{ displayName: a, target: 0.99 }, { targetPercent: 99.9 }" }));
    expect(objectives.map(({ name, target }) => [name, target.ratio])).toEqual([
      ["cart-slo-0", 0.99],
      ["cart-slo-1", 0.999],
    ]);
  });

  test("over a calendar begins where it says, in its zone", () => {
    const window = "{ duration: 1M, calendar: { startTime: 2024-01-01 00:00:00, timeZone: Europe/Berlin } }";
    expect(readTexts(slo({ window })).objectives[0]?.period).toEqual({
      kind: "calendar",
      unit: "month",
      count: 1,
      zone: "Europe/Berlin",
      anchor: "2024-01-01T00:00:00",
    });
  });

  test("of bare counters counts them", () => {
    const bare = `{ ratioMetric: { counter: true, good: ${metric('http_total{code="200"}')}, total: ${metric("sum(http_total)")} } }`;
    const { objectives } = readTexts(slo({ indicator: `indicator: { metadata: { name: x }, spec: ${bare} }` }));
    expect(objectives[0]?.sli).toMatchObject({
      kind: "EVENTS",
      part: {
        terms: [{ sign: 1, selector: { metric: "http_total", matchers: [{ label: "code", op: "eq", value: "200" }] } }],
      },
      total: { terms: [{ sign: 1, selector: { metric: "http_total", matchers: [] } }] },
    });
  });

  test("of time slices is the share of slices that were good, idle ones left out", () => {
    const { objectives } = readTexts(
      slo({ method: "Timeslices", objectives: "{ target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 1m }" }),
    );
    const sliced = objectives[0]?.sli;
    expect(sliced).toMatchObject({ kind: "RATIO", ratioIs: "good" });
    const text = sliced?.kind === "RATIO" ? askedText(sliced.ratio, 3_600_000) : "";
    expect(text).toContain(">= bool 0.95 and (");
    expect(text).toContain(") > 0)");
    expect(text).toMatch(/^avg_over_time\([\s\S]*\[1h:1m\]\)$/);
  });

  test("of a threshold is the share of time on the good side of it", () => {
    const indicator = `indicator: { metadata: { name: x }, spec: { thresholdMetric: ${metric("queue_length")} } }`;
    const { objectives, findings } = readTexts(slo({ indicator, objectives: "{ op: lte, value: 20, target: 0.99 }" }));
    expect(objectives[0]?.sli).toMatchObject({
      kind: "RATIO",
      ratioIs: "good",
      ratio: { pieces: ["avg_over_time(((queue_length\n) <= bool 20)[", ":1m])"] },
    });
    expect(findings.join()).toContain("SLO_QUERY_NOT_COUNTED");
  });

  test("of a raw ratio says which side it is", () => {
    const indicator = (type: string) =>
      `indicator: { metadata: { name: x }, spec: { ratioMetric: { counter: false, rawType: ${type}, raw: ${metric("job:errors:ratio")} } } }`;
    expect(readTexts(slo({ indicator: indicator("failure") })).objectives[0]?.sli).toMatchObject({
      kind: "RATIO",
      ratioIs: "failed",
    });
    expect(readTexts(slo({ indicator: indicator("success") })).objectives[0]?.sli).toMatchObject({
      kind: "RATIO",
      ratioIs: "good",
    });
  });

  test.each([
    ["measured elsewhere", slo().replaceAll("type: Prometheus", "type: Datadog"), "SLO_SOURCE"],
    [
      "a composite",
      slo({ indicator: "description: x", objectives: `{ target: 0.99, compositeWeight: 1, indicatorRef: a }` }),
      "SLO_SOURCE",
    ],
    [
      "whose indicator is defined in a file that was not given",
      slo({ indicator: "indicatorRef: nowhere" }),
      "SLO_REFERENCE",
    ],
  ])("%s is left out with a warning, for it is no mistake", (_what, text, code) => {
    const { objectives, findings } = readTexts(text);
    expect(objectives).toEqual([]);
    expect(findings.join("\n")).toContain(`warning ${code}`);
    expect(findings.join("\n")).not.toContain("error");
  });

  test("that refers to a name which is nearly there is wrong, and is told the one that was meant", () => {
    const { objectives, findings } = readTexts(slo({ indicator: "indicatorRef: cart-sil" }), sli(ratio));
    expect(objectives).toEqual([]);
    expect(findings.join()).toContain(
      'error SLO_REFERENCE: spec.indicatorRef: no SLI is called "cart-sil": did you mean cart-sli?',
    );
  });

  test.each([
    [
      "target and targetPercent",
      slo({ objectives: "{ target: 0.99, targetPercent: 99 }" }),
      "SLO_TARGET: spec.objectives[0].targetPercent",
    ],
    ["neither", slo({ objectives: "{ displayName: a }" }), "SLO_TARGET: spec.objectives[0]: needs"],
    ["a target of everything", slo({ objectives: "{ target: 1 }" }), "SLO_TARGET: spec.objectives[0].target"],
    [
      "good and bad together",
      sli(`{ ratioMetric: { counter: true, good: ${good}, bad: ${good}, total: ${total} } }`),
      "SLO_SLI: spec.ratioMetric.bad: has good and bad",
    ],
    ["no total", sli(`{ ratioMetric: { counter: true, good: ${good} } }`), "SLO_SLI: spec.ratioMetric: needs total"],
    [
      "a ratio and a threshold",
      sli(`{ thresholdMetric: ${good}, ratioMetric: { good: ${good}, total: ${total} } }`),
      "SLO_SLI: spec: has thresholdMetric and ratioMetric",
    ],
    ["two windows", slo({ window: "{ duration: 1d, isRolling: true }, { duration: 2d, isRolling: true }" }), "SLO_"],
    [
      "a month called 1m",
      slo({ window: "{ duration: 1m, isRolling: true }" }),
      "SLO_WINDOW: spec.timeWindow[0].duration: must be 1h to 366d; a month is 1M",
    ],
    [
      "a window that rolls by a calendar",
      slo({ window: "{ duration: 1M, isRolling: true, calendar: { startTime: 2024-01-01 00:00:00, timeZone: UTC } }" }),
      "SLO_WINDOW: spec.timeWindow[0].calendar",
    ],
    [
      "a zone that is none",
      slo({ window: "{ duration: 1M, calendar: { startTime: 2024-01-01 00:00:00, timeZone: Mars/Base } }" }),
      "SLO_WINDOW: spec.timeWindow",
    ],
    [
      "an indicator in place and one by reference",
      slo({ indicator: `indicatorRef: x\n  ${inline}` }),
      "SLO_REFERENCE: spec: has indicator and indicatorRef",
    ],
    [
      "slices without a length",
      slo({ method: "Timeslices", objectives: "{ target: 0.9, timeSliceTarget: 0.9 }" }),
      "SLO_SHAPE: spec.objectives[0]: needs timeSliceWindow",
    ],
    [
      "a way of budgeting that is none",
      slo({ method: "Sometimes" }),
      "SLO_SHAPE: spec.budgetingMethod: must be one of",
    ],
    [
      "a policy without a condition",
      object("AlertPolicy", "a", "{ conditions: [], notificationTargets: [{ targetRef: x }] }"),
      "SLO_SHAPE: spec.conditions",
    ],
    [
      "one name twice",
      `${sli(ratio)}---\n${sli(ratio)}`,
      'SLO_DUPLICATE: metadata.name: another SLI "cart-sli" stands in a.yaml:1',
    ],
    ["another kind", object("Wish", "a", "{}"), "SLO_SHAPE: kind: must be one of DataSource"],
    ["another version", slo().replace("openslo/v1", "openslo/v2"), "SLO_FORM: apiVersion"],
    ["no name", slo().replace("name: cart-slo,", ""), "SLO_SHAPE: metadata.name: is required"],
  ])("with %s is an error", (_what, text, words) => {
    const { objectives, findings } = readTexts(text);
    expect(findings.join("\n")).toContain(`error ${words}`);
    expect(objectives).toEqual([]);
  });

  test("whose condition alerts on a low burn rate is read as its text means it, and told", () => {
    const condition = object(
      "AlertCondition",
      "a",
      "{ severity: page, condition: { kind: burnrate, op: lte, threshold: 2, lookbackWindow: 1h } }",
    );
    expect(readTexts(condition).findings.join()).toContain(
      "warning SLO_ALERTING: spec.condition.op: op lte alerts while the budget is not burnt",
    );
  });
});

describe("OpenSLO v1alpha", () => {
  test("is read as Sloth reads it: ratios, named by index, with the usual tiers", () => {
    const { declared, findings } = readTexts(`apiVersion: openslo/v1alpha
kind: SLO
metadata: { name: slo }
spec:
  service: cart
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
      ratioMetrics:
        good: { source: prometheus, queryType: promql, query: 'sum(rate(a{namespace="shop"}[{{.window}}]))' }
        total: { source: prometheus, queryType: promql, query: 'sum(rate(b{namespace="shop"}[{{.window}}]))' }
  timeWindows: [{ count: 30, unit: Day }]
`);
    expect(findings).toEqual([]);
    expect(declared[0]?.objective).toMatchObject({ name: "slo-0", sli: { kind: "EVENTS", partIs: "good" } });
    expect(declared[0]?.objective.alerting.tiers).toHaveLength(4);
    expect(declared[0]?.names).toMatchObject({ service: "cart", slo: "slo-0", targetPercent: "99.9" });
  });
});

describe("OpenSLO as it is found in repositories", () => {
  test("a key with nothing behind it is a key that is not there", () => {
    const { objectives, findings } = readTexts(slo({ more: "  alertPolicies:\n  description:\n" }));
    expect(findings).toEqual([]);
    expect(objectives).toHaveLength(1);
  });

  test("objects of Kubernetes: their group, figures in quotes, the operator's Datasource, the namespace of the object", () => {
    const { objectives, findings } = readTexts(
      `${slo({ objectives: '{ target: "0.99" }' }).replace("openslo/v1", "openslo.com/v1").replace("name: cart-slo,", "name: cart-slo, namespace: market,")}
---
apiVersion: openslo.com/v1
kind: Datasource
metadata: { name: mimir }
spec: { type: mimir, connectionDetails: [{ url: http://mimir.example.com }] }
`,
    );
    expect(findings).toEqual([]);
    expect(objectives[0]).toMatchObject({ target: { ratio: 0.99 }, service: { namespace: "market", name: "cart" } });
  });

  test("without a time window it says which key is missing", () => {
    const text = slo().replace(/ {2}timeWindow: .*\n/, "");
    expect(readTexts(text).findings).toEqual([
      expect.stringMatching(/a\.yaml:\d+:\d+: error SLO_WINDOW: spec: needs timeWindow, such as/),
    ]);
  });

  test("two policies on one window: of one severity the stricter counts, of two severities both stay", () => {
    const policy = (severity: string, threshold: number) =>
      `{ metadata: { name: p }, spec: { notificationTargets: [{ targetRef: t }], conditions: [{ metadata: { name: c }, spec: { severity: ${severity}, condition: { kind: burnrate, op: gte, threshold: ${threshold}, lookbackWindow: 1h } } }] } }`;
    const policies = (...all: readonly string[]) => slo({ more: `  alertPolicies: [${all.join(", ")}]\n` });
    const same = readTexts(policies(policy("page", 14), policy("page", 6)));
    expect(same.objectives[0]?.alerting.tiers).toMatchObject([{ name: "1h/5m", severity: "PAGE", factor: 6 }]);
    expect(same.findings.join()).toContain("read as the one with the lower threshold");
    const both = readTexts(policies(policy("page", 14), policy("low", 2)));
    expect(both.objectives[0]?.alerting.tiers).toMatchObject([
      { name: "1h/5m", severity: "PAGE", factor: 14 },
      { name: "1h/5m ticket", severity: "TICKET", factor: 2 },
    ]);
    expect(both.findings.join()).not.toContain("error");
  });
});
