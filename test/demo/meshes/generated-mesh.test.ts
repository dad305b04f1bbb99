import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { bookinfoMesh } from "../../../src/demo/meshes/bookinfo/bookinfo-mesh.js";
import { generatedMesh } from "../../../src/demo/meshes/graph/generated-mesh.js";
import { bookinfoWithShop } from "../../../src/demo/meshes/join-meshes.js";
import { knownScenarios, scenarioFor, scenariosOf } from "../../../src/demo/scenarios/known-scenarios.js";
import { createSimulation } from "../../../src/demo/simulation/create-simulation.js";
import type { MeshDefinition } from "../../../src/demo/simulation/mesh-definition.js";
import { noonMs, play } from "../play.js";
import { everyExchange, type Tally } from "../tally.js";

/** Callees of each service as one simulation saw them, and calls per page. */
function walk(mesh: MeshDefinition, pages: number): { callees: Map<string, Set<string>>; callsPerPage: number } {
  const simulation = createSimulation({ mesh, seed: 3, startMs: noonMs, requestsPerSecond: 100 });
  const callees = new Map<string, Set<string>>();
  let calls = 0;
  let seen = 0;
  simulation.advance(noonMs + pages * 10, (page) => {
    seen += 1;
    for (const call of everyExchange(page)) {
      if (call.kind !== "http") continue;
      calls += 1;
      const from = call.source.workload.service?.host ?? "gateway";
      callees.set(from, (callees.get(from) ?? new Set()).add(call.target.host));
    }
  });
  return { callees, callsPerPage: calls / seen };
}

function hasCycle(callees: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const done = new Set<string>();
  const visit = (name: string, above: ReadonlySet<string>): boolean => {
    if (above.has(name)) return true;
    if (done.has(name)) return false;
    for (const next of callees.get(name) ?? []) if (visit(next, new Set([...above, name]))) return true;
    done.add(name);
    return false;
  };
  return [...callees.keys()].some((name) => visit(name, new Set()));
}

function failingShares(tally: Tally): Map<string, number> {
  const counts = new Map<string, { failed: number; all: number }>();
  for (const { key, count } of tally.rows.values()) {
    const [reporter, , service = "", , code = ""] = key.split(" ");
    if (reporter !== "destination") continue;
    const one = counts.get(service) ?? { failed: 0, all: 0 };
    counts.set(service, { failed: one.failed + (Number(code) >= 500 ? count : 0), all: one.all + count });
  }
  return new Map([...counts].map(([service, { failed, all }]) => [service, failed / all]));
}

describe("generatedMesh()", () => {
  test("is the same for the same options and another for another seed", () => {
    const digest = (seed: number): string => {
      const mesh = generatedMesh({ services: 60, seed });
      return JSON.stringify([mesh.services, [...mesh.state.config], [...mesh.state.deployments]]);
    };
    expect(digest(1)).toBe(digest(1));
    expect(digest(1)).not.toBe(digest(2));
  });

  test("has so many services, no cycle of calls, and a bound on the calls of a page", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 120 }), fc.integer(), (services, seed) => {
        const mesh = generatedMesh({ services, seed });
        expect(new Set(mesh.services.map((one) => one.host)).size).toBe(services);
        const { callees, callsPerPage } = walk(mesh, 200);
        expect(hasCycle(callees)).toBe(false);
        expect(callsPerPage).toBeLessThan(50);
      }),
      { numRuns: 10 },
    );
  });

  test("of 200 services spreads over namespaces, has versions and hosts outside, and every service is called", () => {
    const mesh = generatedMesh({ services: 200, seed: 1 });
    expect(new Set(mesh.services.map((one) => one.namespace)).size).toBe(6);
    expect(new Set([...mesh.state.config.values()].map((one) => one.kind))).toEqual(
      new Set(["VirtualService", "DestinationRule", "ServiceEntry"]),
    );
    const called = new Set([...walk(mesh, 20_000).callees.values()].flatMap((set) => [...set]));
    expect(called.size).toBe(200);
  });

  test("has at least 20 services", () => {
    expect(() => generatedMesh({ services: 19, seed: 1 })).toThrow("a generated mesh has 20 services or more, not 19");
  });
});

describe("storm", () => {
  test("takes ten services of the shop down with the one they share, and leaves Bookinfo alone", () => {
    const shares = failingShares(play("storm", 300, bookinfoWithShop).tally);
    expect(shares.get("sessions")).toBeGreaterThan(0.85);
    const down = [...shares].filter(([, share]) => share > 0.8).map(([service]) => service);
    expect(down).toHaveLength(11);
    expect(shares.get("payments")).toBe(0);
    for (const service of ["productpage", "details", "reviews", "ratings"]) expect(shares.get(service)).toBe(0);
  });

  test("takes ten or more services of a generated mesh down", () => {
    const shares = failingShares(play("storm", 60, generatedMesh({ services: 60, seed: 4 })).tally);
    expect([...shares.values()].filter((share) => share > 0.5).length).toBeGreaterThanOrEqual(10);
  });
});

describe("known scenarios", () => {
  test("can all be played by Bookinfo with the shop, and by each mesh as far as it has what they need", () => {
    expect(scenariosOf(bookinfoWithShop)).toEqual(knownScenarios);
    expect(scenariosOf(bookinfoMesh).map((one) => one.name)).not.toContain("storm");
    expect(scenariosOf(generatedMesh({ services: 20, seed: 1 })).map((one) => one.name)).toEqual(["healthy", "storm"]);
  });

  test("are refused by name where there is none, or the mesh lacks what it needs", () => {
    expect(() => scenarioFor(bookinfoMesh, "rating-delay")).toThrow(
      /^There is no scenario rating-delay; choose one of healthy, ratings-delay, /,
    );
    expect(() => scenarioFor(bookinfoMesh, "storm")).toThrow(/^The mesh bookinfo cannot play the scenario storm; /);
    expect(() => createSimulation({ mesh: bookinfoMesh, seed: 1, startMs: 0, scenario: "x" })).toThrow(
      expect.objectContaining({ code: "MESHLENS_ERR_DEMO_SCENARIO" }),
    );
  });
});
