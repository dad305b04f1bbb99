/** The contract of the stored alerts. Called by the store's contract. */
import { describe, expect, test } from "@jest/globals";
import type { CycleCommit, IncidentRecord, StoredTransition } from "../../src/store/alert-store.js";
import { seeAll, type Visibility } from "../../src/telemetry/visibility.js";
import type { StoreUnderTest } from "./store.contract.js";

const startMs = Date.UTC(2026, 10, 1);

const emptyCycle: CycleCommit = {
  evaluatedAtMs: startMs,
  states: [],
  transitions: [],
  incidents: [],
  removedObjectives: [],
  evidence: [],
};

function incident(id: string, given: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    id,
    objectiveId: `objective of ${id}`,
    service: { cluster: "default", namespace: "shop", name: "reviews" },
    state: "FIRING",
    severity: "PAGE",
    startedAtMs: startMs,
    recoveredAtMs: null,
    resolvedAtMs: null,
    payload: { summary: "burns" },
    ...given,
  };
}

function transition(objectiveId: string, seq: number, incidentId: string | null = null): StoredTransition {
  return { objectiveId, seq, incidentId, atMs: startMs + seq, payload: { to: `state ${seq}` } };
}

/** Objective o with its transitions `from`..`to`. */
function steps(from: number, to: number, incidentId: string | null = null): CycleCommit {
  const transitions = Array.from({ length: to - from + 1 }, (_, i) => transition("o", from + i, incidentId));
  return { ...emptyCycle, transitions, states: [{ objectiveId: "o", seq: to, state: { seq: to } }] };
}

