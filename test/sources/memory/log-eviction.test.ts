import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createLogShelf } from "../../../src/sources/memory/log-shelf.js";
import { matchesLogFilter } from "../../../src/sources/memory/match-log-filter.js";
import { accessLogOfFields } from "../../../src/telemetry/access-log-line.js";
import type { LogFilter, LogRecord } from "../../../src/telemetry/log-source.js";

const everything: LogFilter = {
  window: { fromMs: -1, toMs: Number.MAX_SAFE_INTEGER },
  scope: null,
  levels: null,
  text: null,
  traceIds: null,
  requestIds: null,
  spanIds: null,
  pods: null,
  lines: "any",
};

const hex = "0123456789abcdef";
const id = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => hex[(seed * 7 + i * i * (seed + 3)) % 16]).join("");
const uuid = (seed: number) => id(seed, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
const traceIds = ["000000000000000000f067aa0ba902b7", id(5, 32), "0".repeat(31).concat("7"), id(9, 32)];
const access = accessLogOfFields({ method: "GET", response_code: 200, response_flags: "DC,DI", duration: 0 });

const arbitraryRecord = fc
  .record({
    // Often the same instant, also long after it: the order of arrival then counts.
    afterMs: fc.oneof(fc.double({ min: -2000, max: 3000, noNaN: true }), fc.constantFrom(0, -30_000, 30_000)),
    level: fc.constantFrom("ERROR", "INFO", "UNKNOWN"),
    pod: fc.constantFrom(null, "reviews-v2-5c8d9f7b6d-x2x7k", "ratings-v1-5c8d9f7b6d-x2x7k"),
    traceId: fc.constantFrom(null, ...traceIds),
    requestId: fc.constantFrom(null, uuid(1), uuid(2), "req 1"),
    inText: fc.constantFrom("", uuid(1), `xab${uuid(2)}9`, `id=${id(5, 32).toUpperCase()}`, "f067aa0ba902b7", "7"),
    isAccess: fc.boolean(),
  })
  .map(({ afterMs, isAccess, inText, ...given }) => ({ afterMs, record: { ...given, inText, isAccess } }));

const recordsOf = (steps: readonly (typeof arbitraryRecord extends fc.Arbitrary<infer T> ? T : never)[]) => {
  let atMs = 1_000_000;
  return steps.map(({ afterMs, record: { inText, isAccess, ...given } }, i): LogRecord => {
    atMs += afterMs;
    return {
      id: String(i),
      index: "memory",
      atMs,
      message: `line ${i} of it ${inText}`,
      namespace: "bookinfo",
      container: null,
      serviceNames: i % 3 === 0 ? ["reviews"] : [],
      spanId: null,
      accessLog: isAccess ? access : null,
      ...given,
    };
  });
};

const arbitraryFilter = fc
  .record({
    fromMs: fc.integer({ min: 900_000, max: 2_000_000 }),
    lengthMs: fc.integer({ min: 1, max: 2_000_000 }),
    levels: fc.constantFrom<readonly LogRecord["level"][] | null>(null, ["ERROR"], ["INFO", "UNKNOWN"]),
    scope: fc.constantFrom(null, { namespace: "bookinfo", names: ["reviews"] }),
    pods: fc.constantFrom(null, ["ratings-v1-5c8d9f7b6d-x2x7k"]),
    text: fc.constantFrom(null, "line 7"),
    traceIds: fc.constantFrom(null, null, [traceIds[0] ?? ""], [traceIds[1] ?? "", traceIds[2] ?? ""]),
    requestIds: fc.constantFrom(null, null, [uuid(1)], [uuid(2), "req 1"]),
    lines: fc.constantFrom("any", "access", "application"),
  })
  .map(({ fromMs, lengthMs, ...given }) => ({
    ...everything,
    ...given,
    window: { fromMs, toMs: fromMs + lengthMs },
  }));

describe("logs kept over a long time", () => {
  test("a search of packed records finds what a list of them all would, in its order", () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryRecord, { minLength: 1, maxLength: 1500, size: "max" }),
        fc.array(arbitraryFilter, { minLength: 5, maxLength: 5 }),
        (steps, filters) => {
          const records = recordsOf(steps);
          const shelf = createLogShelf();
          for (let i = 0; i < records.length; i += 50) shelf.put(records.slice(i, i + 50));
          const inOrder = [...records].sort((a, b) => a.atMs - b.atMs);
          for (const filter of filters) {
            const expected = inOrder.filter((record) => matchesLogFilter(record, filter as LogFilter));
            const found = shelf.find(filter as LogFilter);
            expect(found.map((one) => one.read())).toEqual(expected);
            expect(found.map(({ level }) => level)).toEqual(expected.map(({ level }) => level));
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test("nothing within age and number is lost, and no more is held", () => {
    const shelf = createLogShelf();
    const steps = fc.sample(arbitraryRecord, { numRuns: 5000, seed: 4 });
    const records = recordsOf(steps.map((step) => ({ ...step, afterMs: Math.abs(step.afterMs) })));
    for (const [i, record] of records.entries()) {
      shelf.put([record]);
      shelf.forget(record.atMs - 600_000, 700);
      const young = records.slice(0, i + 1).filter(({ atMs }) => atMs >= record.atMs - 600_000);
      expect(shelf.count()).toBe(Math.min(700, young.length));
      if (i % 500 === 499) expect(shelf.find(everything).map((one) => one.read())).toEqual(young.slice(-700));
    }
  });
});
