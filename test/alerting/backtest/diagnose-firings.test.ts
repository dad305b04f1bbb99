import { describe, expect, test } from "@jest/globals";
import {
  diagnoseFirings,
  type Firing,
  firingsOf,
  mostDiagnosed,
} from "../../../src/alerting/backtest/diagnose-firings.js";
import { runBacktest } from "../../../src/alerting/backtest/run-backtest.js";
import { diagnoseIncident } from "../../../src/alerting/diagnosing/gather-incident.js";
import { questionOfObjective } from "../../../src/alerting/diagnosing/question-of-objective.js";
import { evidenceJson, evidenceTable } from "../../../src/cli/backtest-evidence.js";
import type { Diagnosis } from "../../../src/diagnosis/diagnosis.js";
import { emptyGraph } from "../../../src/diagnosis/incident-graph.js";
import { MeshlensError } from "../../../src/errors.js";
import { createMesh } from "../../../src/mesh/create-mesh.js";
import { noClusterNames } from "../../../src/mesh/identity/cluster-name.js";
import { noLinkTargets } from "../../../src/mesh/links/link-targets.js";
import { createMetricKnowledge } from "../../../src/mesh/metrics/metric-knowledge.js";
import { createReplayMeasurer } from "../../../src/slo/measure/replay-measurer.js";
import { seeAll } from "../../../src/telemetry/visibility.js";
import { playedMesh } from "../../support/diagnose-scenario.js";
import { makeObjective } from "../../support/objectives.js";

const window = { fromMs: 0, toMs: 900_000 };
const nothing: Diagnosis = {
  verdict: { kind: "NO_SUSPECT", reason: "NOTHING_STANDS_OUT", sentence: "Nothing stands out." },
  suspects: [],
  cleared: [],
  missing: [],
  incident: { window, windowCount: 1, traceCount: null, requestCount: null, badRatio: null },
  baseline: null,
  graph: emptyGraph,
};
const service = { cluster: "default", namespace: "bookinfo", name: "ratings" };
const objective = makeObjective();
const firing = (atMs: number, severity: Firing["severity"] = "PAGE"): Firing => ({
  atMs,
  objective,
  service,
  severity,
  question: questionOfObjective(service, objective, { fromMs: atMs - 900_000, toMs: atMs }),
});
const never = new AbortController().signal;

describe("the firings of a backtest", () => {
  test("are asked about one after the other, pages first, and told in order of time", async () => {
    const asked: number[] = [];
    const done: number[] = [];
    const found = await diagnoseFirings([firing(3), firing(1, "TICKET"), firing(2)], {
      diagnose: async (question) => {
        asked.push(question.window.toMs);
        return nothing;
      },
      onProgress: (share) => done.push(share),
      signal: never,
    });
    expect(asked).toEqual([2, 3, 1]);
    expect(found.map((one) => one.firing.atMs)).toEqual([1, 2, 3]);
    expect(done.at(-1)).toBe(1);
  });

  test("beyond the bound are left out with the reason, tickets first", async () => {
    const many = Array.from({ length: mostDiagnosed }, (_, at) => firing(at + 10));
    let asked = 0;
    const found = await diagnoseFirings([firing(1, "TICKET"), ...many], {
      diagnose: async () => {
        asked += 1;
        return nothing;
      },
      onProgress: () => undefined,
      signal: never,
    });
    expect(asked).toBe(mostDiagnosed);
    expect(found.filter(({ diagnosis }) => diagnosis === null)).toEqual([
      { firing: expect.objectContaining({ atMs: 1 }), diagnosis: null, failure: "Only 50 firings are asked about." },
    ]);
  });

  test("that cannot be asked about cost only themselves, and tell nothing but our own sentences", async () => {
    const found = await diagnoseFirings([firing(1), firing(2), firing(3)], {
      diagnose: async ({ window: { toMs } }) => {
        if (toMs === 1) throw new Error("token=secret");
        if (toMs === 2) throw new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", "Source jaeger did not answer.");
        return nothing;
      },
      onProgress: () => undefined,
      signal: never,
    });
    expect(found.map(({ failure }) => failure)).toEqual([
      "It could not be asked.",
      "Source jaeger did not answer.",
      null,
    ]);
    expect(evidenceTable(found)).toContain("not known: Source jaeger did not answer.");
  });

  test("are asked about no more once it was stopped", async () => {
    const stop = new AbortController();
    const found = await diagnoseFirings([firing(1), firing(2)], {
      diagnose: async () => {
        stop.abort();
        return nothing;
      },
      onProgress: () => undefined,
      signal: stop.signal,
    });
    expect(found.map(({ failure }) => failure)).toEqual([null, "It was stopped before this one."]);
  });

  test("of a mesh in memory name the rule that fails the calls, in the table and for programs", async () => {
    const { sources, clock, window: played } = await playedMesh("ratings-abort");
    const knowledge = createMetricKnowledge({
      sources: sources.metricSources,
      clock,
      clusters: noClusterNames,
      dialect: null,
    });
    const firings: Firing[] = [];
    await runBacktest(
      {
        measurer: createReplayMeasurer({ sources: sources.metricSources, knowledge, clock }),
        clock,
        pause: async () => undefined,
        own: [],
        defaults: { availability: { target: 0.999, window: "30d" } },
        onChanges: (changes) => firings.push(...firingsOf(changes)),
        onProgress: () => undefined,
      },
      { fromMs: played.fromMs, toMs: played.toMs - 60_000, stepMs: 30_000 },
      never,
    );
    expect(firings.map((one) => one.service.name)).toEqual(["ratings"]);
    const mesh = createMesh({ ...sources, clock, clusters: noClusterNames, links: noLinkTargets, dialect: null });
    const found = await diagnoseFirings(firings, {
      diagnose: (question) =>
        diagnoseIncident(
          question,
          mesh.reader({ visibility: seeAll, signal: never, deadlineMs: clock.nowMs() + 60_000 }),
        ),
      onProgress: () => undefined,
      signal: never,
    });
    expect(evidenceTable(found)).toMatch(
      /^Who was to blame, at each firing:\n2026-05-12T12:3\d:\d\dZ {2}page {2}bookinfo\/ratings availability\n {3}Likely ratings, rule VirtualService ratings: .*\n {3}1\. bookinfo\/ratings likely, /,
    );
    expect(evidenceJson(found)).toMatchObject([
      {
        slo: "availability",
        severity: "PAGE",
        failure: null,
        diagnosis: {
          verdict: "SUSPECTS",
          suspects: [{ service: { name: "ratings" }, part: { kind: "RULE", name: "VirtualService ratings" } }],
          graph: { measure: "FAILED" },
        },
      },
    ]);
  });
});

test("nothing that fired is said to be nothing", () => {
  expect(evidenceTable([])).toBe("Nothing fired: there is nobody to blame.");
});
