import { describe, expect, test } from "@jest/globals";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { EdgeMeasure, WindowEvidence } from "../../src/diagnosis/incident-evidence.js";
import type { IncidentGraph } from "../../src/diagnosis/incident-graph.js";
import { countedEdge } from "../support/made-edges.js";
import { type MadeCall, madeEvidence, madeWindow, refOf } from "../support/made-traces.js";

type Sick = (number: number) => Partial<MadeCall>;

const well: Sick = () => ({});

/** Gateway, shop, orders, stock; the shop's ads are another branch. */
function shop(stock: Sick): (number: number) => MadeCall {
  return (number) => {
    const failing = stock(number).isError === true;
    const stockCall: MadeCall = { service: "stock", selfMs: 6 + (number % 5) * 0.3, ...stock(number) };
    const orders: MadeCall = { service: "orders", isError: failing, calls: [stockCall] };
    return {
      service: "gateway",
      isError: failing,
      calls: [{ service: "front", isError: failing, calls: [{ service: "ads", selfMs: 3 }, orders] }],
    };
  };
}

const before = [madeWindow(40, shop(well)), madeWindow(40, shop(well), 100_000)];
const graphOf = (sick: Sick, incident: Partial<WindowEvidence> = {}): IncidentGraph =>
  diagnose(madeEvidence({ ...madeWindow(60, shop(sick), 600_000), ...incident }, before, { service: refOf("front") }))
    .graph;

function names({ nodes }: IncidentGraph): readonly string[] {
  return nodes.map(({ name }) => name);
}

function call({ nodes, edges }: IncidentGraph, from: string, to: string) {
  return edges.find(({ source, destination }) => nodes[source]?.name === from && nodes[destination]?.name === to);
}

describe("the graph of an incident", () => {
  const failing = graphOf((number) => ({ isError: number % 2 === 0 }));

  test("holds who suffers, the suspect, the way to it, the caller, and a callee that is well", () => {
    expect(new Set(names(failing))).toEqual(new Set(["front", "stock", "orders", "gateway", "ads"]));
    expect(failing.nodes.filter(({ isAlerting }) => isAlerting).map(({ name }) => name)).toEqual(["front"]);
    expect(failing.nodes.find(({ name }) => name === "stock")?.suspect).toMatchObject({ rank: 1, grade: "LIKELY" });
  });

  test("weighs calls by how much more of them fail, per request", () => {
    expect(failing).toMatchObject({ measure: "FAILED", basis: "TRACES" });
    expect(call(failing, "orders", "stock")).toMatchObject({
      callsPer100: 100,
      failedRatio: { incident: 0.5, before: 0 },
      excessFailedPer100: 50,
      weight: 1,
    });
    expect(call(failing, "front", "ads")).toMatchObject({ excessFailedPer100: 0, weight: 0 });
  });

  test("weighs calls by time when the suspect is slow", () => {
    const slow = graphOf(() => ({ selfMs: 500 }));
    expect(slow.measure).toBe("TIME");
    const worst = call(slow, "orders", "stock");
    expect(worst?.callMs?.incident).toBeCloseTo(501, 0);
    expect(worst?.callMs?.before).toBeCloseTo(7.6, 0);
    expect(worst?.excessMs).toBeCloseTo(493.4, 0);
    expect(call(slow, "front", "ads")?.weight).toBe(0);
  });

  test("of a quiet time has no measure and marks nobody", () => {
    const quiet = graphOf(well);
    expect(quiet.measure).toBeNull();
    expect(quiet.nodes.some(({ suspect }) => suspect !== null)).toBe(false);
  });

  test("without any evidence is empty", () => {
    const nothing = diagnose(madeEvidence({ ...madeWindow(0, shop(well)), traces: null }, [], { service: null })).graph;
    expect(nothing).toMatchObject({ nodes: [], edges: [] });
  });

  test("marks the service whose budget burns where its caller's requests are looked at", () => {
    const evidence = madeEvidence(
      madeWindow(
        60,
        shop((number) => ({ isError: number % 2 === 0 })),
      ),
      before,
      {
        service: refOf("front"),
        alerting: refOf("orders"),
      },
    );
    const { nodes } = diagnose(evidence).graph;
    expect(nodes.filter(({ isAlerting }) => isAlerting).map(({ name }) => name)).toEqual(["orders"]);
  });
});

/** Everybody calls `core`, which fails; two thousand services in all. */
function wideMesh(failedOf: (number: number) => number): readonly EdgeMeasure[] {
  return [
    countedEdge("gateway", "front", 10_000, failedOf(4)),
    countedEdge("front", "core", 10_000, failedOf(4)),
    ...Array.from({ length: 2_000 }, (_, i) => countedEdge(`service-${i}`, "core", 100, failedOf(i) / 100)),
    ...Array.from({ length: 2_000 }, (_, i) => countedEdge(`service-${i}`, `service-${(i + 7) % 2_000}`, 50, 0)),
  ];
}

test("of a mesh of 2,000 services shows 15 at most, in few bytes, and sums up the rest", () => {
  const window = (failedOf: (number: number) => number): WindowEvidence => ({
    ...madeWindow(0, shop(well)),
    traces: null,
    edges: wideMesh(failedOf),
  });
  const { graph } = diagnose(
    madeEvidence(
      window((i) => 4_000 - i),
      [window(() => 0), window(() => 1)],
      { service: refOf("front") },
    ),
  );
  expect(graph.basis).toBe("METRICS");
  expect(graph.nodes.length).toBeLessThanOrEqual(15);
  expect(graph.edges.length).toBeLessThanOrEqual(24);
  expect(graph.nodes.some(({ name, suspect }) => name === "core" && suspect?.rank === 1)).toBe(true);
  expect(graph.rest.nodeCount).toBe(2_003 - graph.nodes.length);
  expect(graph.rest.excessRatio).toBeGreaterThan(0.5);
  expect(JSON.stringify(graph).length).toBeLessThan(10_000);
});
