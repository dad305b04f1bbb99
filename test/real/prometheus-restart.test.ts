import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CommittedChange } from "../../src/alerting/cycle-draft.js";
import { createEvaluator } from "../../src/alerting/evaluator.js";
import { createHttpClient } from "../../src/http/create-http-client.js";
import { noClusterNames } from "../../src/mesh/identity/cluster-name.js";
import { createMetricKnowledge } from "../../src/mesh/metrics/metric-knowledge.js";
import { createMeasurer } from "../../src/slo/measure/measurer.js";
import { createPrometheusSource } from "../../src/sources/prometheus/prometheus-source.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import { minuteMs, stepMs } from "../support/alert-stream.js";
import { type ClosedFormCase, closedFormCases } from "../support/closed-form-cases.js";
import { closedFormScrapeMs, samplesOfCase } from "../support/closed-form-series.js";
import { objectiveOf } from "../support/run-closed-form.js";
import { waitUntil } from "../support/wait-until.js";
import type { LaunchPlan } from "./backends/backend.js";
import { cacheFolder, createInstallCache } from "./backends/install-cache.js";
import { feedSamples } from "./backends/load-metrics.js";
import { emptyPrometheus2, emptyPrometheus3 } from "./backends/prometheus.js";
import { type ServerProcess, startServerProcess } from "./backends/server-process.js";

const zeroMs = Date.UTC(2026, 2, 20);
const outage = closedFormCases(30 * minuteMs).find(
  ({ service }) => service === "outage-100-permille-1500s",
) as ClosedFormCase;

describe.each([emptyPrometheus2(), emptyPrometheus3()])(
  "$name of our own that is killed in the middle of an outage",
  (backend) => {
    let folder = "";
    let plan: LaunchPlan;
    let server: ServerProcess;

    const start = async () => {
      server = startServerProcess(plan, folder, join(folder, "server.log"));
      await waitUntil("the server", () => backend.isReady(plan.address), { limitMs: 120_000 });
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "meshlens-restart-"));
      const cache = createInstallCache(cacheFolder(process.env), new AbortController().signal, () => undefined);
      plan = await (await backend.install(cache))(join(folder, "server"));
      await start();
    });
    afterAll(async () => {
      await server.stop(3_000);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    test("fires once, is UNKNOWN while nobody answers, and recovers when the arithmetic says so", async () => {
      const { url } = plan.address;
      await feedSamples(backend.name, url, samplesOfCase(outage, zeroMs));
      const config = { name: backend.name, cluster: null, isShard: false, scrapeIntervalMs: closedFormScrapeMs };
      const source = createPrometheusSource({
        config,
        clock,
        http: createHttpClient({ name: backend.name, url }, { clock }),
      });
      const knowledge = createMetricKnowledge({ sources: [source], clock, clusters: noClusterNames, dialect: null });
      const store = { append: async () => undefined, read: async function* () {} };
      const measurer = createMeasurer({ sources: [source], knowledge, clock, store, horizonMs: 6 * 60 * minuteMs });
      const changes: CommittedChange[] = [];
      const objectives = [objectiveOf(outage)];
      const evaluator = createEvaluator({
        measurer,
        alerts: {
          load: async () => ({ evaluatedAtMs: null, states: [], openIncidents: [] }),
          commitCycle: async () => {},
        },
        intervalMs: stepMs,
        serviceOf: ({ cluster, ...rest }) => ({ cluster: cluster ?? "default", ...rest }),
        onCommitted: (more) => changes.push(...more),
      });
      const call = () => ({ signal: new AbortController().signal, deadlineMs: clock.nowMs() + 20_000 });
      const cycle = async (atMs: number) =>
        (await evaluator.cycle(zeroMs + atMs, { objectives, isComplete: true }, call())).evaluations[0]?.dataState;
      const states: (string | undefined)[] = [];
      const play = async (fromMs: number, toMs: number) => {
        for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) {
          const state = await cycle(atMs);
          if (states.at(-1) !== state) states.push(state);
        }
      };
      await cycle(-10 * minuteMs);
      while ((await measurer.backfill(zeroMs - 10 * minuteMs, objectives, call())) === "filled");
      await play(-9 * minuteMs, 14 * minuteMs);
      process.kill(server.pid, "SIGKILL");
      await waitUntil("its end", async () => server.ended() !== null, { limitMs: 30_000 });
      await play(14.5 * minuteMs, 17 * minuteMs);
      await start();
      // A client that was refused pauses for some seconds, and evaluations follow one another in milliseconds here.
      const asks = () => source.probe(call()).then(() => true);
      await waitUntil("the client to ask again", asks, { limitMs: 120_000 });
      await play(17.5 * minuteMs, 40 * minuteMs);
      await source.close();
      expect(states).toEqual(["OK", "UNKNOWN", "OK"]);
      const kinds = changes.map(({ transition: { to, severity } }) => `${to} ${severity}`);
      expect(kinds.slice(0, 3)).toEqual(["PENDING PAGE", "FIRING PAGE", "RECOVERING PAGE"]);
      const undisturbed = outage.fault(
        changes.map(({ transition }) => ({ ...transition, atMs: transition.atMs - zeroMs })),
        objectives[0] as (typeof objectives)[number],
      );
      // All but the end, which lies hours ahead.
      expect(undisturbed).toMatch(/^RESOLVED at no time/);
    }, 240_000);
  },
);
