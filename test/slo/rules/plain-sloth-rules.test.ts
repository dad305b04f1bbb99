import { describe, expect, test } from "@jest/globals";
import { plainSlothRules } from "../../../src/slo/rules/plain-sloth-rules.js";
import { readTexts } from "../readers/read-texts.js";

const file = `version: prometheus/v1
service: cart
labels: { team: shop, "meshlens.dev/service": shop/cart }
slos:
  - name: availability
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_total[{{.window}}]))
    alerting:
      name: CartErrors
      annotations: { summary: cart fails }
      page_alert: { labels: { severity: page } }
      ticket_alert: { disable: true }
`;

function rulesOf(text: string) {
  const [declared] = readTexts(text).declared;
  return declared === undefined ? null : plainSlothRules(declared);
}

const close = (text: string) => text.replaceAll(/\s+/g, " ").trim();
const identity = 'sloth_id="cart-availability", sloth_service="cart", sloth_slo="availability"';

describe("plain Sloth rules", () => {
  test("are the three groups, records and labels that Sloth writes", () => {
    const groups = rulesOf(file) ?? [];
    expect(groups.map(({ name, rules }) => [name, rules.length])).toEqual([
      ["sloth-slo-sli-recordings-cart-availability", 8],
      ["sloth-slo-meta-recordings-cart-availability", 7],
      ["sloth-slo-alerts-cart-availability", 1],
    ]);
    const [ratios, meta] = groups;
    expect(ratios?.rules.map((rule) => ("record" in rule ? rule.record : ""))).toEqual(
      ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"].map((window) => `slo:sli_error:ratio_rate${window}`),
    );
    expect(ratios?.rules[0]).toMatchObject({
      labels: {
        sloth_id: "cart-availability",
        sloth_service: "cart",
        sloth_slo: "availability",
        sloth_window: "5m",
        team: "shop",
      },
    });
    expect(close(ratios?.rules[0]?.expr ?? "")).toBe(
      '(sum(rate(http_total{code=~"5.."}[5m]))) / (sum(rate(http_total[5m])))',
    );
    expect(close(ratios?.rules[7]?.expr ?? "")).toBe(
      `sum_over_time(slo:sli_error:ratio_rate5m{${identity}}[30d]) / ignoring (sloth_window) count_over_time(slo:sli_error:ratio_rate5m{${identity}}[30d])`,
    );
    expect(
      meta?.rules.map((rule) => ("record" in rule ? `${rule.record} ${close(rule.expr)}` : "")).slice(0, 3),
    ).toEqual([
      "slo:objective:ratio vector(0.9990000000000001)",
      "slo:error_budget:ratio vector(1-0.9990000000000001)",
      "slo:time_period:days vector(30)",
    ]);
  });

  test("page as Sloth pages, with the noise of its arithmetic, and leave out what is disabled", () => {
    const [, , alerts] = rulesOf(file) ?? [];
    const [page] = alerts?.rules ?? [];
    expect(page).toMatchObject({
      alert: "CartErrors",
      labels: { severity: "page", sloth_severity: "page" },
      annotations: { summary: "cart fails" },
    });
    expect(page).not.toHaveProperty("for");
    expect(close(page?.expr ?? "")).toContain(
      `max(slo:sli_error:ratio_rate1h{${identity}} > (14.4 * 0.0009999999999999432)) without (sloth_window)`,
    );
  });

  test("of good events are 1 less their share", () => {
    const openslo = `apiVersion: openslo/v1alpha
kind: SLO
metadata: { name: slo }
spec:
  service: cart
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
      ratioMetrics:
        good: { source: prometheus, queryType: promql, query: 'sum(rate(good[{{.window}}]))' }
        total: { source: prometheus, queryType: promql, query: 'sum(rate(all[{{.window}}]))' }
  timeWindows: [{ count: 30, unit: Day }]
`;
    const groups = rulesOf(openslo) ?? [];
    expect(close(groups[0]?.rules[0]?.expr ?? "")).toBe("( 1 - (( sum(rate(good[5m])) ) / ( sum(rate(all[5m])) )) )");
    // Sloth writes no alerts for OpenSLO.
    expect(groups.map(({ name }) => name)).toEqual([
      "sloth-slo-sli-recordings-cart-slo-0",
      "sloth-slo-meta-recordings-cart-slo-0",
    ]);
  });

  test("of the mesh's own calls there are none: Sloth has no queries for them", () => {
    expect(rulesOf("apiVersion: meshlens/v1\nobjectives: [{ service: shop/cart, availability: 99% }]\n")).toBeNull();
  });
});

test("a comment behind a query swallows nothing of the rule", () => {
  const text = `version: prometheus/v1
service: cart
labels: { meshlens.dev/service: shop/cart }
slos:
  - name: availability
    objective: 99.9
    sli:
      events:
        error_query: 'sum(rate(http_total{code=~"5.."}[{{.window}}])) # failed'
        total_query: "sum(rate(http_total[{{.window}}])) # all"
    alerting: { page_alert: {}, ticket_alert: {} }
`;
  const [declared] = readTexts(text).declared;
  const groups = declared === undefined ? null : plainSlothRules(declared);
  const exprs = (groups ?? []).flatMap(({ rules }) => rules.map(({ expr }) => expr));
  expect(exprs[0]).toBe('(sum(rate(http_total{code=~"5.."}[5m])))\n/\n(sum(rate(http_total[5m])))\n');
});
