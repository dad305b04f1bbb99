import { describe, expect, test } from "@jest/globals";
import type { Measurement } from "../../../src/slo/measurement.js";
import type { Objective } from "../../../src/slo/objective.js";
import {
  createListStore,
  createScrapedMesh,
  defaultsOf,
  measurerOver,
  options,
  scrapeMs,
  startMs,
  stepMs,
} from "./measured-mesh.js";

/** Counts of the 5 min window. */
const short = ({ windows }: Measurement) => {
  const window = windows.find(({ windowMs }) => windowMs === 300_000);
  return { good: window?.goodCount, total: window?.totalCount, coverage: window?.coverage };
};

/** Scrapes from the start, with `live` before each, for some minutes. */
function play(minutes: number, mesh: ReturnType<typeof createScrapedMesh>, live: (scrape: number) => void, from = 0) {
  for (let i = from; i <= (minutes * 60_000) / scrapeMs; i += 1) {
    live(i);
    mesh.scrape(startMs + i * scrapeMs);
  }
  return startMs + minutes * 60_000;
}

async function cycles(
  measurer: ReturnType<typeof measurerOver>,
  objectives: readonly Objective[],
  fromMs: number,
  untilMs: number,
) {
  let last: Awaited<ReturnType<typeof measurer.cycle>> | null = null;
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += stepMs) last = await measurer.cycle(nowMs, objectives, options());
  if (last === null) throw new Error("no cycle");
  return last;
}

