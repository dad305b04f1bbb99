import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createMetricStore } from "../../../src/sources/memory/metric-store.js";
import { createSlab, readRun, runCount, writeRun } from "../../../src/sources/memory/packed-samples.js";

const samplesOf = (times: readonly number[], values: readonly number[]) => {
  const slab = createSlab(100_000);
  writeRun(slab, { timesMs: [0], values: [1.5] });
  const start = writeRun(slab, { timesMs: times, values }) ?? -1;
  const count = runCount(slab, start);
  const [readTimes, readValues] = [new Float64Array(count + 1), new Float64Array(count + 1)];
  readRun(slab, start, readTimes, readValues, 1);
  return { timesMs: [...readTimes.subarray(1)], values: [...readValues.subarray(1)], bytes: slab.used - start };
};

describe("packed samples", () => {
  const anyNumber = fc.oneof(
    fc.double(),
    fc.maxSafeInteger(),
    fc.nat(1_000_000),
    fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, Number.NaN),
  );
  const column = fc.oneof(
    fc.array(anyNumber, { minLength: 1, maxLength: 200 }),
    fc
      .tuple(fc.maxSafeInteger(), fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 200 }))
      .map(([first, step, count]) => Array.from({ length: count }, (_, i) => first + i * step)),
  );

  test("come back exactly, whatever they are", () => {
    fc.assert(
      fc.property(column, column, (times, values) => {
        const count = Math.min(times.length, values.length);
        const given = { timesMs: times.slice(0, count), values: values.slice(0, count) };
        expect(samplesOf(given.timesMs, given.values)).toMatchObject(given);
      }),
    );
  });

  test("of a counter take hardly more than a byte each, of an idle one nothing", () => {
    const times = Array.from({ length: 96 }, (_, i) => 1_700_000_000_000 + i * 15_000);
    expect(
      samplesOf(
        times,
        times.map((_, i) => 1e9 + i * 40),
      ).bytes,
    ).toBeLessThan(96 + 40);
    expect(
      samplesOf(
        times,
        times.map(() => 1e9 / 3),
      ).bytes,
    ).toBeLessThan(40);
  });

  test("are refused by a slab without room", () => {
    expect(writeRun(createSlab(40), { timesMs: [1, 2], values: [1, 2] })).toBeNull();
  });
});

describe("a metric store over a long time", () => {
  const maxAgeMs = 600_000;
  const write = fc.record({
    series: fc.integer({ min: 0, max: 3 }),
    afterMs: fc.integer({ min: 0, max: 40_000 }),
    value: fc.nat(1000),
  });

  test("loses nothing within its age and answers a window as a list of all samples would", () => {
    fc.assert(
      fc.property(
        fc.array(write, { minLength: 1, maxLength: 600 }),
        fc.nat(maxAgeMs),
        fc.nat(maxAgeMs),
        (writes, fromAge, toAge) => {
          const store = createMetricStore({ maxAgeMs });
          const all = new Map<string, { atMs: number; value: number }[]>();
          let nowMs = 0;
          for (const { series, afterMs, value } of writes) {
            nowMs += afterMs;
            const name = String(series);
            store.add({ __name__: "m", name }, nowMs, value);
            const own = all.get(name) ?? [];
            if (nowMs > (own.at(-1)?.atMs ?? -1)) own.push({ atMs: nowMs, value });
            all.set(name, own);
          }
          const [fromMs, toMs] = [nowMs - Math.max(fromAge, toAge), nowMs - Math.min(fromAge, toAge)];
          for (const [name, own] of all) {
            const expected = own.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
            const found = [...store.seriesOf("m")].find(({ labels }) => labels["name"] === name);
            const read = found?.samples(fromMs, toMs) ?? { timesMs: [], values: [] };
            expect(Array.from(read.timesMs)).toEqual(expected.map(({ atMs }) => atMs));
            expect(Array.from(read.values)).toEqual(expected.map(({ value }) => value));
            expect(found?.hasSample(fromMs, toMs) ?? false).toBe(expected.length > 0);
          }
        },
      ),
    );
  });

  test("holds a bounded number of samples, series and exemplars however long it runs and however labels change", () => {
    const store = createMetricStore({ maxAgeMs });
    const writers = [0, 1, 2].map((i) => store.writer({ __name__: "m", i: String(i) }));
    const most = { series: 0, samples: 0, exemplars: 0 };
    for (let atMs = 0; atMs < 100 * maxAgeMs; atMs += 15_000) {
      for (const writer of writers) {
        writer.append(atMs, atMs);
        writer.addExemplar({ traceId: "1", value: 1, atMs });
      }
      store.add({ __name__: "m", pod: String(Math.floor(atMs / 60_000)) }, atMs, 1);
      const counts = store.counts();
      most.series = Math.max(most.series, counts.series);
      most.samples = Math.max(most.samples, counts.samples);
      most.exemplars = Math.max(most.exemplars, counts.exemplars);
    }
    expect(most.series).toBeLessThanOrEqual(3 + 12);
    expect(most.samples).toBeLessThanOrEqual(3 * (40 + 96 + 3) + 12 * 4);
    expect(most.exemplars).toBeLessThanOrEqual(3 * (40 + 4));
  });

  test("a writer of a list writes as those of its members would, and leaves out what is not newer", () => {
    const list = ["a", "b"].map((name) => ({ __name__: "m", name }));
    const [together, alone] = [createMetricStore({ maxAgeMs }), createMetricStore({ maxAgeMs })];
    const write = together.listWriter(list);
    const give = (atMs: number, values: readonly number[]): void => {
      write(atMs, values);
      for (const [i, labels] of list.entries()) alone.add(labels, atMs, values[i] ?? 0);
    };
    give(1, [1, 10]);
    give(2, [2, 20]);
    give(2, [9, 90]);
    // Another outlives them while they are silent.
    for (const store of [together, alone]) store.add({ __name__: "other" }, 3 * maxAgeMs, 1);
    expect([...together.seriesOf("m")]).toEqual([]);
    give(3 * maxAgeMs + 1, [3, 30]);
    give(3 * maxAgeMs + 2, [4, 40]);
    const told = (store: typeof alone) =>
      [...store.seriesOf("m")].map(({ labels, samples }) => {
        const { timesMs, values } = samples(0, 9 * maxAgeMs);
        return [labels, Array.from(timesMs), Array.from(values)];
      });
    expect(told(together)).toEqual(told(alone));
    expect(told(together)).toEqual([
      [{ name: "a" }, [3 * maxAgeMs + 1, 3 * maxAgeMs + 2], [3, 4]],
      [{ name: "b" }, [3 * maxAgeMs + 1, 3 * maxAgeMs + 2], [30, 40]],
    ]);
  });

  test("a writer kept through a long silence begins its series anew", () => {
    const store = createMetricStore({ maxAgeMs });
    const [silent, steady] = ["silent", "steady"].map((name) => store.writer({ __name__: "m", name }));
    silent?.append(0, 5);
    for (let atMs = 0; atMs <= 3 * maxAgeMs; atMs += 15_000) steady?.append(atMs, 1);
    expect([...store.seriesOf("m")].map(({ labels }) => labels["name"])).toEqual(["steady"]);
    silent?.append(3 * maxAgeMs, 6);
    store.add({ __name__: "m", name: "silent" }, 3 * maxAgeMs + 1, 7);
    const read = [...store.seriesOf("m")].find(({ labels }) => labels["name"] === "silent")?.samples(0, 4 * maxAgeMs);
    expect(Array.from(read?.values ?? [])).toEqual([6, 7]);
  });
});
