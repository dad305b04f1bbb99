import { describe, expect, test } from "@jest/globals";
import type { Evidence } from "../../../src/alerting/evidence.js";
import { createEvidenceGatherer, type GathererDeps } from "../../../src/alerting/gathering/evidence-gatherer.js";
import { plainJson, storedTransition } from "../../../src/alerting/stored-alert.js";
import { firedAtMs, makeEvidence } from "../../support/evidence.js";
import { makeSnapshot } from "../../support/incident-snapshot.js";
import { waitUntil } from "../../support/wait-until.js";

const emptyStore: GathererDeps["alerts"] = {
  load: async () => ({ evaluatedAtMs: null, states: [], openIncidents: [] }),
  evidenceOf: async () => [],
  transitionsOf: async () => [],
};

function scene(given: Partial<GathererDeps> = {}) {
  const saved: (readonly [string, Evidence])[] = [];
  const failed: string[] = [];
  const held: (() => void)[] = [];
  let busiest = 0;
  let busy = 0;
  const gatherer = createEvidenceGatherer({
    alerts: emptyStore,
    clock: { nowMs: () => firedAtMs + 9_000 },
    snapshotOf: async (id) => makeSnapshot({}, { id }),
    gather: async (_, toMs) => {
      busy += 1;
      busiest = Math.max(busiest, busy);
      await new Promise<void>((resolve) => held.push(resolve));
      busy -= 1;
      return makeEvidence({ takenAtMs: toMs + 1 });
    },
    save: async (id, evidence) => void saved.push([id, evidence]),
    onFailed: (_, id) => failed.push(id),
    ...given,
  });
  const letGo = async () => {
    for (const go of held.splice(0)) go();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { gatherer, saved, failed, held, letGo, busiest: () => busiest };
}

describe("the gatherer of evidence", () => {
  test("gathers what fired up to that instant, what is refreshed up to now, an incident once", async () => {
    const { gatherer, saved, letGo, held } = scene();
    gatherer.fired("a");
    gatherer.fired("a");
    await waitUntil("it gathers", () => held.length === 1);
    await letGo();
    await waitUntil("it is saved", () => saved.length === 1);
    gatherer.refresh("a");
    await waitUntil("it gathers anew", () => held.length === 1);
    await letGo();
    await waitUntil("it is saved anew", () => saved.length === 2);
    expect(saved.map(([, { takenAtMs }]) => takenAtMs - firedAtMs)).toEqual([1, 9_001]);
  });

  test("in a storm it asks for a few at a time, and for the rest nothing, which is said", async () => {
    const { gatherer, saved, letGo, busiest } = scene();
    for (let n = 0; n < 1_000; n += 1) gatherer.fired(`i${n}`);
    await waitUntil("all is saved", async () => {
      await letGo();
      return saved.length === 1_000;
    });
    expect(busiest()).toBe(4);
    const leftOut = saved.filter(([, { missing }]) => missing.some(({ state }) => state === "RATE_LIMITED"));
    expect(leftOut).toHaveLength(1_000 - 16);
    expect(leftOut[0]?.[1].isGathered).toBe(true);
  });

  test("a failing store costs the evidence of one incident and is told", async () => {
    const { gatherer, saved, failed, letGo } = scene({
      save: async (id, evidence) => {
        if (id === "a") throw new Error("disk full");
        saved.push([id, evidence]);
      },
    });
    gatherer.fired("a");
    gatherer.fired("b");
    await waitUntil("b is saved", async () => {
      await letGo();
      return saved.length === 1;
    });
    expect(failed).toEqual(["a"]);
  });

  test("after a start it takes up what was never gathered, or got worse since; nothing else", async () => {
    const begun = makeEvidence({ isGathered: false, takenAtMs: firedAtMs });
    const whole = makeEvidence({ takenAtMs: firedAtMs + 4_000 });
    const course = (id: string, worseAtMs: number | null) =>
      [
        { atMs: firedAtMs, severity: "TICKET", from: "PENDING" },
        ...(worseAtMs === null ? [] : [{ atMs: worseAtMs, severity: "PAGE", from: "FIRING" }]),
      ].map((step, at) =>
        storedTransition(
          {
            incidentId: id,
            sequence: at + 1,
            objectiveId: "o",
            to: "FIRING",
            reason: "it burns",
            burnConditions: [],
            goodCount: null,
            totalCount: null,
            ...(step as { atMs: number; severity: "PAGE"; from: "FIRING" }),
          },
          at + 1,
        ),
      );
    const stored = [
      ["begun", begun, null],
      ["whole", whole, null],
      ["worse", whole, firedAtMs + 60_000],
      ["none", null, null],
    ] as const;
    const { gatherer, saved, letGo } = scene({
      alerts: {
        load: async () => ({
          evaluatedAtMs: firedAtMs,
          states: [],
          openIncidents: [
            ...stored.map(([id]) => makeSnapshot({}, { id }).incident),
            makeSnapshot({ state: "PENDING" }, { id: "pending" }).incident,
          ],
        }),
        evidenceOf: async (ids) =>
          ids.map((incidentId) => {
            const evidence = stored.find(([id]) => id === incidentId)?.[1] ?? null;
            return evidence && { incidentId, takenAtMs: evidence.takenAtMs, payload: plainJson(evidence) };
          }),
        transitionsOf: async (ids) => ids.map((id) => course(id, stored.find(([one]) => one === id)?.[2] ?? null)),
      },
    });
    await gatherer.resume();
    await waitUntil("they are saved", async () => {
      await letGo();
      return saved.length === 3;
    });
    expect(saved.map(([id]) => id).sort()).toEqual(["begun", "none", "worse"]);
  });

  test("what fires while it looks for what a stop cut short is gathered once", async () => {
    const incident = makeSnapshot({}, { id: "a" }).incident;
    let look = () => {};
    const looked = new Promise<void>((resolve) => {
      look = resolve;
    });
    const { gatherer, saved, letGo, held } = scene({
      alerts: {
        load: async () => ({ evaluatedAtMs: firedAtMs, states: [], openIncidents: [incident] }),
        evidenceOf: async () => {
          await looked;
          return [null];
        },
        transitionsOf: async () => [[]],
      },
    });
    gatherer.fired("a");
    const resumed = gatherer.resume();
    await waitUntil("it gathers", () => held.length === 1);
    await letGo();
    await waitUntil("it is saved", () => saved.length === 1);
    look();
    await resumed;
    gatherer.fired("b");
    await waitUntil("the next is gathered", () => held.length === 1);
    await letGo();
    await waitUntil("it is saved too", () => saved.length === 2);
    expect(saved.map(([id]) => id)).toEqual(["a", "b"]);
  });
});
