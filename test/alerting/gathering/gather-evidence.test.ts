import { afterEach, describe, expect, test } from "@jest/globals";
import { gatherEvidence } from "../../../src/alerting/gathering/gather-evidence.js";
import { readEvidence } from "../../../src/alerting/read-evidence.js";
import { createMesh } from "../../../src/mesh/create-mesh.js";
import { noClusterNames } from "../../../src/mesh/identity/cluster-name.js";
import { noLinkTargets } from "../../../src/mesh/links/link-targets.js";
import { openStore } from "../../../src/store/open-store.js";
import type { Store } from "../../../src/store/store.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import type { LogSource } from "../../../src/telemetry/log-source.js";
import type { TraceSource } from "../../../src/telemetry/trace-source.js";
import type { WorkloadSource } from "../../../src/telemetry/workload-source.js";
import { holding } from "../../mesh/evidence/make-reader.js";
import { makeSnapshot } from "../../support/incident-snapshot.js";
import { listedLogSource } from "../../support/listed-log-source.js";
import { logRecord } from "../../support/log-records.js";
import { retries, sidecarSpan, t0, trace } from "../../support/spans.js";
import { cartObjectives } from "../evaluated-mesh.js";

let store: Store | null = null;
afterEach(async () => {
  await store?.close();
  store = null;
});

const never = () => new Promise<never>(() => {});

async function gather(
  traces: readonly TraceSource[],
  logs: readonly LogSource[],
  { workloads = [], of = "ratings" }: { readonly workloads?: readonly WorkloadSource[]; readonly of?: string } = {},
) {
  const mesh = createMesh({
    metricSources: [],
    traceSources: traces,
    logSources: logs,
    workloadSources: workloads,
    clock: systemClock,
    clusters: noClusterNames,
    links: noLinkTargets,
    dialect: null,
  });
  store = await openStore({ url: "file::memory:" });
  const snapshot = makeSnapshot({}, { service: { cluster: "default", namespace: "bookinfo", name: of } });
  const deps = { mesh, counts: store.sliCounts, clock: systemClock, timeoutMs: 150 };
  return gatherEvidence(snapshot, cartObjectives[0] ?? null, t0 + 60_000, deps);
}

/** Kubernetes that knows of one service only: a route was changed, then a pod was in trouble. */
function troubled(name: string): WorkloadSource {
  const services = [{ namespace: "bookinfo", name }];
  const base = { kind: "VirtualService", namespace: "bookinfo", name, detail: null, services };
  const change = { ...base, id: "c", atMs: t0, nature: "CHANGED", summary: "fault: 7 s delay" } as const;
  const event = { ...base, id: "e", atMs: t0 + 9_000, nature: "BEFELL", summary: "BackOff" } as const;
  const health = { state: "DEGRADED", reasons: ["container a is in CrashLoopBackOff"], workloads: [] } as const;
  return {
    name: "kube",
    kind: "kubernetes",
    cluster: null,
    isShard: false,
    probe: async () => ({ version: null, capabilities: [], found: null }),
    services: async () => ({ value: services, warnings: [] }),
    health: async (names) => ({ value: names.map((one) => (one.name === name ? health : null)), warnings: [] }),
    changes: async () => ({ value: [event, change], warnings: [] }),
    close: async () => undefined,
  };
}

describe("gathering evidence", () => {
  test("looks for changes and health where failing traces end, however far below; what was changed comes first", async () => {
    const workloads = [troubled("ratings")];
    const failed = [
      sidecarSpan("reviews", "SERVER", "1", null, { ms: 20, status: "ERROR" }),
      sidecarSpan("ratings", "SERVER", "2", "1", { at: 2, ms: 10, status: "ERROR" }),
    ];
    const evidence = await gather([holding("jaeger", [trace("a", failed)])], [], { workloads, of: "reviews" });
    expect(evidence.traces?.[0]?.faultAt).toMatchObject({ name: "ratings" });
    expect(evidence.changes?.map(({ summary }) => summary)).toEqual(["fault: 7 s delay", "BackOff"]);
    expect(evidence.health).toEqual([
      {
        service: { cluster: "default", namespace: "bookinfo", name: "ratings" },
        state: "DEGRADED",
        reasons: ["container a is in CrashLoopBackOff"],
      },
    ]);
    expect(readEvidence(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence);
  });

  test("a trace source that hangs does not keep its own changes and health away", async () => {
    const traces = { ...holding("jaeger", []), services: never, search: never };
    const evidence = await gather([traces], [], { workloads: [troubled("ratings")] });
    expect(evidence.changes).toHaveLength(2);
    expect(evidence.health).toMatchObject([{ state: "DEGRADED" }]);
    expect(evidence.missing).toContainEqual(expect.objectContaining({ part: "TRACES", state: "TIMEOUT" }));
  });

  test("traces and log lines of the window, redacted; what no source holds is missing by name", async () => {
    const line = (at: number) =>
      logRecord({
        at,
        level: "ERROR",
        pod: "ratings-v1-1-a",
        serviceNames: ["ratings"],
        message: `no rating for user${at}@example.com password=hunter2`,
      });
    const evidence = await gather(
      [holding("jaeger", [trace("a", retries())])],
      [listedLogSource([line(10), line(20)])],
    );
    expect(evidence.traces).toMatchObject([{ errorCount: 3, summary: expect.stringContaining("after 3 tries") }]);
    expect(evidence.logPatterns).toMatchObject([{ count: 2, baselineCount: 0 }]);
    expect(JSON.stringify(evidence)).not.toMatch(/hunter2|example\.com/);
    expect(evidence.changes).toBeNull();
    expect(evidence.missing.map(({ part, name, state }) => [part, name, state])).toEqual([
      ["CHANGES", "kubernetes", "NOT_CONFIGURED"],
      ["HEALTH", "kubernetes", "NOT_CONFIGURED"],
    ]);
    expect(evidence.window).toEqual({ fromMs: t0 + 60_000 - 900_000, toMs: t0 + 60_000 });
    expect(readEvidence(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence);
  });

  test("a source that hangs costs its own part, which says so; the others are whole", async () => {
    const hanging = { ...listedLogSource([], { name: "hanging" }), ask: never };
    const evidence = await gather([holding("jaeger", [trace("a", retries())])], [hanging]);
    expect(evidence.isGathered).toBe(true);
    expect(evidence.traces).toHaveLength(1);
    expect(evidence.logPatterns).toBeNull();
    expect(evidence.missing).toContainEqual(
      expect.objectContaining({ part: "LOGS", name: "hanging", state: "TIMEOUT" }),
    );
  });

  test("with every source hanging it is there all the same, with nothing but what it fired on", async () => {
    const traces = { ...holding("jaeger", []), services: never, search: never };
    const logs = { ...listedLogSource([], { name: "logs" }), ask: never };
    const evidence = await gather([traces], [logs]);
    expect([evidence.traces, evidence.logPatterns, evidence.changes]).toEqual([null, null, null]);
    expect(evidence.burnConditions).toHaveLength(2);
    expect(evidence.missing.filter(({ state }) => state === "TIMEOUT").map(({ part }) => part)).toEqual([
      "TRACES",
      "LOGS",
    ]);
  });
});
