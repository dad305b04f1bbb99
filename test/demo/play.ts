import { bookinfoMesh } from "../../src/demo/meshes/bookinfo/bookinfo-mesh.js";
import { knownScenarios } from "../../src/demo/scenarios/known-scenarios.js";
import { createSimulation, type Simulation } from "../../src/demo/simulation/create-simulation.js";
import type { HttpExchange } from "../../src/demo/simulation/exchange.js";
import type { MeshDefinition } from "../../src/demo/simulation/mesh-definition.js";
import type { WatchEvent } from "../../src/workloads/watch-event.js";
import { addPage, emptyTally, type Tally } from "./tally.js";

/** Noon of a Saturday in UTC. */
export const noonMs = Date.UTC(2026, 10, 21, 12);
const healthyMs = 60_000;

/** A scenario played from one minute after noon on. */
export interface Play {
  readonly simulation: Simulation;
  /** When the scenario was switched to. */
  readonly switchedMs: number;
  readonly tally: Tally;
  readonly pages: readonly HttpExchange[];
  /** Watch events after the first instant. */
  readonly changes: readonly WatchEvent[];
}

/** Plays a scenario for so many seconds after it has settled, and counts the pages of that time. */
export function play(name: string, seconds: number, mesh: MeshDefinition = bookinfoMesh, seed = 7): Play {
  const changes: WatchEvent[] = [];
  const pages: HttpExchange[] = [];
  const tally = emptyTally();
  const simulation = createSimulation({ mesh, seed, startMs: noonMs, onChange: (event) => changes.push(event) });
  const existing = changes.length;
  const switchedMs = noonMs + healthyMs;
  simulation.switchTo(name, switchedMs);
  const settledMs = switchedMs + (knownScenarios.find((one) => one.name === name)?.settlesAfterMs ?? 0);
  simulation.advance(settledMs, () => {});
  simulation.advance(settledMs + seconds * 1000, (page) => {
    pages.push(page);
    addPage(tally, page);
  });
  return { simulation, switchedMs, tally, pages, changes: changes.slice(existing) };
}

export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length * share)] ?? Number.NaN;
}

export const durationMs = (page: HttpExchange): number => page.client.endMs - page.client.startMs;
