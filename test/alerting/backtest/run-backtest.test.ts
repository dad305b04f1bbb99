import { beforeAll, describe, expect, test } from "@jest/globals";
import { runBacktest } from "../../../src/alerting/backtest/run-backtest.js";
import type { CommittedChange } from "../../../src/alerting/cycle-draft.js";
import { noClusterNames } from "../../../src/mesh/identity/cluster-name.js";
import { createMetricKnowledge } from "../../../src/mesh/metrics/metric-knowledge.js";
import { createReplayMeasurer } from "../../../src/slo/measure/replay-measurer.js";
import { systemClock as clock } from "../../../src/telemetry/clock.js";
import type { MetricRequest, MetricSource } from "../../../src/telemetry/metric-source.js";
import { createScrapedMesh, scrapeMs, startMs, stepMs } from "../../slo/measure/measured-mesh.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const endMs = startMs + 5 * hourMs;
const strict = { availability: { target: 0.999, window: "30d" } } as const;
const mesh = createScrapedMesh();

/** Five hours of calls; all fail for ten minutes from 2 h on. */
beforeAll(() => {
  for (let atMs = 0; atMs <= 5 * hourMs; atMs += scrapeMs) {
    const isFailing = atMs > 2 * hourMs && atMs <= 2 * hourMs + 10 * minuteMs;
    mesh.count({ service: "cart", code: isFailing ? "503" : "200" }, 10);
    mesh.scrape(startMs + atMs);
  }
});

function backtest(
  sources: readonly MetricSource[],
  options: { readonly signal?: AbortSignal; readonly stepMs?: number; readonly onChange?: () => void } = {},
) {
  const knowledge = createMetricKnowledge({ sources, clock, clusters: noClusterNames, dialect: null });
  const changes: CommittedChange[] = [];
  const progress: number[] = [];
  const deps = {
    measurer: createReplayMeasurer({ sources, knowledge, clock }),
    clock,
    pause: async () => undefined,
    own: [],
    defaults: strict,
    onChanges: (more: readonly CommittedChange[]) => {
      changes.push(...more);
      options.onChange?.();
    },
    onProgress: ({ done }: { readonly done: number }) => progress.push(done),
  };
  const range = { fromMs: startMs + hourMs, toMs: endMs, stepMs: options.stepMs ?? stepMs };
  const run = runBacktest(deps, range, options.signal ?? new AbortController().signal);
  return { run, changes, progress };
}

const told = (changes: readonly CommittedChange[]) =>
  changes.map(({ transition: { to, severity, atMs } }) => `${to} ${severity} ${(atMs - startMs) / 1000}`);

/** The mesh, with what happens to questions of steps. */
function disturbed(fault: (request: MetricRequest) => "none" | "error" | "partial"): MetricSource {
  return {
    ...mesh.source,
    async query(request, options) {
      const what = request.stepMs === null ? "none" : fault(request);
      if (what === "error") throw new Error("down");
      const result = await mesh.source.query(request, options);
      return what === "partial" ? { ...result, warnings: ["a store did not answer"] } : result;
    },
  };
}

describe("a backtest", () => {
  test("finds the services, gives them defaults, and tells incidents, times and progress", async () => {
    const { run, changes, progress } = backtest([mesh.source]);
    const summary = await run;
    expect(changes.map(({ transition }) => transition.to).slice(0, 2)).toEqual(["PENDING", "FIRING"]);
    expect(changes[0]?.incident.service).toEqual({ cluster: "default", namespace: "shop", name: "cart" });
    expect(summary).toMatchObject({ isComplete: true, evaluationCount: 4 * 120 + 1, dataFromMs: startMs });
    const [cart] = summary.objectives;
    expect(cart).toMatchObject({ pages: 1, tickets: 0, transitions: changes.length });
    expect((cart?.budget?.consumedRatio ?? 0) > 1).toBe(true);
    const times = Object.values(cart?.incidentMs ?? {}).reduce((sum, ms) => sum + ms, 0);
    expect(times).toBe(summary.evaluationCount * stepMs);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  });

  test("asks a backend that refuses so much at once for less, and finds the same", async () => {
    const small = disturbed(({ window, stepMs: step }) =>
      (window.toMs - window.fromMs) / (step ?? 1) > 40 ? "error" : "none",
    );
    const [whole, cut] = [backtest([mesh.source]), backtest([small])];
    await Promise.all([whole.run, cut.run]);
    expect(told(cut.changes)).toEqual(told(whole.changes));
    expect(told(cut.changes).length).toBeGreaterThan(2);
  });

  test("asks again what came in part, and finds the same", async () => {
    let calls = 0;
    const shaky = disturbed(() => (calls++ % 3 === 0 ? "partial" : "none"));
    const [whole, again] = [backtest([mesh.source]), backtest([shaky])];
    await Promise.all([whole.run, again.run]);
    expect(told(again.changes)).toEqual(told(whole.changes));
  });

  test("half of the shards answering is told and ends it: what they hold may be the failures", async () => {
    const shards = [
      { ...mesh.source, name: "a", isShard: true },
      { ...disturbed(() => "error"), name: "b", isShard: true },
    ];
    const { run, changes } = backtest(shards);
    await expect(run).rejects.toMatchObject({ message: expect.stringMatching(/could not be counted.*"b"/) });
    expect(changes).toEqual([]);
  });

  test("a backend that dies on the way ends it with its words, after what was found", async () => {
    const dying = disturbed(({ window }) => (window.toMs > startMs + 4.5 * hourMs ? "error" : "none"));
    const { run, changes } = backtest([dying]);
    await expect(run).rejects.toMatchObject({ message: expect.stringContaining("could not be counted") });
    expect(changes.map(({ transition }) => transition.to)).toContain("FIRING");
  });

  test("stops where it is told to, with what was found so far", async () => {
    const stop = new AbortController();
    const { run, changes } = backtest([mesh.source], { signal: stop.signal, onChange: () => stop.abort() });
    const summary = await run;
    expect(summary.isComplete).toBe(false);
    expect(summary.toMs).toBe(changes.at(-1)?.transition.atMs);
    expect(summary.objectives[0]?.transitions).toBe(1);
  });

  test("with a longer step evaluates more seldom, on the same counts", async () => {
    const { run, changes } = backtest([mesh.source], { stepMs: 5 * minuteMs });
    expect(await run).toMatchObject({ evaluationCount: 49 });
    expect(changes.map(({ transition }) => transition.to)).toContain("FIRING");
  });
});
