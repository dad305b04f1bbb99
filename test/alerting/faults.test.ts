/**
 * What the faults of sources, of the store and of the calendar do to alerts: the incidents of an outage beside those of an undisturbed run.
 * Each fault once over whole evaluations; their details are tested where they are handled:
 *
 * broken YAML, contradictory SLI, target 1 or 100 %, negative window → test/slo/short-form/read-short-form.test.ts · duplicate name →
 * test/slo/load-objectives.test.ts · counter reset, gap, vanished and newborn series → test/support/closed-form-cases.ts, on memory and on
 * real servers · clock jump → clock-jumps.test.ts · restart of a backend → test/real/prometheus-restart.test.ts · two processes on one store →
 * test/server/second-process.test.ts · locked store → evaluation-loop.test.ts, test/store/sqlite-faults.test.ts · kill -9 →
 * test/server/alerting-crash.test.ts
 */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../src/errors.js";
import type { Objective } from "../../src/slo/objective.js";
import { parseUserQuery } from "../../src/slo/promql/parse-user-query.js";
import type { AlertStore } from "../../src/store/alert-store.js";
import type { Store } from "../../src/store/store.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";

import {
  cartObjectives,
  createWeatheredMesh,
  evaluatorOver,
  openMemoryStore,
  startMs,
  stepMs,
} from "./evaluated-mesh.js";

const outage = (minute: number) => (minute > 20 && minute <= 30 ? 0.5 : 0);
const availability = cartObjectives.slice(0, 1);
const minuteMs = 60_000;

