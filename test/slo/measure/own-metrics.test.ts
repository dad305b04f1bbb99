import { describe, expect, test } from "@jest/globals";
import type { Measurement } from "../../../src/slo/measurement.js";
import type { Objective } from "../../../src/slo/objective.js";
import { createScrapedMesh, measurerOver, options, scrapeMs, startMs, stepMs } from "./measured-mesh.js";
import { createOwnMesh, objectivesOf, refusal } from "./own-mesh.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const gauge = `  - service: cart\n    gauge: { target: 99%, selector: 'ready{job="cart"}' }\n`;
const stepped = (query: string, side = "failed") =>
  `  - service: cart\n    name: ratio-${query.replace(/\W/g, "")}\n    ratio: { target: 99%, ${side}: "${query}" }\n`;
const windowed = (query: string) => stepped(`${query}[{{.window}}])`);

/** Cycles of `minutes`, a scrape before each quarter of a minute, `live` before it. */
async function play(
  mesh: ReturnType<typeof createOwnMesh>,
  objectives: readonly Objective[],
  minutes: number,
  live: (atMs: number) => void = () => {},
) {
  const measurer = measurerOver([mesh.source]);
  let measurements: readonly Measurement[] = [];
  for (let atMs = startMs; atMs <= startMs + minutes * minuteMs; atMs += scrapeMs) {
    live(atMs - startMs);
    mesh.scrape(atMs);
    // What a mesh speaks is learned from its first minute.
    if (atMs % stepMs === 0 && atMs >= startMs + Math.min(1, minutes) * minuteMs)
      measurements = (await measurer.cycle(atMs, objectives, options())).measurements;
  }
  return { measurements, measurer };
}

const window = (measurement: Measurement | undefined, windowMs: number) =>
  measurement?.windows.find((one) => one.windowMs === windowMs);

describe("a gauge of 0 and 1", () => {
  test("is good for the share of its samples that are 1, over all its series", async () => {
    const mesh = createOwnMesh(() => null);
    const labels = (pod: string) => ({ job: "cart", pod });
    mesh.bump("ready", labels("a"), 1);
    mesh.bump("ready", labels("b"), 1);
    // Pod b is away from minute 10 to 11: four of its samples are 0.
    const { measurements } = await play(mesh, objectivesOf(gauge), 14, (atMs) => {
      if (atMs === 10 * minuteMs) mesh.bump("ready", labels("b"), -1);
      if (atMs === 11 * minuteMs) mesh.bump("ready", labels("b"), 1);
    });
    expect(measurements[0]).toMatchObject({ dataState: "OK", isApproximate: false });
    expect(window(measurements[0], 5 * minuteMs)).toMatchObject({ goodCount: 36, totalCount: 40, coverage: 1 });
  });

  test("that is scraped every two minutes is there all the time, and gone five minutes after its last sample", async () => {
    const mesh = createOwnMesh(() => null);
    const states = new Set<string>();
    const measurer = measurerOver([mesh.source]);
    const objectives = objectivesOf(gauge);
    const add = mesh.bump;
    add("ready", { job: "cart", pod: "a" }, 1);
    for (let atMs = startMs; atMs <= startMs + 20 * minuteMs; atMs += stepMs) {
      if ((atMs - startMs) % (2 * minuteMs) === 0 && atMs <= startMs + 8 * minuteMs) mesh.scrape(atMs);
      const { measurements } = await measurer.cycle(atMs, objectives, options());
      const at = (atMs - startMs) / minuteMs;
      if (at >= 1 && at <= 13) states.add(measurements[0]?.dataState ?? "");
      if (at > 14) expect(measurements[0]?.dataState).toBe("NO_DATA");
    }
    expect([...states]).toEqual(["OK"]);
  });
});