describe("a measured mesh", () => {
  test("counts good and failed calls of each window, and calls under a threshold", async () => {
    const mesh = createScrapedMesh();
    const endMs = play(12, mesh, () => {
      mesh.count({ service: "cart" }, 8);
      mesh.count({ service: "cart" }, 1, 700);
      mesh.count({ service: "cart", code: "503" }, 1);
      mesh.count({ service: "ads" }, 3);
    });
    const objectives = defaultsOf("cart", "ads");
    const { measurements, endMs: at } = await cycles(measurerOver([mesh.source]), objectives, startMs + 60_000, endMs);
    expect(at).toBe(endMs - 30_000);
    expect(measurements.map(short)).toEqual([
      { good: 180, total: 200, coverage: 1 },
      { good: 160, total: 200, coverage: 1 },
      { good: 60, total: 60, coverage: 1 },
      { good: 60, total: 60, coverage: 1 },
    ]);
    expect(measurements.map(({ dataState }) => dataState)).toEqual(["OK", "OK", "OK", "OK"]);
  });

  test("asks as much for a thousand objectives as for one", async () => {
    const count = async (services: readonly string[]) => {
      const mesh = createScrapedMesh();
      const endMs = play(2, mesh, () => mesh.count({ service: "cart" }, 1));
      const measurer = measurerOver([mesh.source]);
      await measurer.cycle(endMs, defaultsOf(...services), options());
      const first = mesh.calls.splice(0).length;
      await measurer.cycle(endMs + stepMs, defaultsOf(...services), options());
      return [first, mesh.calls.length];
    };
    const few = await count(["cart"]);
    expect(few[0]).toBeLessThanOrEqual(6);
    expect(few[1]).toBe(2);
    expect(await count(Array.from({ length: 500 }, (_, i) => `service-${i}`))).toEqual(few);
  });

  test("a caller with a proxy is counted by it alone, one without by the server's", async () => {
    const mesh = createScrapedMesh();
    const endMs = play(8, mesh, () => {
      mesh.count({ service: "cart", from: "front" }, 5);
      mesh.count({ service: "cart", from: "front", reporter: "destination" }, 7);
      mesh.count({ service: "cart", from: "unknown", reporter: "destination" }, 2);
    });
    const { measurements } = await cycles(measurerOver([mesh.source]), defaultsOf("cart"), startMs + 60_000, endMs);
    expect(short(measurements[0] as Measurement)).toMatchObject({ total: 140, good: 140 });
  });

  test("a caller without a proxy that appears between two learnings is counted from its beginning", async () => {
    const mesh = createScrapedMesh();
    const endMs = play(24, mesh, (i) => {
      mesh.count({ service: "cart", from: "front" }, 5);
      mesh.count({ service: "cart", from: "front", reporter: "destination" }, 5);
      if (i >= 60) mesh.count({ service: "cart", from: "unknown", reporter: "destination" }, 2);
    });
    const { measurements } = await cycles(measurerOver([mesh.source]), defaultsOf("cart"), startMs + 60_000, endMs);
    const hour = measurements[0]?.windows.find(({ windowMs }) => windowMs === 1_800_000);
    // Windows end with the scrape 94; the first of all is history.
    expect(hour?.totalCount).toBe(5 * 94 + 2 * (94 - 60 + 1));
  });

  test("a client from outside that went away is in neither side, a caller of the mesh that gave up failed", async () => {
    const mesh = createScrapedMesh();
    const endMs = play(8, mesh, () => {
      mesh.count({ service: "cart" }, 6);
      mesh.count({ service: "cart", code: "0", flags: "DC" }, 1);
      mesh.count({ service: "cart", from: "unknown", reporter: "destination", code: "0", flags: "DC" }, 3);
    });
    const { measurements } = await cycles(measurerOver([mesh.source]), defaultsOf("cart"), startMs + 60_000, endMs);
    expect(short(measurements[0] as Measurement)).toMatchObject({ total: 140, good: 120 });
  });

  test("says idle without calls or callers, no data when the series are gone, and zero failures where there never were any", async () => {
    const mesh = createScrapedMesh();
    const endMs = play(20, mesh, (i) => {
      if (i < 20) for (const service of ["idle", "gone"]) mesh.count({ service }, 1);
      if (i === 40) mesh.drop("gone");
      mesh.count({ service: "cart" }, 1);
    });
    const objectives = defaultsOf("idle", "gone", "cart", "never").filter(({ name }) => name === "availability");
    const { measurements } = await cycles(measurerOver([mesh.source]), objectives, startMs + 60_000, endMs);
    expect(measurements.map(({ dataState }) => dataState)).toEqual(["IDLE", "NO_DATA", "OK", "IDLE"]);
    expect(short(measurements[2] as Measurement)).toMatchObject({ good: 20, total: 20 });
  });

  test.each(["error", "partial"] as const)(
    "a source that answers with %s is unknown: nothing is written, and it is asked again",
    async (how) => {
      const mesh = createScrapedMesh();
      const endMs = play(20, mesh, () => mesh.count({ service: "cart" }, 1));
      const { store, blocks } = createListStore();
      const measurer = measurerOver([mesh.source], store);
      const objectives = defaultsOf("cart");
      await cycles(measurer, objectives, startMs + 60_000, endMs - 240_000);
      const written = blocks.length;
      mesh.fail(how);
      const dark = await cycles(measurer, objectives, endMs - 210_000, endMs - 60_000);
      expect(dark.measurements.map(({ dataState }) => dataState)).toEqual(["UNKNOWN", "UNKNOWN"]);
      expect(short(dark.measurements[0] as Measurement).coverage).toBeCloseTo(0.4);
      expect(blocks).toHaveLength(written);
      mesh.fail("no");
      const healed = await cycles(measurer, objectives, endMs - 30_000, endMs);
      expect(short(healed.measurements[0] as Measurement)).toEqual({ good: 20, total: 20, coverage: 1 });
    },
  );

  test("a shard that fails makes unknown what it holds and nothing else", async () => {
    const shards = ["a", "b"].map((name) => ({ name, mesh: createScrapedMesh(name) }));
    const sources = shards.map(({ mesh }) => ({ ...mesh.source, isShard: true }));
    let endMs = 0;
    for (const { name, mesh } of shards) endMs = play(10, mesh, () => mesh.count({ service: name }, 1));
    const measurer = measurerOver(sources);
    const objectives = defaultsOf("a", "b").filter(({ name }) => name === "availability");
    await cycles(measurer, objectives, startMs + 60_000, endMs - stepMs);
    shards[1]?.mesh.fail("error");
    const { measurements } = await measurer.cycle(endMs, objectives, options());
    expect(measurements.map(({ dataState }) => dataState)).toEqual(["OK", "UNKNOWN"]);
  });

  test("samples that come late are counted by asking the last steps again", async () => {
    const mesh = createScrapedMesh();
    const endMs = play(10, mesh, () => mesh.count({ service: "cart" }, 1));
    const measurer = measurerOver([mesh.source]);
    const objectives = defaultsOf("cart");
    // Evaluated before the last two scrapes have come.
    await cycles(measurer, objectives, startMs + 60_000, endMs + 60_000);
    play(12, mesh, () => mesh.count({ service: "cart" }, 1), 41);
    const { measurements } = await cycles(measurer, objectives, endMs + 90_000, endMs + 120_000);
    expect(short(measurements[0] as Measurement)).toEqual({ good: 20, total: 20, coverage: 1 });
  });

  test("back-fill brings a late start to the same counts, newest first, and ends where nothing is kept", async () => {
    const mesh = createScrapedMesh();
    const endMs = play(9 * 60, mesh, () => mesh.count({ service: "cart", code: "500" }, 1));
    const measurer = measurerOver([mesh.source]);
    const objectives = defaultsOf("cart").slice(0, 1);
    const first = await measurer.cycle(endMs, objectives, options());
    expect(first.measurements[0]?.windows.map(({ coverage }) => coverage < 0.5)).toContain(true);
    let pieces = 0;
    while ((await measurer.backfill(endMs, objectives, options())) !== "done") pieces += 1;
    expect(pieces).toBeLessThan(100);
    const { measurements } = await measurer.cycle(endMs, objectives, options());
    const counts = measurements[0]?.windows.map(({ windowMs, totalCount }) => [windowMs / 60_000, totalCount]);
    expect(counts?.slice(0, 5)).toEqual([5, 30, 60, 120, 360].map((minutes) => [minutes, minutes * 4]));
    // The first scrape of all is history.
    expect(counts?.at(-1)?.[1]).toBe(9 * 60 * 4 - 2);
  });

  test("five hours without a sample are a gap, not the end of what is kept", async () => {
    const mesh = createScrapedMesh();
    const hours = (from: number, to: number) => {
      for (let atMs = from * 3_600_000; atMs <= to * 3_600_000; atMs += scrapeMs) {
        mesh.count({ service: "cart" }, 1);
        mesh.scrape(startMs + atMs);
      }
    };
    hours(0, 1);
    hours(6, 7);
    const endMs = startMs + 7 * 3_600_000;
    const measurer = measurerOver([mesh.source]);
    const objectives = defaultsOf("cart").slice(0, 1);
    await measurer.cycle(endMs, objectives, options());
    while ((await measurer.backfill(endMs, objectives, options())) !== "done");
    const { measurements } = await measurer.cycle(endMs, objectives, options());
    const day = measurements[0]?.windows.find(({ windowMs }) => windowMs === 86_400_000);
    // All but the first scrape of each hour: a target's first scrape, and its first after so long, brings history.
    expect(day?.totalCount).toBe(2 * 240 - 2);
  });

  test("a restart goes on from what is stored", async () => {
    const mesh = createScrapedMesh();
    const endMs = play(20, mesh, () => mesh.count({ service: "cart" }, 1));
    const { store } = createListStore();
    const objectives = defaultsOf("cart");
    await cycles(measurerOver([mesh.source], store), objectives, startMs + 60_000, endMs - 120_000);
    const restarted = measurerOver([mesh.source], store);
    await restarted.load(endMs);
    const { measurements } = await restarted.cycle(endMs, objectives, options());
    expect(short(measurements[0] as Measurement)).toEqual({ good: 20, total: 20, coverage: 1 });
  });

  test("counts versions, callers, other rules of failed, and a user's own counters", async () => {
    const mesh = createScrapedMesh();
    const endMs = play(8, mesh, () => {
      mesh.count({ service: "cart", version: "v1" }, 4);
      mesh.count({ service: "cart", version: "v2", code: "403", from: "ads" }, 1);
      mesh.count({ service: "ads" }, 1);
      mesh.bump("jobs_total", { job: "batch", instance: "b:80", state: "done" }, 3);
      mesh.bump("jobs_total", { job: "batch", instance: "b:80", state: "lost" }, 1);
    });
    const [plain] = defaultsOf("cart") as readonly [Objective];
    const denied = { kind: "http", from: 403, to: 403 } as const;
    const jobs = (matchers: readonly { label: string; op: "eq"; value: string }[]) => ({
      kind: "counts" as const,
      text: "",
      pieces: [""],
      terms: [{ sign: 1 as const, selector: { metric: "jobs_total", matchers } }],
    });
    const rule = { add: [denied], remove: [], callerGaveUp: true };
    const objectives: readonly Objective[] = [
      { ...plain, id: "v2", scope: { ...plain.scope, version: "v2" } },
      { ...plain, id: "from", scope: { ...plain.scope, caller: { cluster: null, namespace: "shop", name: "ads" } } },
      { ...plain, id: "rule", sli: { kind: "AVAILABILITY", view: "callers", failed: rule } },
      {
        ...plain,
        id: "events",
        sli: {
          kind: "EVENTS",
          partIs: "failed",
          part: jobs([{ label: "state", op: "eq", value: "lost" }]),
          total: jobs([]),
        },
      },
    ];
    const { measurements } = await cycles(measurerOver([mesh.source]), objectives, startMs + 60_000, endMs);
    expect(measurements.map(short).map(({ good, total }) => [good, total])).toEqual([
      [20, 20],
      [20, 20],
      [80, 100],
      [60, 80],
    ]);
  });
});