describe("an outage under evaluation", () => {
  let store: Store;
  beforeEach(async () => {
    store = await openMemoryStore();
  });
  afterEach(() => store.close());

  /** States of the availability of the cart, with the minute of each, from minute 1 until `until`. */
  async function play(
    until: number,
    given: {
      readonly source?: (source: MetricSource) => MetricSource;
      readonly alerts?: Pick<AlertStore, "load" | "commitCycle">;
      readonly objectives?: readonly Objective[];
      readonly weather?: (minute: number) => number;
      readonly before?: (minute: number, mesh: ReturnType<typeof createWeatheredMesh>) => void;
    } = {},
  ) {
    const mesh = createWeatheredMesh(given.weather ?? outage);
    const over = given.source === undefined ? mesh : { ...mesh, source: given.source(mesh.source) };
    const { evaluator, minutes, moves } = evaluatorOver(over, store, given.alerts);
    await evaluator.load(startMs);
    const dataStates: string[] = [];
    for (let minute = 1; minute <= until; minute += stepMs / minuteMs) {
      given.before?.(minute, mesh);
      const cycle = await minutes(minute, minute, given.objectives ?? availability).catch(() => null);
      const state = cycle?.evaluations[0]?.dataState ?? "NOT STORED";
      if (dataStates.at(-1) !== state) dataStates.push(state);
    }
    return { kinds: moves().map(([, to, severity]) => `${to} ${severity}`), moves: moves(), dataStates };
  }

  const undisturbed = ["PENDING PAGE", "FIRING PAGE", "RECOVERING PAGE"];

  test("undisturbed fires and recovers", async () => {
    const { kinds, dataStates } = await play(45);
    expect(kinds).toEqual(undisturbed);
    expect(dataStates).toEqual(["OK"]);
  });

  test("a user's query on a metric that is not there is NO_DATA, and fires nothing", async () => {
    const [objective] = availability as [Objective];
    const parsed = parseUserQuery("sum(rate(no_such_total[5m]))");
    const counts = "query" in parsed ? parsed.query : null;
    if (counts?.kind !== "counts") throw new Error("the query is not counted");
    const sli = { kind: "EVENTS", partIs: "failed", part: counts, total: counts } as const;
    const { kinds, dataStates } = await play(30, { objectives: [{ ...objective, sli }] });
    expect(kinds).toEqual([]);
    expect(dataStates).toEqual(["NO_DATA"]);
  });

  test("series that are NaN for minutes in the middle of it neither resolve nor repeat it", async () => {
    const broken = (minute: number) => minute > 24 && minute <= 28;
    const { kinds, dataStates } = await play(45, {
      before: (minute, mesh) => mesh.breakValues(broken(minute)),
    });
    expect(kinds).toEqual(undisturbed);
    expect(dataStates).toEqual(["OK", "NO_DATA", "OK"]);
  });

  test("half of the shards answering is UNKNOWN: what fired stays, what burns waits", async () => {
    const [from, to] = [23, 29];
    let minute = 0;
    const half = (source: MetricSource): MetricSource => ({
      ...source,
      async query(request, options) {
        const { rows, ...rest } = await source.query(request, options);
        const isHalf = minute > from && minute <= to;
        return { ...rest, rows: isHalf ? [] : rows, warnings: isHalf ? ["1 of 2 stores did not answer"] : [] };
      },
    });
    const { kinds, dataStates } = await play(45, {
      source: half,
      before: (now) => {
        minute = now;
      },
    });
    expect(kinds).toEqual(undisturbed);
    expect(dataStates).toEqual(["OK", "UNKNOWN", "OK"]);
  });

  test("a disk that is full for ten minutes loses no incident and doubles none", async () => {
    let minute = 0;
    const alerts: Pick<AlertStore, "load" | "commitCycle"> = {
      load: store.alerts.load,
      async commitCycle(commit) {
        if (minute > 22 && minute <= 32) throw new MeshlensError("MESHLENS_ERR_STORE_FULL", "The disk is full.");
        await store.alerts.commitCycle(commit);
      },
    };
    const { kinds, dataStates } = await play(60, {
      alerts,
      before: (now) => {
        minute = now;
      },
    });
    expect(dataStates).toEqual(["OK", "NOT STORED", "OK"]);
    expect(kinds[0]).toBe("PENDING PAGE");
    expect(kinds.filter((kind) => kind.startsWith("FIRING")).length).toBeLessThanOrEqual(1);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  test("a day of 25 hours changes no window: its budget is that of the day by the wall clock", async () => {
    // The mesh lives from midnight UTC; clocks in New York go back at 06:00 UTC of that day, which began at 04:00.
    const [objective] = availability as [Objective];
    const period = {
      kind: "calendar",
      unit: "day",
      count: 1,
      zone: "America/New_York",
      anchor: "2026-01-01T00:00:00",
    } as const;
    const foldMinute = 6 * 60;
    const weather = (minute: number) => outage(minute - foldMinute + 25);
    const mesh = createWeatheredMesh(weather);
    const calendar = { ...objective, period };
    const { evaluator, minutes, moves } = evaluatorOver(mesh, store);
    await evaluator.load(startMs);
    await minutes(foldMinute - 20, foldMinute - 20, [calendar]);
    const cycle = await minutes(foldMinute - 19.5, foldMinute + 20, [calendar]);
    expect(moves().map(([, to, severity]) => `${to} ${severity}`)).toEqual(undisturbed);
    const sinceMidnightMs = (2 * 60 + 20) * minuteMs - 30_000;
    expect(cycle.measurements.at(0).period?.windowMs).toBe(sinceMidnightMs);
  });

  test("evaluations that take longer than their interval decide the same, later by what they took", async () => {
    const every = 3;
    const mesh = createWeatheredMesh(outage);
    const { evaluator, moves } = evaluatorOver(mesh, store);
    await evaluator.load(startMs);
    for (let n = 2; n <= 110; n += every) {
      mesh.scrapeUntil(startMs + n * stepMs);
      await evaluator.cycle(
        startMs + n * stepMs,
        { objectives: availability, isComplete: true },
        {
          signal: new AbortController().signal,
          deadlineMs: Date.now() + 20_000,
        },
      );
    }
    expect(moves().map(([, to, severity]) => `${to} ${severity}`)).toEqual(undisturbed);
  });
});
