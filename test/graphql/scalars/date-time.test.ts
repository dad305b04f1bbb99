import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatDateTime, parseDateTime } from "../../../src/graphql/scalars/date-time.js";

describe("the scalar DateTime", () => {
  test.each([
    ["2026-01-29T08:41:00Z", "2026-01-29T08:41:00.000Z"],
    ["2026-01-29T08:41:00+01:00", "2026-01-29T07:41:00.000Z"],
    ["2026-01-29t08:41:00.123456-05:30", "2026-01-29T14:11:00.123Z"],
    ["2024-02-29T00:00:00.5Z", "2024-02-29T00:00:00.500Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
  ])("reads %s as %s", (text, utc) => {
    expect(formatDateTime(parseDateTime(text) ?? Number.NaN)).toBe(utc);
  });

  test.each([
    "2026-01-29T08:41:00",
    "2026-01-29",
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-29T24:00:00Z",
    "2026-01-29T08:60:00Z",
    "2026-01-29 08:41:00Z",
    "2026-01-29T08:41:00+25:00",
    "1769676060",
    "now",
    "",
  ])("takes %j for no instant", (text) => {
    expect(parseDateTime(text)).toBeNull();
  });

  test("reads back what it writes, to the millisecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
        expect(parseDateTime(formatDateTime(ms))).toBe(ms);
      }),
    );
  });

  test("means the same instant at every offset", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_102_444_800_000 }),
        fc.integer({ min: -23 * 60, max: 23 * 60 }),
        (ms, offset) => {
          const local = formatDateTime(ms + offset * 60_000).slice(0, -1);
          const two = (count: number) => String(count).padStart(2, "0");
          const size = Math.abs(offset);
          const text = `${local}${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
          expect(parseDateTime(text)).toBe(ms);
        },
      ),
    );
  });
});
