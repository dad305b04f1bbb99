/** A mesh in memory under evaluation: scraped and evaluated every 30 s by a clock that the test moves. */
import type { CommittedChange } from "../../src/alerting/cycle-draft.js";
import { createEvaluator, type EvaluatedCycle, type EvaluatorDeps } from "../../src/alerting/evaluator.js";
import { defaultObjectives } from "../../src/slo/default-objectives.js";
import type { Objective } from "../../src/slo/objective.js";
import { openStore } from "../../src/store/open-store.js";
import type { Store } from "../../src/store/store.js";
import {
  createScrapedMesh,
  measurerOver,
  namespace,
  options,
  scrapeMs,
  startMs,
  stepMs,
} from "../slo/measure/measured-mesh.js";

export { startMs, stepMs };

/** Availability and latency of the cart, strict enough that an hour that is known in part only can burn. */
export const cartObjectives = defaultObjectives(
  { availability: { target: 0.999, window: "30d" }, latency: { target: 0.999, thresholdMs: 500, window: "30d" } },
  [{ cluster: "default", namespace, name: "cart" }],
  [],
);

/** Share of the calls of a scrape that fail, by the minute since the start. */
export type Weather = (minute: number) => number;

/** The counters of one service under a weather: 20 calls a scrape. */
export function createWeatheredMesh(weather: Weather, service = "cart") {
  const mesh = createScrapedMesh();
  let next = 0;
  return {
    ...mesh,
    /** Scrapes all that is due until then. */
    scrapeUntil(nowMs: number) {
      for (; startMs + next * scrapeMs <= nowMs; next += 1) {
        const failed = Math.round(20 * weather((next * scrapeMs) / 60_000));
        mesh.count({ service }, 20 - failed);
        mesh.count({ service, code: "503" }, failed);
        mesh.scrape(startMs + next * scrapeMs);
      }
    },
  };
}

/** An evaluator over the mesh with everything it told. */
export function evaluatorOver(
  mesh: ReturnType<typeof createWeatheredMesh>,
  store: Store,
  alerts: EvaluatorDeps["alerts"] = store.alerts,
) {
  const changes: CommittedChange[] = [];
  const evaluator = createEvaluator({
    measurer: measurerOver([mesh.source], store.sliCounts),
    alerts,
    intervalMs: stepMs,
    serviceOf: ({ cluster, ...rest }) => ({ cluster: cluster ?? "default", ...rest }),
    onCommitted: (more) => changes.push(...more),
  });
  return {
    evaluator,
    changes,
    /** Evaluations of a span of minutes, ends included. */
    async minutes(from: number, to: number, of: readonly Objective[] = cartObjectives, isComplete = true) {
      let last: EvaluatedCycle | null = null;
      for (let nowMs = startMs + from * 60_000; nowMs <= startMs + to * 60_000; nowMs += stepMs) {
        mesh.scrapeUntil(nowMs);
        last = await evaluator.cycle(nowMs, { objectives: of, isComplete }, options());
      }
      if (last === null) throw new Error("no evaluation");
      return last;
    },
    moves: () =>
      changes.map(({ transition: { from, to, severity, atMs } }) => [from, to, severity, (atMs - startMs) / 60_000]),
  };
}

export const openMemoryStore = () => openStore({ url: ":memory:" });
