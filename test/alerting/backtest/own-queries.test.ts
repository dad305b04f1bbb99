import { describe, expect, test } from "@jest/globals";
import { runBacktest } from "../../../src/alerting/backtest/run-backtest.js";
import type { CommittedChange } from "../../../src/alerting/cycle-draft.js";
import { createEvaluator } from "../../../src/alerting/evaluator.js";
import { noClusterNames } from "../../../src/mesh/identity/cluster-name.js";
import { createMetricKnowledge } from "../../../src/mesh/metrics/metric-knowledge.js";
import { createReplayMeasurer } from "../../../src/slo/measure/replay-measurer.js";
import { systemClock as clock } from "../../../src/telemetry/clock.js";
import { measurerOver, options, scrapeMs, startMs, stepMs } from "../../slo/measure/measured-mesh.js";
import { createOwnMesh, objectivesOf, refusal } from "../../slo/measure/own-mesh.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const range = { fromMs: startMs + 7 * hourMs, toMs: startMs + 10 * hourMs, stepMs };
const isDown = (atMs: number) => atMs > startMs + 8 * hourMs && atMs <= startMs + 8 * hourMs + 20 * minuteMs;

const units = { m: minuteMs, h: hourMs, d: 24 * hourMs };

/** Share of a window that was down, looked at every step. */
function shareDown(fromMs: number, toMs: number): number {
  let down = 0;
  for (let atMs = toMs; atMs > fromMs; atMs -= stepMs) if (isDown(atMs)) down += 1;
  return down / Math.max(1, Math.round((toMs - fromMs) / stepMs));
}

const objectives = objectivesOf(`
  - service: cart
    gauge: { target: 99%, selector: ready }
  - service: cart
    ratio: { target: 99%, failed: down }
  - service: cart
    name: asked
    ratio: { target: 99%, failed: "max_over_time(down[{{.window}}:])" }
`);

/** Ten hours, twenty minutes of them down, in every kind of metric. */
function playedMesh(fault: (atMs: number) => boolean = () => false) {
  const mesh = createOwnMesh((promql, atMs) => {
    if (promql === "down") return isDown(atMs) ? 1 : 0;
    if (fault(atMs)) throw refusal("too many samples");
    const [, count = "0", unit = "m"] = /\[(\d+)([mhd]):\]/.exec(promql) ?? [];
    return shareDown(atMs - Number(count) * units[unit as keyof typeof units], atMs);
  });
  let value = 0;
  for (let atMs = startMs; atMs <= range.toMs; atMs += scrapeMs) {
    const ready = isDown(atMs) ? 0 : 1;
    mesh.bump("ready", { job: "cart", pod: "a" }, ready - value);
    value = ready;
    mesh.scrape(atMs);
  }
  return mesh;
}

const told = (changes: readonly CommittedChange[]) =>
  changes.map(({ transition, incident }) => {
    const name = objectives.find(({ id }) => id === incident.objectiveId)?.name;
    return `${name} ${(transition.atMs - startMs) / minuteMs} ${transition.severity} ${transition.to}`;
  });

async function backtest(mesh: ReturnType<typeof playedMesh>) {
  const sources = [mesh.source];
  const knowledge = createMetricKnowledge({ sources, clock, clusters: noClusterNames, dialect: null });
  const changes: CommittedChange[] = [];
  const deps = {
    measurer: createReplayMeasurer({ sources, knowledge, clock }),
    clock,
    pause: async () => undefined,
    own: objectives,
    defaults: undefined,
    onChanges: (more: readonly CommittedChange[]) => void changes.push(...more),
    onProgress: () => {},
  };
  const summary = await runBacktest(deps, range, new AbortController().signal);
  return { summary, changes: told(changes) };
}

describe("queries of users", () => {
  test("fire and resolve in a backtest as they would have live, and soon after the outage", async () => {
    const mesh = playedMesh();
    const { changes, summary } = await backtest(mesh);
    for (const name of ["gauge", "ratio", "asked"]) {
      const own = changes.filter((change) => change.startsWith(`${name} `));
      const fired = own.find((change) => change.endsWith("PAGE FIRING"));
      // 14.4 times a hundredth of an hour, a minute of \`for\`, the offset, and a step.
      expect(Number(fired?.split(" ")[1])).toBeGreaterThan(8 * 60 + 8.64 + 1);
      expect(Number(fired?.split(" ")[1])).toBeLessThanOrEqual(8 * 60 + 8.64 + 1 + 0.5 + 1);
      expect(own.at(-1)).toMatch(/RESOLVED|RECOVERING|TICKET/);
    }
    expect(summary.objectives.map(({ isApproximate }) => isApproximate).filter(Boolean).length).toBe(2);

    const live: CommittedChange[] = [];
    const measurer = measurerOver([mesh.source]);
    const evaluator = createEvaluator({
      measurer,
      alerts: {
        load: async () => ({ evaluatedAtMs: null, states: [], openIncidents: [] }),
        commitCycle: async () => {},
      },
      intervalMs: stepMs,
      serviceOf: ({ cluster, ...rest }) => ({ cluster: cluster ?? "default", ...rest }),
      onCommitted: (more) => live.push(...more),
    });
    for (let i = 0; i < 400; i += 1) {
      if ((await measurer.backfill(range.fromMs, objectives, options())) === "done" && i > 1) break;
      if (i === 0) await measurer.cycle(range.fromMs, objectives, options());
    }
    for (let atMs = range.fromMs; atMs <= range.toMs; atMs += stepMs) {
      await evaluator.cycle(atMs, { objectives, isComplete: true }, options());
    }
    // Tickets look back three days, of which back-fill of this measurer reads two.
    const pages = (moves: readonly string[]) => moves.filter((move) => move.includes("PAGE")).sort();
    expect(pages(told(live))).toEqual(pages(changes));
  });

  test("that fail for a while in a backtest are unknown then, and neither fire nor resolve", async () => {
    const failing = playedMesh((atMs) => atMs > startMs + 8 * hourMs + 5 * minuteMs && atMs <= startMs + 9 * hourMs);
    const { changes, summary } = await backtest(failing);
    expect(changes.filter((change) => change.startsWith("asked ")).filter((change) => /FIRING/.test(change))).toEqual(
      [],
    );
    expect(changes.filter((change) => change.startsWith("gauge ")).some((change) => /FIRING/.test(change))).toBe(true);
    expect(summary.isComplete).toBe(true);
  });
});
