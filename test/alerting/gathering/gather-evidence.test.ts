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
import { holding } from "../../mesh/evidence/make-reader.js";
import { makeSnapshot } from "../../support/incident-snapshot.js";
import { listedLogSource } from "../../support/listed-log-source.js";
import { logRecord } from "../../support/log-records.js";
import { retries, t0, trace } from "../../support/spans.js";
import { cartObjectives } from "../evaluated-mesh.js";

let store: Store | null = null;
afterEach(async () => {
  await store?.close();
  store = null;
});

const never = () => new Promise<never>(() => {});

async function gather(traces: readonly TraceSource[], logs: readonly LogSource[]) {
  const mesh = createMesh({
    metricSources: [],
    traceSources: traces,
    logSources: logs,
    workloadSources: [],
    clock: systemClock,
    clusters: noClusterNames,
    links: noLinkTargets,
    dialect: null,
  });
  store = await openStore({ url: "file::memory:" });
  const snapshot = makeSnapshot({}, { service: { cluster: "default", namespace: "bookinfo", name: "ratings" } });
  const deps = { mesh, counts: store.sliCounts, clock: systemClock, timeoutMs: 150 };
  return gatherEvidence(snapshot, cartObjectives[0] ?? null, t0 + 60_000, deps);
}

describe("gathering evidence", () => {
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
      ["SUSPECTS", "diagnosis", "NOT_CONFIGURED"],
      ["CHANGES", "kubernetes", "NOT_CONFIGURED"],
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