describe("a ratio without a window", () => {
  test("is weighted by time, has no counts, and is approximate", async () => {
    // A tenth fails for two minutes of the last five.
    const mesh = createOwnMesh((_, atMs) =>
      atMs > startMs + 10 * minuteMs && atMs <= startMs + 12 * minuteMs ? 0.1 : 0,
    );
    const { measurements } = await play(mesh, objectivesOf(stepped("job:errors:ratio")), 14);
    expect(measurements[0]).toMatchObject({ dataState: "OK", isApproximate: true });
    const five = window(measurements[0], 5 * minuteMs);
    expect(five).toMatchObject({ goodCount: null, totalCount: null, coverage: 1, isClamped: false });
    expect(five?.errorRatio).toBeCloseTo(0.04, 6);
  });

  test("of what is good is turned round, and one beyond 0 and 1 is cut", async () => {
    const mesh = createOwnMesh((promql) => (promql === "good" ? 0.75 : 1.5));
    const { measurements } = await play(mesh, objectivesOf(stepped("good", "good") + stepped("wrong")), 8);
    expect(measurements.map((one) => window(one, 5 * minuteMs))).toMatchObject([
      { errorRatio: 0.25, isClamped: false },
      { errorRatio: 1, isClamped: true },
    ]);
  });

  test("that is no number is idle, and one without series has no data", async () => {
    const mesh = createOwnMesh((promql) => (promql === "idle" ? "NaN" : null));
    const { measurements } = await play(mesh, objectivesOf(stepped("idle") + stepped("gone")), 8);
    expect(measurements.map(({ dataState }) => dataState)).toEqual(["IDLE", "NO_DATA"]);
    expect(measurements[0]?.dataReason).toMatch(/no events/);
  });

  test("is counted into coarse buckets by back-fill at the same instants", async () => {
    const mesh = createOwnMesh((_, atMs) => (atMs % hourMs === 0 ? 1 : 0));
    const objectives = objectivesOf(stepped("job:errors:ratio"));
    const { measurer } = await play(mesh, objectives, 2);
    const endMs = startMs + 2 * minuteMs;
    for (let i = 0; i < 150; i += 1) if ((await measurer.backfill(endMs, objectives, options())) === "done") break;
    const { measurements } = await measurer.cycle(endMs, objectives, options());
    // One of the 120 instants of each hour.
    expect(window(measurements[0], 6 * hourMs)?.errorRatio).toBeCloseTo(1 / 120, 3);
    expect(window(measurements[0], 24 * hourMs)).toMatchObject({ coverage: 1 });
    expect(window(measurements[0], 24 * hourMs)?.errorRatio).toBeCloseTo(1 / 120, 3);
  });
});

describe("a query that is asked over its windows", () => {
  const objectives = objectivesOf(windowed("max_over_time(errors"));

  test("has each window's own answer", async () => {
    const mesh = createOwnMesh((promql) => (promql.includes("[5m]") ? 0.5 : promql.includes("[30d]") ? 0.001 : 0.25));
    const { measurements } = await play(mesh, objectives, 3);
    expect(measurements[0]).toMatchObject({ dataState: "OK", isApproximate: true });
    expect(window(measurements[0], 5 * minuteMs)).toMatchObject({ errorRatio: 0.5, totalCount: null });
    expect(window(measurements[0], 72 * hourMs)).toMatchObject({ errorRatio: 0.25 });
    expect(measurements[0]?.period).toMatchObject({ errorRatio: 0.001 });
  });

  test("is asked for short windows at every step and for long ones rarely", async () => {
    const mesh = createOwnMesh(() => 0);
    await play(mesh, objectives, 60);
    const times = (text: string) => mesh.asked.filter(({ promql }) => promql.includes(`[${text}]`)).length;
    expect(["5m", "30m", "1h"].map(times)).toEqual([119, 119, 119]);
    for (const [text, usual] of Object.entries({ "2h": 30, "6h": 30, "1d": 6, "3d": 6, "30d": 2 })) {
      expect(times(text)).toBeGreaterThanOrEqual(usual);
      expect(times(text)).toBeLessThanOrEqual(usual + 2);
    }
  });

  test("many are a call for twenty of their windows, and no more than two hundred windows a step", async () => {
    const many = objectivesOf(Array.from({ length: 200 }, (_, i) => windowed(`max_over_time(errors_${i}`)).join(""));
    const mesh = createOwnMesh(() => 0);
    await play(mesh, many, 0);
    expect(mesh.asked.length).toBeLessThanOrEqual(200);
    expect(mesh.evaluations()).toBeLessThanOrEqual(11);
  });

  test("that fails is unknown at once, and an older answer stands for its long windows meanwhile", async () => {
    let isDown = false;
    const mesh = createOwnMesh(() => {
      if (isDown) throw refusal("too many samples");
      return 0.1;
    });
    const measurer = measurerOver([mesh.source]);
    const cycle = async (atMs: number) => (await measurer.cycle(atMs, objectives, options())).measurements[0];
    expect(await cycle(startMs)).toMatchObject({ dataState: "OK" });
    isDown = true;
    const failing = await cycle(startMs + stepMs);
    expect(failing).toMatchObject({ dataState: "UNKNOWN", dataReason: "too many samples" });
    expect(window(failing, 6 * hourMs)).toMatchObject({ dataState: "OK", errorRatio: 0.1 });
  });
});

