import { describe, expect, test } from "@jest/globals";
import { heapAdvice, heapGrowingPercent } from "../../src/server/lean-heap.js";

const mebibyte = 2 ** 20;
const of = (heap: number, memory: number) =>
  heapAdvice({
    heapLimitBytes: heap * mebibyte,
    memoryLimitBytes: memory * mebibyte,
    machineBytes: 24_576 * mebibyte,
  });

describe("the heap in a container", () => {
  test("is told when it may outgrow the memory, with the number that would fit", () => {
    expect(of(2_144, 768)).toMatch(/2144 MiB.*768 MiB.*--max-old-space-size=461,/);
  });

  test("needs room beside it: a heap of all the memory is told, one of 60 % is not", () => {
    expect(of(768, 768)).not.toBeNull();
    expect(of(461, 768)).toBeNull();
  });

  test.each([
    ["no limit is known", 0],
    ["the limit is as large as the machine", 24_576],
    ["no limit is written as the largest number there is", 2 ** 44],
  ])("is nobody's business where %s", (_, memory) => {
    expect(of(4_288, memory)).toBeNull();
  });
});

describe("how far the heap may grow before it is swept", () => {
  test.each([
    [1e6, 100],
    [40e6, 100],
    [80e6, 50],
    [100e6, 40],
    [120e6, 35],
    [1e9, 35],
  ])("past %d live bytes by %d %%", (live, percent) => {
    expect(heapGrowingPercent(live)).toBe(percent);
  });
});
