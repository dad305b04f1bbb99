import { describe, expect, test } from "@jest/globals";
import { readTexts } from "./read-texts.js";

const dayMs = 86_400_000;

const plain = (slo: string, head = "service: cart\nlabels: { team: shop }\n") =>
  `version: prometheus/v1\n${head}slos:\n${slo}`;
const events = `    sli:
      events:
        error_query: sum(rate(http_requests_total{namespace="shop",code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total{namespace="shop"}[{{.window}}]))
`;
const slo = `  - name: availability\n    objective: 99.9\n${events}`;

describe("a Sloth file", () => {
  test("gives an objective with counted queries over 30 days and the names its rules have", () => {
    const { declared, findings } = readTexts(
      plain(`${slo}    labels: { tier: "1" }
    alerting:
      name: CartErrors
      labels: { a: all }
      annotations: { summary: cart fails }
      page_alert: { labels: { severity: page } }
      ticket_alert: { disable: true }
`),
    );
    expect(findings).toEqual([]);
    expect(declared).toHaveLength(1);
    const [only] = declared;
    expect(only?.objective).toMatchObject({
      name: "availability",
      service: { cluster: null, namespace: "shop", name: "cart" },
      target: { ratio: 0.999, budgetRatio: 0.001 },
      period: { kind: "rolling", durationMs: 30 * dayMs },
      sli: { kind: "EVENTS", partIs: "failed", part: { kind: "counts" }, total: { kind: "counts" } },
      origin: { kind: "sloth", file: "a.yaml", line: 5 },
    });
    expect(only?.objective.alerting.tiers.map(({ name, severity }) => `${severity} ${name}`)).toEqual([
      "PAGE 1h/5m",
      "PAGE 6h/30m",
    ]);
    expect(only?.names).toEqual({
      service: "cart",
      slo: "availability",
      labels: { team: "shop", tier: "1" },
      alertName: "CartErrors",
      page: { labels: { a: "all", severity: "page" }, annotations: { summary: "cart fails" } },
      ticket: null,
      targetPercent: "99.9",
      spec: "prometheus/v1",
    });
  });

  test("may hold several services, one a document, and dollar signs of templates are left alone", () => {
    const described = plain(`${slo}    description: "costs $\{NOT_SET} {{ $labels.code }}"\n`);
    const other = plain(slo, "service: pay\n");
    const { objectives, findings } = readTexts(`---\n${described}---\n${other}---\n`);
    expect(findings).toEqual([]);
    expect(objectives.map(({ service, origin }) => [service.name, origin.line])).toEqual([
      ["cart", 6],
      ["pay", 17],
    ]);
    expect(objectives[0]?.description).toBe(`costs $\{NOT_SET} {{ $labels.code }}`);
  });

  test("as a Kubernetes object is the same, with the object's namespace", () => {
    const { objectives, findings } = readTexts(`apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: { name: x, namespace: east-shop, uid: "1", managedFields: [] }
spec:
  service: cart
  slos:
    - name: availability
      objective: 99.5
      sli: { raw: { errorRatioQuery: "sum(rate(errors_total[{{.window}}])) / sum(rate(requests_total[{{.window}}]))" } }
      alerting: { pageAlert: { disable: true } }
`);
    expect(findings).toEqual([]);
    expect(objectives[0]).toMatchObject({
      service: { cluster: null, namespace: "east-shop", name: "cart" },
      sli: { kind: "EVENTS", partIs: "failed" },
      alerting: { tiers: [{ severity: "TICKET" }, { severity: "TICKET" }] },
    });
  });

  test("without a namespace anywhere is read as one of default, and says how to name it", () => {
    const bare = slo.replaceAll('namespace="shop"', 'job="cart"');
    const { objectives, findings } = readTexts(plain(bare));
    expect(objectives[0]?.service).toEqual({ cluster: null, namespace: "default", name: "cart" });
    expect(findings).toEqual([
      "a.yaml:2:1: warning SLO_SERVICE: service: names no namespace and its queries have none: read as default/cart; a label or annotation meshlens.dev/service: NAMESPACE/cart says which",
    ]);
    const named = readTexts(plain(bare, "service: cart\nlabels: { meshlens.dev/service: east/shop/basket }\n"));
    expect(named.findings).toEqual([]);
    expect(named.objectives[0]?.service).toEqual({ cluster: "east", namespace: "shop", name: "basket" });
  });

  test.each([
    [
      "a plug-in is refused by name",
      slo.replace("sli:\n      events:", "plugins: { chain: [{ id: sloth.dev/noop/v1 }] }\n    sli:\n      events:"),
      'SLO_PLUGIN: slos[0].plugins: the plug-in "sloth.dev/noop/v1"',
    ],
    [
      "an SLI plug-in too",
      "  - name: a\n    objective: 99\n    sli: { plugin: { id: istio/v1 } }\n",
      'SLO_PLUGIN: slos[0].sli.plugin: the plug-in "istio/v1"',
    ],
    [
      "two indicators",
      slo.replace("      events:", "      raw: { error_ratio_query: x }\n      events:"),
      "SLO_SLI: slos[0].sli: has events and raw",
    ],
    ["none", "  - name: a\n    objective: 99\n    sli: {}\n", "SLO_SLI: slos[0].sli: needs one of events and raw"],
    ["a target of everything", slo.replace("99.9", "100"), "SLO_TARGET: slos[0].objective: must be percent"],
    ["a target below nothing", slo.replace("99.9", "-1"), "SLO_TARGET: slos[0].objective: must be percent"],
    [
      "a query without its window",
      slo.replaceAll("{{.window}}", "5m"),
      "SLO_QUERY: slos[0].sli.events.error_query: has no {{.window}}",
    ],
    [
      "a query that is none",
      slo.replace("sum(rate(http_requests_total{", "sum(rate({{"),
      "SLO_QUERY: slos[0].sli.events.error_query: is not PromQL",
    ],
    [
      "a missing query",
      slo.replace(/ {8}total_query.*\n/, ""),
      "SLO_SHAPE: slos[0].sli.events.total_query: is required",
    ],
    ["a missing name", slo.replace("name: availability", "description: x"), "SLO_SHAPE: slos[0].name: is required"],
    [
      "a name that is none",
      slo.replace("name: availability", 'name: "a b"'),
      "SLO_SHAPE: slos[0].name: must be letters",
    ],
    ["one name twice", `${slo}${slo}`, 'SLO_DUPLICATE: shop/cart has an objective "availability" already (a.yaml:5)'],
  ])("%s", (_what, text, words) => {
    const { objectives, findings } = readTexts(plain(text));
    expect(findings.join("\n")).toContain(`error ${words}`);
    expect(objectives).toEqual([]);
  });

  test("a key it does not know is told, with the one that was meant, and left aside", () => {
    const { objectives, findings } = readTexts(
      plain(slo.replace("objective: 99.9", "objective: 99.9\n    descripton: x")),
    );
    expect(objectives).toHaveLength(1);
    expect(findings).toEqual([
      'a.yaml:7:5: warning SLO_KEY: slos[0]: unknown key "descripton": it is left aside; did you mean description?',
    ]);
  });
});
