import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  createRequestNumbers,
  portOf,
  requestIdOf,
  spanIdOf,
  traceIdOf,
} from "../../../src/demo/simulation/trace-ids.js";

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function numbersOf(ofSeed: number, count: number): readonly number[] {
  const next = createRequestNumbers(ofSeed);
  return Array.from({ length: count }, next);
}

describe("ids of simulated requests", () => {
  test("have Envoy's shapes: a trace ends with its first span's id, a request's id tells whether it is sampled", () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 500 }), fc.boolean(), (ofSeed, span, isSampled) => {
        for (const request of numbersOf(ofSeed, 5)) {
          expect(spanIdOf(request, span)).toMatch(/^[0-9a-f]{16}$/);
          expect(traceIdOf(request)).toMatch(/^[0-9a-f]{32}$/);
          expect(traceIdOf(request).slice(16)).toBe(spanIdOf(request, 0));
          const requestId = requestIdOf(request, isSampled);
          expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[49][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
          expect(requestId[14]).toBe(isSampled ? "9" : "4");
          expect(portOf(request, span, 2)).toBeGreaterThanOrEqual(32_768);
          expect(portOf(request, span, 2)).toBeLessThan(61_000);
        }
      }),
    );
  });

  test("are the same for the same seed and others for another", () => {
    const ids = (ofSeed: number) => numbersOf(ofSeed, 3).map(traceIdOf);
    expect(ids(7)).toEqual(ids(7));
    expect(ids(8).filter((id) => ids(7).includes(id))).toEqual([]);
  });

  test("never come twice, whatever spans the requests of some neighbouring seeds have", () => {
    const [spans, traces, requests] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const ofSeed of [0, 1, 2])
      for (const request of numbersOf(ofSeed, 2_000)) {
        traces.add(traceIdOf(request));
        requests.add(requestIdOf(request, true));
        for (let span = 0; span < 12; span += 1) spans.add(spanIdOf(request, span));
      }
    expect([spans.size, traces.size, requests.size]).toEqual([72_000, 6_000, 6_000]);
  });

  test("are spread evenly: each hexadecimal digit stands at each place about as often", () => {
    const ids = numbersOf(1, 8_000).map((request) => traceIdOf(request));
    for (let place = 0; place < 32; place += 1) {
      const counts = new Map<string, number>();
      for (const id of ids) counts.set(id[place] ?? "", (counts.get(id[place] ?? "") ?? 0) + 1);
      // The last bit of two words is always set.
      const isOdd = place === 7 || place === 31;
      expect(counts.size).toBe(isOdd ? 8 : 16);
      for (const count of counts.values()) expect(Math.abs(count / (isOdd ? 1_000 : 500) - 1)).toBeLessThan(0.25);
    }
  });
});
