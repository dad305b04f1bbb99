import { describe, expect, test } from "@jest/globals";
import { readTexts } from "./read-texts.js";

const dayMs = 86_400_000;

const pyrra = (indicator: string, more = "") => `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: cart-errors, namespace: shop, labels: { pyrra.dev/team: web, other: x } }
spec:
  target: "99"
  window: 4w
  indicator: ${indicator}
${more}`;
const ratio =
  '{ ratio: { errors: { metric: \'http_total{job="cart",code=~"5.."}\' }, total: { metric: \'http_total{job="cart"}\' } } }';

describe("a Pyrra object", () => {
  test("with a ratio counts its selectors, over Pyrra's own ladder of windows", () => {
    const { declared, findings } = readTexts(pyrra(ratio));
    expect(findings).toEqual([]);
    expect(declared[0]?.objective).toMatchObject({
      name: "cart-errors",
      service: { namespace: "shop", name: "cart-errors" },
      target: { ratio: 0.99 },
      period: { kind: "rolling", durationMs: 28 * dayMs },
      sli: { kind: "EVENTS", partIs: "failed", part: { kind: "counts" } },
      alerting: { hold: { PAGE: { forMs: 120_000 }, TICKET: { forMs: 3_600_000 } } },
    });
    expect(
      declared[0]?.objective.alerting.tiers.map(({ name, severity, factor }) => `${severity} ${name} ${factor}`),
    ).toEqual(["PAGE 1h/5m 14", "PAGE 6h/30m 7", "TICKET 1d/2h 2", "TICKET 4d/6h 1"]);
    expect(declared[0]?.names.labels).toEqual({ team: "web" });
  });

  test("of another window has the ladder scaled to it, to the minute", () => {
    const { objectives } = readTexts(pyrra(ratio).replace("4w", "1w"));
    expect(objectives[0]?.alerting.tiers.map(({ name }) => name)).toEqual(["15m/1m", "1h30m/8m", "6h/30m", "1d/1h30m"]);
  });

  test("with a latency counts the bucket as good", () => {
    const latency = "{ latency: { success: { metric: 'took_bucket{le=\"1\"}' }, total: { metric: took_count } } }";
    const { objectives } = readTexts(pyrra(latency));
    expect(objectives[0]?.sli).toMatchObject({
      kind: "EVENTS",
      partIs: "good",
      part: {
        terms: [{ selector: { metric: "took_bucket", matchers: [{ label: "le", op: "eq", value: "1" }] } }],
      },
    });
  });

  test("with a native histogram asks Prometheus for the fraction below the threshold", () => {
    const { objectives, findings } = readTexts(
      pyrra("{ latencyNative: { total: { metric: took_seconds }, latency: 250ms } }"),
    );
    expect(objectives[0]?.sli).toMatchObject({
      kind: "RATIO",
      ratioIs: "good",
      ratio: { text: "histogram_fraction(0, 0.25, sum(rate(took_seconds[{{.window}}])))" },
    });
    expect(findings.join()).toContain("SLO_QUERY_NOT_COUNTED");
  });

  test("with a gauge has every sample as an event", () => {
    const { objectives } = readTexts(pyrra("{ bool_gauge: { metric: 'up{job=\"cart\"}' } }"));
    expect(objectives[0]?.sli).toEqual({
      kind: "GAUGE",
      gauge: { metric: "up", matchers: [{ label: "job", op: "eq", value: "cart" }] },
    });
  });

  test("switched off raises nothing, and its budget stays", () => {
    expect(readTexts(pyrra(ratio, "  alerting: { disabled: true }\n")).objectives[0]?.alerting.tiers).toEqual([]);
    expect(readTexts(pyrra(ratio, "  alerting: { burnrates: false }\n")).objectives[0]?.alerting.tiers).toEqual([]);
  });

  test("that groups is one objective over all groups, and says so", () => {
    const grouped = pyrra(ratio.replace("{ ratio: {", "{ ratio: { grouping: [route],"));
    const { objectives, findings } = readTexts(grouped);
    expect(objectives).toHaveLength(1);
    expect(findings.join()).toContain("warning SLO_GROUPING: spec.indicator.ratio.grouping: groups by route");
  });

  test.each([
    ["a target of everything", pyrra(ratio).replace('"99"', '"100"'), "SLO_TARGET: spec.target"],
    ["a window that is none", pyrra(ratio).replace("4w", "4x"), "SLO_WINDOW: spec.window"],
    ["no indicator", pyrra("{}"), "SLO_SLI: spec.indicator: needs one of"],
    [
      "two indicators",
      pyrra(ratio.replace(/ }$/, ", bool_gauge: { metric: up } }")),
      "SLO_SLI: spec.indicator: has ratio and bool_gauge",
    ],
    [
      "a function where a selector belongs",
      pyrra(ratio.replace("'http_total{job=\"cart\"}'", "sum(x)")),
      "SLO_QUERY: spec.indicator.ratio.total.metric",
    ],
    ["another kind", pyrra(ratio).replace("ServiceLevelObjective", "Other"), "SLO_FORM: kind"],
  ])("%s is an error", (_what, text, words) => {
    const { objectives, findings } = readTexts(text);
    expect(findings.join("\n")).toContain(`error ${words}`);
    expect(objectives).toEqual([]);
  });
});
