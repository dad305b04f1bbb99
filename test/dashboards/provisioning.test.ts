import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { createSelfMetrics } from "../../src/server/self-metrics.js";
import { repositoryRoot } from "../support/repository-root.js";
import { promqlProblems } from "./support/promql-types.js";

/** As Grafana reads a file: environment first, `$$` is a dollar. */
function provisioned<T>(file: string, environment: Readonly<Record<string, string>> = {}): T {
  const text = readFileSync(join(repositoryRoot, "deploy/grafana/provisioning", file), "utf8");
  const lines = text.split("\n").filter((line) => !line.trim().startsWith("#"));
  const replaced = lines.join("\n").replace(/\$\$|\$([A-Z_]+)/g, (whole, name?: string) => {
    if (whole === "$$") return "$";
    const value = environment[name ?? ""];
    if (value === undefined) throw new Error(`${file} reads ${name}, which its header does not name`);
    return value;
  });
  return parse(replaced) as T;
}

describe("the provisioning files", () => {
  test("name each datasource once, all addresses and the token from the environment", () => {
    const url = (name: string) => `http://${name}:1`;
    const { datasources } = provisioned<{ datasources: Record<string, never>[] }>("datasources/meshlens.yaml", {
      MESHLENS_URL: url("meshlens"),
      MESHLENS_TOKEN: "secret",
      PROMETHEUS_URL: url("prometheus"),
      JAEGER_URL: url("jaeger"),
      ELASTICSEARCH_URL: url("elasticsearch"),
    });
    expect(datasources.map(({ type, url: at }) => [type, at])).toEqual([
      ["prometheus", url("prometheus")],
      ["yesoreyeram-infinity-datasource", url("meshlens")],
      ["jaeger", url("jaeger")],
      ["elasticsearch", url("elasticsearch")],
    ]);
    expect(datasources[1]).toMatchObject({
      name: "Meshlens",
      jsonData: {
        auth_method: "bearerToken",
        allowedHosts: [url("meshlens")],
        customHealthCheckUrl: `${url("meshlens")}/readyz`,
      },
      secureJsonData: { bearerToken: "secret" },
    });
    expect(datasources[2]).toMatchObject({ jsonData: { tracesToLogsV2: { query: 'trace_id:"${__span.traceId}"' } } });
  });

  test("alert rules ask PromQL of metrics that Meshlens has", async () => {
    type Rule = { title: string; condition: string; data: { refId: string; model: { expr?: string } }[] };
    const { groups } = provisioned<{ groups: { rules: Rule[] }[] }>("alerting/meshlens.yaml");
    const served = await createSelfMetrics(new Map()).print();
    for (const { condition, data } of groups.flatMap(({ rules }) => rules)) {
      expect(data.map(({ refId }) => refId)).toContain(condition);
      const expr = data[0]?.model.expr ?? "";
      expect(promqlProblems(expr)).toEqual([]);
      for (const [name] of expr.matchAll(/meshlens_\w+/g)) expect(served).toContain(`# TYPE ${name} gauge`);
    }
  });

  test("dashboards come from the folder the command is told to write to", () => {
    const { providers } = provisioned<{ providers: Record<string, unknown>[] }>("dashboards/meshlens.yaml");
    expect(providers).toMatchObject([{ type: "file", options: { path: "/var/lib/grafana/dashboards/meshlens" } }]);
  });
});
