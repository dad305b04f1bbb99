import { describe, expect, test } from "@jest/globals";
import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";
import { ruleText } from "../../../src/server/rule-text.js";
import { countedRules } from "../../../src/slo/rules/counted-rules.js";
import type { RuleMesh } from "../../../src/slo/rules/mesh-counts.js";
import { ruleFile, ruleObject } from "../../../src/slo/rules/rule-group.js";
import { readTexts } from "../readers/read-texts.js";

const istio: RuleMesh = { dialect: "istio", reporter: "source" };

function rulesOf(entry: string, mesh = istio) {
  const [declared] = readTexts(`apiVersion: meshlens/v1\nnamespace: shop\nobjectives:\n  - ${entry}\n`).declared;
  if (declared === undefined) throw new Error("the entry is no objective");
  return countedRules(declared, { mesh, stepMs: 30_000, ...ruleText(15_000) });
}

const allRules = (entry: string, mesh = istio) => (rulesOf(entry, mesh) ?? []).flatMap(({ rules }) => rules);

describe("rules that count", () => {
  test.each([
    ["{ service: cart, availability: 99.9% }", istio],
    ["{ service: cart, latency: { target: 99%, thresholdMs: 500 }, caller: shop/web }", istio],
    ["{ service: cart, availability: 99.9% }", { dialect: "linkerd", reporter: "source" }],
    [
      "{ service: cart, events: { target: 99%, good: 'sum(rate(a[5m]))', total: 'sum(rate(b[5m])) + sum(rate(c[5m]))' } }",
      istio,
    ],
    ["{ service: cart, ratio: { target: 99%, good: 'job:good:ratio # share' } }", istio],
    ["{ service: cart, gauge: { target: 99%, selector: 'up{job=\"a\"}' } }", istio],
  ] as const)("%s: every expression is PromQL", (entry, mesh) => {
    const rules = allRules(entry, mesh);
    expect(rules.length).toBeGreaterThan(10);
    for (const { expr } of rules) {
      const faults: number[] = [];
      parser.parse(expr).iterate({
        enter: ({ type, from }) => {
          if (type.isError) faults.push(from);
        },
      });
      expect({ expr, faults }).toEqual({ expr, faults: [] });
    }
  });

  test("record counts of a step, make every window a sum of them, and page after the objective's own times", () => {
    const rules = allRules("{ service: cart, availability: 99.9% }");
    const records = rules.map((rule) => ("record" in rule ? rule.record : rule.alert));
    expect(records.slice(0, 9)).toEqual([
      "slo:sli_total:count30s",
      "slo:sli_failed:count30s",
      ...["5m", "30m", "1h", "2h", "6h", "1d", "3d"].map((window) => `slo:sli_error:ratio_rate${window}`),
    ]);
    expect(records).toContain("ShopCartAvailabilityBudgetBurnNoData");
    const page = rules.find((rule) => "alert" in rule && rule.labels["sloth_severity"] === "page");
    expect(page).toMatchObject({ alert: "ShopCartAvailabilityBudgetBurn", for: "1m", keep_firing_for: "10m" });
    expect(page?.expr).toContain(">= 0.0144)");
    expect(page?.expr).toContain("[59m59s999ms]) >= 5");
  });

  test("count as failed what the objective does", () => {
    const failed = (entry: string) =>
      allRules(entry).find((rule) => "record" in rule && rule.record.startsWith("slo:sli_failed"))?.expr ?? "";
    expect(failed("{ service: cart, availability: 99.9% }")).toContain('response_code=~"0|5.."');
    const changed = failed(
      "{ service: cart, availability: { target: 99%, failedStatus: { add: [403, 'grpc:7'], remove: [503] } } }",
    );
    expect(changed).toContain('response_code=~"0|5..|403",response_code!~"503"');
    expect(changed).toContain('grpc_response_status=~"2|4|8|12|13|14|15|7"');
    expect(failed("{ service: cart, availability: { target: 99%, callerGaveUp: false } }")).not.toContain(
      "source_workload!~",
    );
    const slow = failed("{ service: cart, latency: { target: 99%, thresholdMs: 500 } }");
    expect(slow).toContain(
      'istio_request_duration_milliseconds_bucket{reporter="source",destination_service_namespace="shop",destination_service_name="cart"',
    );
    expect(slow).toContain('le=~"500|500\\\\.0"');
    expect(slow).toContain("-1 * (");
  });

  test("none are written of calls to a host outside the mesh, nor of connections: they would count the service's own calls", () => {
    expect(rulesOf("{ service: cart, availability: 99%, host: api.example.com }")).toBeNull();
    expect(rulesOf("{ service: cart, connections: 99% }")).toBeNull();
  });

  test("a scope that the mesh's metrics do not tell apart has no rules", () => {
    expect(
      rulesOf("{ service: cart, availability: 99%, version: v1 }", { dialect: "linkerd", reporter: "source" }),
    ).toBeNull();
  });

  test("are a file of groups, or an object of the operator's", () => {
    const groups = rulesOf("{ service: cart, availability: 99.9% }") ?? [];
    expect(parse(ruleFile(groups))).toEqual({ groups });
    expect(parse(ruleObject(groups, "slos", "monitoring"))).toMatchObject({
      kind: "PrometheusRule",
      metadata: { name: "slos", namespace: "monitoring" },
      spec: { groups },
    });
  });
});
