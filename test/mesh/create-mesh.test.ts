import { describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../src/errors.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { addIstioPair, createTestMetrics, memorySource, metricsMesh } from "../support/mesh-metrics.js";

function context() {
  return { visibility: seeAll, signal: new AbortController().signal, deadlineMs: Date.now() + 20_000 };
}

describe("reports of sources", () => {
  test("every source is probed once and its report kept for 15 s, over readers", async () => {
    const clock = { ms: 1_000, nowMs: () => clock.ms };
    let probes = 0;
    const source: MetricSource = {
      ...memorySource(createTestMetrics(), "a", "east"),
      probe: async () => ({ version: `v${++probes}`, capabilities: [], found: null }),
    };
    const refuse = () => Promise.reject(new MeshlensError("MESHLENS_ERR_SOURCE_UNAUTHORIZED", "b wants a token."));
    const mesh = metricsMesh([source, { ...memorySource(createTestMetrics(), "b", "east"), probe: refuse }], { clock });
    const report = async () => mesh.reader({ ...context(), deadlineMs: clock.ms + 5_000 }).sourceReports();
    expect(await report()).toMatchObject([
      { name: "a", cluster: "east", state: "OK", probe: { version: "v1" }, checkedAtMs: 1_000 },
      { name: "b", state: "UNAUTHORIZED", message: "b wants a token.", probe: null },
    ]);
    clock.ms += 15_000;
    await report();
    expect(probes).toBe(1);
    clock.ms += 1;
    await report();
    expect(probes).toBe(2);
  });
});

test("the mesh names its sources whether or not they answer", () => {
  expect(metricsMesh([memorySource(createTestMetrics(), "a")]).sources).toEqual([{ name: "a", kind: "prometheus" }]);
});

test("a name that two clusters have must say which", async () => {
  const source = (cluster: string) => {
    const metrics = createTestMetrics();
    addIstioPair(metrics, { source: "a", service: "b", workload: "b", count: 1 });
    return { ...memorySource(metrics, cluster, cluster), name: cluster };
  };
  const renamed = (from: MetricSource, cluster: string): MetricSource => ({
    ...from,
    query: async (request, options) => {
      const result = await from.query(request, options);
      const rows = result.rows.map((row) => ({
        ...row,
        labels: Object.fromEntries(
          Object.entries(row.labels).map(([label, value]) => [label, label.endsWith("_cluster") ? cluster : value]),
        ),
      }));
      return { ...result, rows };
    },
  });
  const mesh = metricsMesh([renamed(source("east"), "east"), renamed(source("west"), "west")]);
  const window = { fromMs: 1_700_000_100_000, toMs: 1_700_000_700_000 };
  const find = (cluster: string | null) =>
    mesh.reader(context()).findService({ cluster, namespace: "bookinfo", name: "b" }, window);
  await expect(find(null)).rejects.toMatchObject({
    code: "MESHLENS_ERR_QUERY_INPUT",
    message: expect.stringContaining("east, west"),
  });
  expect((await find("west"))?.ref.cluster).toBe("west");
});
