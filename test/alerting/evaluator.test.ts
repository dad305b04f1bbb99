import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../src/errors.js";
import type { AlertStore } from "../../src/store/alert-store.js";
import type { Store } from "../../src/store/store.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { createWeatheredMesh, evaluatorOver, openMemoryStore, startMs, stepMs } from "./evaluated-mesh.js";

const outage = (minute: number) => (minute > 20 && minute <= 30 ? 0.5 : 0);

describe("evaluating", () => {
  let store: Store;
  beforeEach(async () => {
    store = await openMemoryStore();
  });
  afterEach(() => store.close());

  test("an outage fires and resolves, in the store as it was told", async () => {
    const { minutes, moves, changes, evaluator } = evaluatorOver(createWeatheredMesh(outage), store);
    await evaluator.load(startMs);
    await minutes(1, 180);
    expect(moves().map(([from, to]) => [from, to])).toContainEqual(["PENDING", "FIRING"]);
    const ids = [...new Set(changes.map(({ incident }) => incident.id))];
    const stored = (await store.alerts.transitionsOf(ids)).flat();
    expect(stored.map(({ atMs }) => atMs).sort()).toEqual(changes.map(({ transition }) => transition.atMs).sort());
    const incidents = await store.alerts.incidentsById(ids, seeAll);
    for (const incident of incidents) expect(incident?.service.name).toBe("cart");
    const evidence = await store.alerts.evidenceOf(ids);
    expect(evidence[0]?.payload).toMatchObject({ burnConditions: expect.any(Array), totalCount: expect.any(Number) });
  });

  test("a new process goes on where the last one stopped, whenever that was", async () => {
    const undisturbed = evaluatorOver(createWeatheredMesh(outage), store);
    await undisturbed.evaluator.load(startMs);
    await undisturbed.minutes(1, 90);
    const other = await openMemoryStore();
    try {
      const mesh = createWeatheredMesh(outage);
      const told: unknown[] = [];
      for (let minute = 1; minute <= 90; minute += 0.5) {
        // Every evaluation by a process of its own.
        const one = evaluatorOver(mesh, other);
        const loaded = await one.evaluator.load(startMs + minute * 60_000);
        expect(loaded).toBe(minute === 1 ? null : startMs + minute * 60_000 - stepMs);
        await one.minutes(minute, minute);
        told.push(...one.moves());
      }
      expect(told).toEqual(undisturbed.moves());
      expect(told.length).toBeGreaterThan(2);
    } finally {
      await other.close();
    }
  });

  test.each([
    ["was written all the same", true],
    ["was not written", false],
  ])("a store that fails under a commit that %s loses and doubles nothing", async (_, isWritten) => {
    let failures = 0;
    const alerts: Pick<AlertStore, "load" | "commitCycle"> = {
      load: store.alerts.load,
      async commitCycle(commit) {
        const isBad = commit.transitions.length > 0 && failures < 3;
        if (!isBad || isWritten) await store.alerts.commitCycle(commit);
        if (!isBad) return;
        failures += 1;
        throw new MeshlensError("MESHLENS_ERR_STORE_UNREACHABLE", "The store failed.");
      },
    };
    const { evaluator, moves, minutes } = evaluatorOver(createWeatheredMesh(outage), store, alerts);
    await evaluator.load(startMs);
    for (let minute = 1; minute <= 40; minute += 0.5) await minutes(minute, minute).catch(() => {});
    expect(failures).toBe(3);
    const { incidents } = await store.alerts.incidents({ filter: {}, visibility: seeAll, first: 10, after: null });
    const stored = (await store.alerts.transitionsOf(incidents.map(({ id }) => id))).flat();
    expect(stored.length).toBe(moves().length);
    expect(
      moves()
        .map(([from, to]) => [from, to])
        .slice(0, 2),
    ).toEqual([
      [null, "PENDING"],
      [null, "PENDING"],
    ]);
  });

  test("another evaluator's word in the store stands", async () => {
    const one = evaluatorOver(createWeatheredMesh(outage), store);
    const two = evaluatorOver(createWeatheredMesh(outage), store);
    await one.evaluator.load(startMs);
    await two.evaluator.load(startMs);
    await one.minutes(1, 26);
    await expect(two.minutes(1, 26.5)).rejects.toMatchObject({ code: "MESHLENS_ERR_STORE_CONFLICT" });
    await two.minutes(26.5, 60);
    const { incidents } = await store.alerts.incidents({ filter: {}, visibility: seeAll, first: 10, after: null });
    expect(new Set(incidents.map(({ objectiveId }) => objectiveId)).size).toBe(incidents.length);
  });

  test("a removed objective's incident resolves and says why; its return is a new one", async () => {
    const { evaluator, minutes, changes } = evaluatorOver(
      createWeatheredMesh((minute) => (minute > 5 ? 0.5 : 0)),
      store,
    );
    await evaluator.load(startMs);
    await minutes(1, 12);
    expect(evaluator.openIncidents()).toHaveLength(2);
    await minutes(12.5, 13, [], false);
    expect(evaluator.openIncidents()).toHaveLength(2);
    const before = changes.length;
    await minutes(13.5, 14, []);
    expect(evaluator.openIncidents()).toEqual([]);
    expect(changes.slice(before).map(({ transition: { to, reason } }) => [to, reason])).toEqual([
      ["RESOLVED", "the objective was removed: nobody watches it any more"],
      ["RESOLVED", "the objective was removed: nobody watches it any more"],
    ]);
    await minutes(14.5, 17);
    expect(evaluator.openIncidents()).toHaveLength(2);
    const ids = [...new Set(changes.map(({ incident }) => incident.id))];
    expect(ids).toHaveLength(4);
  });

  test("a source that is down holds an incident where it is", async () => {
    const mesh = createWeatheredMesh((minute) => (minute > 5 && minute < 12 ? 0.5 : 0));
    const { evaluator, minutes, moves } = evaluatorOver(mesh, store);
    await evaluator.load(startMs);
    await minutes(1, 11.5);
    const before = moves().length;
    mesh.fail("error");
    const { evaluations } = await minutes(12, 60);
    expect(evaluations.map(({ dataState }) => dataState)).toEqual(["UNKNOWN", "UNKNOWN"]);
    expect(moves()).toHaveLength(before);
    expect(evaluator.openIncidents()).toHaveLength(2);
  });
});
