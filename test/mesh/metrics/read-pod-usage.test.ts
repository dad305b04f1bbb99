import { describe, expect, test } from "@jest/globals";
import { diagnose } from "../../../src/diagnosis/diagnose.js";
import type { PodFacts } from "../../../src/diagnosis/incident-evidence.js";
import { type MadeCall, madeEvidence, madeWindow, refOf } from "../../support/made-traces.js";
import { createTestMetrics, memorySource, readerOf, type TestMetrics, testWindow } from "../../support/mesh-metrics.js";

const reviews = { cluster: "default", namespace: "bookinfo", name: "reviews" };
const pod = "reviews-6f6cfc45b-h5m2n";

/** Ten minutes: half a core, held back in 80 % of the periods, 190 of 200 MB. */
function addPod(metrics: TestMetrics, labels: { readonly namespace: string; readonly pod: string }): void {
  const container = { ...labels, container: "app" };
  const latest = (name: string, of: Readonly<Record<string, string>>, value: number) =>
    metrics.store.add({ ...of, __name__: name }, testWindow.toMs - 1000, value);
  metrics.counted("container_cpu_usage_seconds_total", container, 300);
  metrics.counted("container_cpu_usage_seconds_total", { ...labels, container: "" }, 300);
  metrics.counted("container_cpu_cfs_throttled_periods_total", container, 4800);
  metrics.counted("container_cpu_cfs_periods_total", container, 6000);
  metrics.counted("container_cpu_usage_seconds_total", { ...labels, container: "istio-proxy" }, 60);
  metrics.counted("container_cpu_cfs_throttled_periods_total", { ...labels, container: "istio-proxy" }, 0);
  metrics.counted("container_cpu_cfs_periods_total", { ...labels, container: "istio-proxy" }, 6000);
  latest("container_memory_working_set_bytes", container, 190e6);
  latest("container_memory_working_set_bytes", { ...labels, container: "istio-proxy" }, 10e6);
  latest("kube_pod_container_resource_limits", { ...container, resource: "memory", unit: "byte" }, 200e6);
  latest("kube_pod_container_resource_limits", { ...container, resource: "cpu", unit: "core" }, 0.5);
}

describe("CPU and memory of pods", () => {
  test("are each pod's, of the container that suffers most, by one call", async () => {
    const metrics = createTestMetrics();
    addPod(metrics, { namespace: "bookinfo", pod });
    addPod(metrics, { namespace: "bookinfo", pod: "reviews-other-6f6cfc45b-h5m2n" });
    addPod(metrics, { namespace: "shop", pod });
    const { reader, calls } = readerOf([memorySource(metrics)]);
    const { value } = await reader.podUsage([reviews, { ...reviews, name: "ratings" }], testWindow);
    expect(value?.map(({ service, pod: name }) => [service.name, name])).toEqual([["reviews", pod]]);
    const [usage] = value ?? [];
    expect(usage?.cpuCores).toBeCloseTo(0.6, 2);
    expect(usage?.cpuThrottledRatio).toBeCloseTo(0.8, 2);
    expect(usage).toMatchObject({ memoryBytes: 200e6, memoryLimitRatio: 0.95 });
    expect(calls.map(({ operation }) => operation)).toEqual(["instant"]);
  });

  test("are nothing where no series tells, and of a hidden namespace not asked for", async () => {
    const { reader, calls } = readerOf([memorySource(createTestMetrics())]);
    expect((await reader.podUsage([reviews], testWindow)).value).toEqual([]);
    expect(calls).toHaveLength(1);
    const hidden = readerOf([memorySource(createTestMetrics())], { visibility: { namespaces: new Set(["shop"]) } });
    expect((await hidden.reader.podUsage([reviews], testWindow)).value).toEqual([]);
    expect(hidden.calls).toEqual([]);
  });
});

describe("CPU and memory in a diagnosis", () => {
  const request = (selfMs: number): MadeCall => ({
    service: "gateway",
    operation: "/",
    calls: [{ service: "stock", operation: "GET /stock", selfMs }],
  });
  const facts = (given: Partial<PodFacts>): PodFacts => ({
    service: refOf("stock"),
    pod: "stock-6f6cfc45b-h5m2n",
    cpuCores: 0.5,
    cpuThrottledRatio: 0,
    memoryBytes: 1e8,
    memoryLimitRatio: 0.5,
    restarts: null,
    ...given,
  });
  const reasonsOf = (now: Partial<PodFacts>, before: Partial<PodFacts> | null) => {
    const incident = { ...madeWindow(60, () => request(900), 600_000), workloads: [facts(now)] };
    const calm = { ...madeWindow(60, () => request(5), 0), workloads: before && [facts(before)] };
    const [suspect] = diagnose(madeEvidence(incident, [calm])).suspects;
    return (suspect?.reasons ?? []).flatMap(({ kind, sentence }) =>
      kind === "CPU" || kind === "MEMORY" ? sentence : [],
    );
  };

  test("are reasons where they clearly changed, with what they were before", () => {
    expect(reasonsOf({ cpuThrottledRatio: 0.8, memoryLimitRatio: 0.96 }, {})).toEqual([
      "CPU of pod stock-6f6cfc45b-h5m2n is at its limit: held back in 80 % of periods, 0 % before.",
      "Memory of pod stock-6f6cfc45b-h5m2n is at 96 % of its limit, 50 % before.",
    ]);
    expect(reasonsOf({ cpuThrottledRatio: 0.8 }, null)).toEqual([
      "CPU of pod stock-6f6cfc45b-h5m2n is at its limit: held back in 80 % of periods.",
    ]);
  });

  test("are none where they were so before", () => {
    const same = { cpuThrottledRatio: 0.8, memoryLimitRatio: 0.96 };
    expect(reasonsOf(same, same)).toEqual([]);
    expect(reasonsOf({ cpuThrottledRatio: 0.1, memoryLimitRatio: 0.8 }, {})).toEqual([]);
  });
});