/** The alerts of the contract. */
export function describeAlertStore(under: StoreUnderTest): void {
  const alerts = () => under.store().alerts;
  const page = (given: Partial<Parameters<ReturnType<typeof alerts>["incidents"]>[0]> = {}) =>
    alerts().incidents({ filter: {}, visibility: seeAll, first: 100, after: null, ...given });
  const idsOf = async (given: Parameters<typeof page>[0]) => (await page(given)).incidents.map(({ id }) => id);

  describe("alerts", () => {
    test("a new store has no state", async () => {
      expect(await alerts().load()).toEqual({ evaluatedAtMs: null, states: [], openIncidents: [] });
    });

    test("a commit is loaded as it was written", async () => {
      const open = incident("i1");
      await alerts().commitCycle({ ...steps(1, 2, "i1"), incidents: [open], evaluatedAtMs: startMs + 5 });
      expect(await alerts().load()).toEqual({
        evaluatedAtMs: startMs + 5,
        states: [{ objectiveId: "o", seq: 2, state: { seq: 2 } }],
        openIncidents: [{ ...open, acknowledged: null, silence: null }],
      });
      expect(await alerts().transitionsOf(["none", "i1"])).toEqual([
        [],
        [transition("o", 1, "i1"), transition("o", 2, "i1")],
      ]);
    });

    test("the same commit twice is one", async () => {
      const commit = { ...steps(1, 3, "i1"), incidents: [incident("i1")] };
      await alerts().commitCycle(commit);
      await alerts().commitCycle(commit);
      expect((await alerts().transitionsOf(["i1"]))[0]).toHaveLength(3);
    });

    test("a commit that contradicts what is stored is refused whole", async () => {
      await alerts().commitCycle(steps(1, 2));
      const other = { ...transition("o", 2), payload: { to: "another" } };
      const contradictions: CycleCommit[] = [
        { ...steps(2, 2), transitions: [other] },
        steps(4, 4),
        { ...steps(3, 3), states: [] },
        { ...emptyCycle, states: [{ objectiveId: "o", seq: 1, state: null }] },
      ];
      for (const commit of contradictions) {
        const whole = { ...commit, evaluatedAtMs: startMs + 99, incidents: [incident("never")] };
        await expect(alerts().commitCycle(whole)).rejects.toMatchObject({ code: "MESHLENS_ERR_STORE_CONFLICT" });
      }
      const loaded = await alerts().load();
      expect([loaded.evaluatedAtMs, loaded.openIncidents, loaded.states[0]?.seq]).toEqual([startMs, [], 2]);
    });

    test("of two evaluators that write the same objective at once one is refused", async () => {
      const [mine, theirs] = [steps(1, 1), { ...steps(1, 1), transitions: [{ ...transition("o", 1), atMs: 1 }] }];
      const outcomes = await Promise.allSettled([alerts().commitCycle(mine), alerts().commitCycle(theirs)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    });

    test("a removed objective loses its state and keeps its numbering and incidents", async () => {
      await alerts().commitCycle({ ...steps(1, 2, "i1"), incidents: [incident("i1", { resolvedAtMs: startMs })] });
      await alerts().commitCycle({ ...emptyCycle, removedObjectives: ["o", "unknown"] });
      expect((await alerts().load()).states).toEqual([{ objectiveId: "o", seq: 2, state: null }]);
      await alerts().commitCycle(steps(3, 3, "i1"));
      expect((await alerts().transitionsOf(["i1"]))[0]).toHaveLength(3);
    });

    test("a thousand changed objectives are one commit", async () => {
      const many = Array.from({ length: 1_100 }, (_, i) => `o${i}`);
      await alerts().commitCycle({
        ...emptyCycle,
        states: many.map((objectiveId) => ({ objectiveId, seq: 1, state: { a: [1, null, "é\u0000\ud83d\ude00"] } })),
        transitions: many.map((objectiveId) => transition(objectiveId, 1, `i ${objectiveId}`)),
        incidents: many.map((objectiveId) => incident(`i ${objectiveId}`)),
      });
      const { states, openIncidents } = await alerts().load();
      expect([states.length, openIncidents.length, states[0]?.state]).toEqual([
        1_100,
        1_100,
        { a: [1, null, "é\u0000😀"] },
      ]);
    });

    test("incidents come in pages, newest start first, then by id", async () => {
      const incidents = Array.from({ length: 25 }, (_, i) =>
        incident(`i${i}`, { startedAtMs: startMs + Math.floor(i / 3) }),
      );
      await alerts().commitCycle({ ...emptyCycle, incidents });
      const seen: string[] = [];
      for (let after: { startedAtMs: number; id: string } | null = null; ; ) {
        const { incidents: found, hasNextPage } = await page({ first: 4, after });
        seen.push(...found.map(({ id }) => id));
        if (!hasNextPage) break;
        after = found.at(-1) ?? null;
      }
      const byKey = (a: IncidentRecord, b: IncidentRecord) => b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : -1);
      expect(seen).toEqual(incidents.toSorted(byKey).map(({ id }) => id));
    });

    test("incidents are filtered by state, severity, namespace, service and objective", async () => {
      const cart = { cluster: "default", namespace: "bank", name: "cart" };
      await alerts().commitCycle({
        ...emptyCycle,
        incidents: [
          incident("a"),
          incident("b", { state: "RESOLVED", service: cart }),
          incident("c", { severity: "TICKET" }),
        ],
      });
      expect(await idsOf({ filter: { states: ["FIRING"] } })).toEqual(["c", "a"]);
      expect(await idsOf({ filter: { severities: ["TICKET"] } })).toEqual(["c"]);
      expect(await idsOf({ filter: { namespaces: ["bank", "x' or 1=1"] } })).toEqual(["b"]);
      expect(await idsOf({ filter: { services: [cart, { ...cart, cluster: "west" }] } })).toEqual(["b"]);
      expect(await idsOf({ filter: { objectiveIds: ["objective of a"], states: ["FIRING"] } })).toEqual(["a"]);
      expect(await idsOf({ filter: { states: [] } })).toEqual([]);
      expect(await idsOf({ filter: { services: [] } })).toEqual([]);
      expect(await alerts().countIncidents({ filter: { states: ["FIRING"] }, visibility: seeAll })).toBe(2);
    });

    test("incidents of namespaces a caller may not see are not there for that caller", async () => {
      const hidden = incident("hidden", { service: { cluster: "default", namespace: "bank", name: "cart" } });
      await alerts().commitCycle({ ...emptyCycle, incidents: [incident("seen"), hidden] });
      const visibility: Visibility = { namespaces: new Set(["shop"]) };
      expect(await idsOf({ visibility })).toEqual(["seen"]);
      expect(await alerts().countIncidents({ filter: {}, visibility })).toBe(1);
      const found = await alerts().incidentsById(["hidden", "seen", "none"], visibility);
      expect(found.map((one) => one?.id ?? null)).toEqual([null, "seen", null]);
      expect(await alerts().acknowledge("hidden", { by: "eve", atMs: 1 }, visibility)).toBeNull();
      expect(await alerts().silence("hidden", { by: "eve", atMs: 1, untilMs: 2 }, visibility)).toBeNull();
      expect((await alerts().incidentsById(["hidden"], seeAll))[0]).toMatchObject({
        acknowledged: null,
        silence: null,
      });
      expect(await idsOf({ visibility: { namespaces: new Set() } })).toEqual([]);
    });

    test("the first who acknowledges stays, the last silence counts, and evaluations overwrite neither", async () => {
      await alerts().commitCycle({ ...emptyCycle, incidents: [incident("i")] });
      await alerts().acknowledge("i", { by: "ann", atMs: 1 }, seeAll);
      await alerts().acknowledge("i", { by: "bob", atMs: 2 }, seeAll);
      await alerts().silence("i", { by: "ann", atMs: 3, untilMs: null }, seeAll);
      await alerts().silence("i", { by: "bob", atMs: 4, untilMs: 9 }, seeAll);
      await alerts().commitCycle({
        ...emptyCycle,
        incidents: [incident("i", { state: "RECOVERING", recoveredAtMs: 5 })],
      });
      expect((await alerts().incidentsById(["i"], seeAll))[0]).toMatchObject({
        state: "RECOVERING",
        recoveredAtMs: 5,
        acknowledged: { by: "ann", atMs: 1 },
        silence: { by: "bob", atMs: 4, untilMs: 9 },
      });
      expect(await alerts().silence("i", null, seeAll)).toMatchObject({ silence: null });
    });

    test("evidence is kept as taken; newer replaces it, older does not", async () => {
      const evidence = (takenAtMs: number) => ({ incidentId: "i", takenAtMs, payload: { at: takenAtMs } });
      await alerts().commitCycle({ ...emptyCycle, incidents: [incident("i")], evidence: [evidence(5)] });
      await alerts().saveEvidence(evidence(9));
      await alerts().saveEvidence(evidence(7));
      expect(await alerts().evidenceOf(["none", "i"])).toEqual([null, evidence(9)]);
    });

    test("retention ends old evidence and resolved incidents, never open ones", async () => {
      const ended = incident("ended", { resolvedAtMs: startMs + 10, objectiveId: "o" });
      const evidence = ["ended", "open"].map((incidentId) => ({ incidentId, takenAtMs: startMs, payload: null }));
      await alerts().commitCycle({ ...steps(1, 2, "ended"), incidents: [ended, incident("open")], evidence });
      expect(await alerts().prune({ evidenceMs: startMs, resolvedMs: startMs + 10 })).toEqual({
        evidence: 0,
        incidents: 0,
      });
      expect(await alerts().prune({ evidenceMs: startMs + 1, resolvedMs: startMs + 11 })).toEqual({
        evidence: 2,
        incidents: 1,
      });
      expect(await idsOf({})).toEqual(["open"]);
      expect(await alerts().transitionsOf(["ended"])).toEqual([[]]);
      await alerts().commitCycle(steps(3, 3));
    });

    if (under.isLasting) {
      test("everything is there after a restart", async () => {
        await alerts().commitCycle({ ...steps(1, 2, "i"), incidents: [incident("i")] });
        await alerts().acknowledge("i", { by: "ann", atMs: 1 }, seeAll);
        const before = [await alerts().load(), await alerts().transitionsOf(["i"])];
        await under.reopen();
        expect([await alerts().load(), await alerts().transitionsOf(["i"])]).toEqual(before);
      });
    }
  });
}
