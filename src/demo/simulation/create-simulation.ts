/**
 * A simulated mesh that lives through time: users come by the day's curve, each request's course is worked out at once, and planned changes
 * of the mesh happen between them (docs/decisions/0006). Made by `meshlens demo`, benches and tests.
 */
import type { WatchEvent } from "../../workloads/watch-event.js";
import { createCluster } from "../kubernetes/cluster.js";
import { healthy } from "../scenarios/healthy.js";
import { scenarioFor } from "../scenarios/known-scenarios.js";
import type { HttpExchange } from "./exchange.js";
import { createHttpCalls } from "./http-calls.js";
import type { Entry, MeshDefinition } from "./mesh-definition.js";
import type { MeshPod } from "./mesh-model.js";
import { createRandom, exponential, pick, type Random } from "./random.js";
import { createTimeline } from "./timeline.js";
import { createRequestNumbers } from "./trace-ids.js";
import { trafficFactor } from "./traffic-curve.js";
import { drawUser, drawUserAgent } from "./users.js";
import { createWorld } from "./world.js";

/** What a simulation is made from. */
export interface SimulationOptions {
  readonly mesh: MeshDefinition;
  /** The same seed and the same calls give the same requests. */
  readonly seed: number;
  /** Epoch ms of the first instant. */
  readonly startMs: number;
  /** Mean over a day; the mesh's own unless said. */
  readonly requestsPerSecond?: number;
  /** Share of the requests whose spans are reported, 0 .. 1; all unless said. */
  readonly sampledShare?: number;
  /** Scenario of the first instant; `healthy` unless said. */
  readonly scenario?: string;
  /** Told of every object of the cluster when the simulation is made, and of each change as time passes. */
  readonly onChange?: (event: WatchEvent) => void;
}

/** A mesh and its present instant. */
export interface Simulation {
  readonly mesh: MeshDefinition;
  /** How far the simulation has come. */
  nowMs(): number;
  /** Name of the scenario that was last switched to. */
  scenario(): string;
  /**
   * Changes the mesh to a scenario at an instant, at once when that has passed. What differs from before is applied; rollouts take their time
   * from there. @throws MESHLENS_ERR_DEMO_SCENARIO for a name that is none or that this mesh cannot play
   */
  switchTo(name: string, atMs: number): void;
  /**
   * Lets time pass until `toMs` and gives each request that comes in until then, in order of arrival. A request is given whole: what it causes
   * may lie up to twenty seconds after `toMs`. One long step or many short ones give the same requests.
   */
  advance(toMs: number, onRequest: (root: HttpExchange) => void): void;
  /** Pods whose proxies are there now. */
  pods(): readonly MeshPod[];
  /** Every Kubernetes object as the API would give it now. */
  objects(): readonly unknown[];
}

/** A simulation at its first instant: the mesh stands, nobody has come yet. */
export function createSimulation(options: SimulationOptions): Simulation {
  const { mesh, seed, startMs, sampledShare = 1 } = options;
  const requestsPerMs = (options.requestsPerSecond ?? mesh.requestsPerSecond) / 1000;
  const arrivals = createRandom(seed, "arrivals");
  const visitors = createRandom(seed, "visitors");
  const nextNumber = createRequestNumbers(seed);
  const timeline = createTimeline();
  const world = createWorld(mesh);
  const onChange = options.onChange ?? (() => {});
  const cluster = createCluster({ mesh, world, timeline, seed, startMs, onChange });
  // A request is worked out whole before the next one comes: one count does for the spans of all.
  let lastSpan = 0;
  const nextSpan = (): number => {
    lastSpan += 1;
    return lastSpan;
  };
  const call = createHttpCalls({ world, course: createRandom(seed, "course"), nextSpan });

  const gapMs = (atMs: number): number => exponential(arrivals, 1 / (requestsPerMs * trafficFactor(atMs)));
  let nowMs = startMs;
  let nextArrivalMs = startMs + gapMs(startMs);

  function arrive(atMs: number): HttpExchange {
    const entry = drawEntry(mesh.entries, visitors);
    const isSampled = sampledShare >= 1 || visitors.next() < sampledShare;
    lastSpan = 0;
    return call({
      source: world.gatewayPod(),
      request: {
        user: drawUser(visitors),
        userAgent: drawUserAgent(visitors),
        number: nextNumber(),
        isSampled,
      },
      parentSpan: null,
      span: lastSpan,
      service: entry.service,
      method: "GET",
      path: pick(visitors, entry.paths),
      startMs: atMs,
      goneMs: Number.POSITIVE_INFINITY,
    });
  }

  let current = healthy.name;
  function switchTo(name: string, atMs: number): void {
    const scenario = scenarioFor(mesh, name);
    timeline.at(Math.max(atMs, nowMs), (whenMs) => {
      current = scenario.name;
      cluster.apply(scenario.change(mesh.state, mesh), whenMs);
    });
  }
  if (options.scenario !== undefined) switchTo(options.scenario, startMs);

  return {
    mesh,
    nowMs: () => nowMs,
    scenario: () => current,
    switchTo,
    pods: () => [...world.pods.values()].map((one) => one.pod),
    objects: () => cluster.objects(),
    advance: (toMs, onRequest) => {
      for (;;) {
        const changeMs = timeline.nextMs();
        if (changeMs <= nextArrivalMs && changeMs <= toMs) timeline.step();
        else if (nextArrivalMs <= toMs) {
          const atMs = nextArrivalMs;
          nextArrivalMs = atMs + gapMs(atMs);
          nowMs = atMs;
          onRequest(arrive(atMs));
        } else break;
      }
      nowMs = Math.max(nowMs, toMs);
    },
  };
}

function drawEntry(entries: readonly Entry[], random: Random): Entry {
  if (entries.length === 1) return pick(random, entries);
  let rest = random.next() * entries.reduce((sum, entry) => sum + entry.weight, 0);
  for (const entry of entries) {
    rest -= entry.weight;
    if (rest < 0) return entry;
  }
  return pick(random, entries);
}
