import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DateTime } from "luxon";
import { type CalendarUnit, commonAnchor, type ObjectivePeriod } from "../../src/slo/period.js";
import { periodWindow, tierWindowsMs } from "../../src/slo/windows.js";
import { makeObjective } from "../support/objectives.js";

const hourMs = 3_600_000;

function calendar(unit: CalendarUnit, zone: string, anchor = commonAnchor, count = 1): ObjectivePeriod {
  return { kind: "calendar", unit, count, zone, anchor };
}

/** Begin and end of the period at an instant, in the zone's own time. */
function bounds(period: ObjectivePeriod, at: string): readonly (string | null)[] {
  const zone = period.kind === "calendar" ? period.zone : "UTC";
  const { fromMs, endsAtMs } = periodWindow(period, Date.parse(at));
  const local = (ms: number) => DateTime.fromMillis(ms, { zone }).toISO({ suppressMilliseconds: true });
  return [local(fromMs), endsAtMs === null ? null : local(endsAtMs)];
}

describe("periods", () => {
  test("a rolling period ends at the instant and never begins anew", () => {
    const period: ObjectivePeriod = { kind: "rolling", durationMs: 30 * 24 * hourMs };
    expect(periodWindow(period, 1e12)).toEqual({ fromMs: 1e12 - 30 * 24 * hourMs, toMs: 1e12, endsAtMs: null });
  });

  test("the month of a zone with daylight saving begins and ends by its wall clock, an hour short or long", () => {
    const month = calendar("month", "Europe/Berlin");
    expect(bounds(month, "2026-03-30T12:00:00Z")).toEqual(["2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00"]);
    expect(bounds(month, "2026-10-26T12:00:00Z")).toEqual(["2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00"]);
    const { fromMs, endsAtMs } = periodWindow(month, Date.parse("2026-03-15T00:00:00Z"));
    expect((endsAtMs ?? 0) - fromMs).toBe((31 * 24 - 1) * hourMs);
  });

  test.each([
    ["2026-03-29T12:00:00Z", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23],
    ["2026-10-25T12:00:00Z", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25],
  ])("the day on which clocks change has its own length: %s", (at, begin, end, hours) => {
    const day = calendar("day", "Europe/Berlin");
    expect(bounds(day, at)).toEqual([begin, end]);
    const { fromMs, endsAtMs } = periodWindow(day, Date.parse(at));
    expect((endsAtMs ?? 0) - fromMs).toBe(hours * hourMs);
  });

  test("a day that has no midnight begins when its clock begins", () => {
    // In Beirut clocks went from 24:00 to 01:00 on 2024-03-31.
    expect(bounds(calendar("day", "Asia/Beirut"), "2024-03-31T12:00:00Z")[0]).toBe("2024-03-31T01:00:00+03:00");
  });

  test("weeks begin on Monday, quarters in January, April, July, October", () => {
    expect(bounds(calendar("week", "UTC"), "2026-11-21T12:00:00Z")).toEqual([
      "2026-11-16T00:00:00Z",
      "2026-11-23T00:00:00Z",
    ]);
    expect(bounds(calendar("quarter", "UTC"), "2026-11-21T12:00:00Z")[0]).toBe("2026-10-01T00:00:00Z");
    expect(bounds(calendar("year", "Asia/Tokyo"), "2025-12-31T16:00:00Z")[0]).toBe("2026-01-01T00:00:00+09:00");
  });

  test("months counted from a 31st do not drift: each is counted from the anchor", () => {
    const month = calendar("month", "UTC", "2026-01-31T00:00:00");
    expect(bounds(month, "2026-03-15T00:00:00Z")).toEqual(["2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z"]);
    expect(bounds(month, "2026-04-15T00:00:00Z")).toEqual(["2026-03-31T00:00:00Z", "2026-04-30T00:00:00Z"]);
  });

  test("the instant a period begins still belongs to the one before: windows are (from, to]", () => {
    const month = calendar("month", "UTC");
    expect(bounds(month, "2026-11-01T00:00:00Z")[0]).toBe("2026-10-01T00:00:00Z");
    expect(bounds(month, "2026-11-01T00:00:00.001Z")[0]).toBe("2026-11-01T00:00:00Z");
  });

  test("periods of any unit, count and zone lie side by side without gaps, before the anchor too", () => {
    const units = fc.constantFrom<CalendarUnit>("day", "week", "month", "quarter", "year");
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata");
    const instants = fc.integer({ min: Date.parse("2015-01-01"), max: Date.parse("2035-01-01") });
    fc.assert(
      fc.property(units, zones, fc.integer({ min: 1, max: 5 }), instants, (unit, zone, count, atMs) => {
        const period = calendar(unit, zone, commonAnchor, count);
        const { fromMs, toMs, endsAtMs } = periodWindow(period, atMs);
        expect(fromMs).toBeLessThan(toMs);
        expect(endsAtMs).toBeGreaterThanOrEqual(toMs);
        expect(periodWindow(period, endsAtMs ?? 0)).toMatchObject({ fromMs, endsAtMs });
        expect(periodWindow(period, fromMs).endsAtMs).toBe(fromMs);
      }),
    );
  });

  test.each([
    ["Mars/Base", commonAnchor],
    ["UTC", "yesterday"],
  ])("the zone %s with the start %s is told by name", (zone, anchor) => {
    expect(() => periodWindow(calendar("month", zone, anchor), 0)).toThrow(/IANA zone such as Europe\/Berlin/);
  });
});

test("an objective's windows are those of its tiers, each once, shortest first", () => {
  const hours = tierWindowsMs(makeObjective()).map((ms) => ms / hourMs);
  expect(hours).toEqual([5 / 60, 0.5, 1, 2, 6, 24, 72]);
});