describe("a query that the backend refuses", () => {
  test("costs no other objective anything, is told in the backend's words, and is left alone for a while", async () => {
    const mesh = createOwnMesh((promql) => {
      if (promql.startsWith("bad")) throw refusal("found duplicate series");
      return 0;
    });
    const objectives = objectivesOf(
      `  - service: cart\n    availability: 99%\n${["a", "bad", "b", "c"].map((query) => stepped(query)).join("")}`,
    );
    const { measurements } = await play(mesh, objectives, 8, () => mesh.count({ service: "cart" }, 1));
    expect(measurements.map(({ dataState }) => dataState)).toEqual(["OK", "OK", "UNKNOWN", "OK", "OK"]);
    expect(measurements[2]?.dataReason).toBe("found duplicate series");
    expect(mesh.asked.filter(({ promql }) => promql === "bad").length).toBeLessThanOrEqual(6);
    // What is refused is a gap, and the others do not ask for it again and again.
    expect(window(measurements[0], 5 * minuteMs)).toMatchObject({ coverage: 1 });
  });

  test("is unknown where the source evaluates no PromQL", async () => {
    // The embedded source, as in the demo.
    const measurer = measurerOver([createScrapedMesh().source]);
    const { measurements } = await measurer.cycle(startMs, objectivesOf(stepped("a") + windowed("rate(b")), options());
    const words = expect.stringMatching(/lies in memory and evaluates no PromQL: .*, or use a Prometheus/);
    expect(measurements).toMatchObject([
      { dataState: "UNKNOWN", dataReason: words },
      { dataState: "UNKNOWN", dataReason: words },
    ]);
  });

  test("gives several series: it is told how to mend it", async () => {
    const mesh = createOwnMesh(() => 0);
    const two = { values: [0] };
    const source = {
      ...mesh.source,
      evaluate: async ({ queries }: Parameters<typeof mesh.source.evaluate>[0]) => ({
        timestampsMs: [startMs],
        series: queries.flatMap(({ id }) => [
          { id, ...two },
          { id, ...two },
        ]),
        warnings: [],
      }),
    };
    const { measurements } = await measurerOver([source]).cycle(startMs, objectivesOf(windowed("rate(b")), options());
    expect(measurements[0]).toMatchObject({ dataState: "UNKNOWN", dataReason: expect.stringMatching(/sum\(\.\.\.\)/) });
  });
});

describe("objectives that are gone", () => {
  test("leave counts behind that make no later question longer", async () => {
    const mesh = createOwnMesh(() => null);
    mesh.bump("ready", { job: "cart", pod: "a" }, 1);
    const calls = `  - service: cart\n    availability: 99%\n`;
    const { measurer } = await play(mesh, objectivesOf(calls + gauge), 4, () => mesh.count({ service: "cart" }, 1));
    const windows: number[] = [];
    const query = mesh.source.query.bind(mesh.source);
    mesh.source.query = async (request, given) => {
      windows.push((request.window.toMs - request.window.fromMs) / stepMs);
      return query(request, given);
    };
    for (let i = 1; i <= 6; i += 1)
      await measurer.cycle(startMs + 4 * minuteMs + i * stepMs, objectivesOf(calls), options());
    expect(Math.max(...windows)).toBeLessThanOrEqual(3);
  });
});

describe("a service that nobody calls", () => {
  const front = `  - service: front\n    availability: 99%\n`;

  test("is idle under default objectives, and without data under one that names it", async () => {
    const mesh = createOwnMesh(() => null);
    const [named] = objectivesOf(front);
    if (named === undefined) throw new Error("no objective");
    const byDefault: Objective = { ...named, id: "default", origin: { kind: "default", file: null, line: null } };
    const { measurements } = await play(mesh, [named, byDefault], 8, () => mesh.count({ service: "cart" }, 1));
    expect(measurements).toMatchObject([
      { dataState: "NO_DATA" },
      { dataState: "IDLE", dataReason: "Nobody has called it." },
    ]);
  });
});
