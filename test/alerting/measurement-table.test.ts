import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { createMeasurementTable } from "../../src/alerting/measurement-table.js";
import type { Measurement } from "../../src/slo/measurement.js";

const state = fc.constantFrom("OK" as const, "IDLE" as const, "NO_DATA" as const, "UNKNOWN" as const);
const figure = fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }));
const window = fc.record({
  windowMs: fc.integer({ min: 1, max: 3_000_000_000 }),
  goodCount: figure,
  totalCount: figure,
  errorRatio: figure,
  coverage: fc.double({ min: 0, max: 1, noNaN: true }),
  dataState: state,
  isClamped: fc.boolean(),
});
const measurement: fc.Arbitrary<Measurement> = fc.record({
  objectiveId: fc.string({ maxLength: 5 }),
  endMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  dataState: state,
  dataReason: fc.option(fc.string({ maxLength: 5 })),
  windows: fc.array(window, { maxLength: 9 }),
  period: fc.option(window),
  isApproximate: fc.boolean(),
});

test("measurements come back as they were, and windows that were cut are counted", () => {
  fc.assert(
    fc.property(fc.array(measurement, { maxLength: 20 }), (measurements) => {
      const table = createMeasurementTable();
      for (const one of measurements) table.add(one);
      expect(measurements.map((_, i) => table.at(i))).toEqual(measurements);
      const cut = measurements.flatMap(({ windows }) => windows).filter(({ isClamped }) => isClamped);
      expect(table.clampedWindows()).toBe(cut.length);
    }),
  );
});
