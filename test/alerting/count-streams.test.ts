import { describe, expect, test } from "@jest/globals";
import type { DataState } from "../../src/slo/measurement.js";
import {
  type Cumulative,
  calls,
  dayMs,
  hourMs,
  ladder,
  minuteMs,
  offsetMs,
  run,
  secondMs,
  steady,
  stepMs,
  transitionsOf,
} from "../support/alert-stream.js";
import { makeObjective } from "../support/objectives.js";

const objective = makeObjective();

/** What a counter that starts again at 0 shows, read as increases: the same counts. */
function withResets(cumulative: Cumulative, everyMs: number): Cumulative {
  return (atMs) => {
    let [failed, total] = [0, 0];
    for (let fromMs = -10 * dayMs; fromMs < atMs; fromMs += everyMs) {
      const [begin, end] = [cumulative(fromMs), cumulative(Math.min(atMs, fromMs + everyMs))];
      failed += end.failed - begin.failed;
      total += end.total - begin.total;
    }
    return { failed, total };
  };
}

function outage(share: number, fromMs: number, toMs: number, perSecond = 50): Cumulative {
  return steady([
    { fromMs: 0, perSecond, errorRatio: 0 },
    { fromMs, perSecond, errorRatio: share },
    { fromMs: toMs, perSecond, errorRatio: 0 },
  ]);
}

describe("streams that must not alert", () => {
  test("constant traffic without errors", () => {
    const evaluated = run(objective, steady([{ fromMs: 0, perSecond: 10, errorRatio: 0 }]), 0, hourMs);
    expect(transitionsOf(evaluated)).toEqual([]);
    expect(evaluated.at(-1)?.decision.reasons).toEqual(["no tier is met"]);
  });

  test("constant traffic with just fewer errors than the budget bears", () => {
    const evaluated = run(objective, steady([{ fromMs: 0, perSecond: 10, errorRatio: 0.00099 }]), 0, 2 * hourMs);
    expect(transitionsOf(evaluated)).toEqual([]);
  });

  test("low traffic: one request in five minutes, and one of them fails", () => {
    const list = Array.from({ length: 4000 }, (_, i) => ({ atMs: (i - 3000) * 5 * minuteMs, isFailed: i === 3010 }));
    const evaluated = run(objective, calls(list), 0, 4 * hourMs);
    expect(transitionsOf(evaluated)).toEqual([]);
    const notes = evaluated.flatMap(({ decision }) => decision.reasons);
    expect(notes).toContain("1h/5m: 1 failed in the last 1h, fewer than the 5 that count");
  });

  test("a service that was never called", () => {
    const evaluated = run(objective, () => ({ failed: 0, total: 0 }), 0, hourMs);
    expect(transitionsOf(evaluated)).toEqual([]);
    expect(evaluated.at(-1)?.decision.state.dataState).toBe("IDLE");
  });

  test("a spike too short for the quickest tier", () => {
    expect(transitionsOf(run(objective, outage(1, 0, 40 * secondMs), -stepMs, 2 * hourMs))).toEqual([]);
  });

  test("a drop of traffic without errors", () => {
    const counts = steady([
      { fromMs: 0, perSecond: 100, errorRatio: 0.0005 },
      { fromMs: 0, perSecond: 1, errorRatio: 0.0005 },
    ]);
    expect(transitionsOf(run(objective, counts, -stepMs, 3 * hourMs))).toEqual([]);
  });
});

describe("streams that must alert once", () => {
  test("low traffic fires when enough have failed, and not before", () => {
    // One call a minute, all fail from 0 on: the fifth failure at 4 min.
    const list = Array.from({ length: 6000 }, (_, i) => ({ atMs: (i - 4500) * minuteMs, isFailed: i >= 4500 }));
    const fired = transitionsOf(run(objective, calls(list), -stepMs, hourMs)).find(({ to }) => to === "FIRING");
    const wantedMs = 4 * minuteMs + offsetMs + objective.alerting.hold.PAGE.forMs;
    expect(Math.abs((fired?.atMs ?? 0) - wantedMs)).toBeLessThanOrEqual(stepMs);
  });

  test.each([7, 20])(
    "one call in %d minutes, all of them failing, is one incident that fires and goes on",
    (minutes) => {
      const list = Array.from({ length: 9000 }, (_, i) => ({
        atMs: (i - 8000) * minutes * minuteMs,
        isFailed: i >= 8000,
      }));
      expect(ladder(run(objective, calls(list), -stepMs, 20 * hourMs))).toEqual(["PENDING PAGE", "FIRING PAGE"]);
    },
  );

  test("a newborn series whose first 78 calls all failed is judged by what there is", () => {
    const counts: Cumulative = (atMs) => (atMs < 0 ? { failed: 0, total: 0 } : { failed: 78, total: 78 });
    const transitions = transitionsOf(run(objective, counts, -stepMs, 30 * minuteMs));
    const fired = transitions.find(({ to }) => to === "FIRING");
    expect(fired).toMatchObject({ severity: "PAGE", goodCount: 0, totalCount: 78 });
    expect(Math.abs((fired?.atMs ?? 0) - (offsetMs + minuteMs))).toBeLessThanOrEqual(stepMs);
  });

  test("counters that start again change nothing", () => {
    const plain = outage(0.1, 0, 25 * minuteMs);
    const [a, b] = [plain, withResets(plain, 7 * minuteMs)].map((counts) =>
      run(objective, counts, 20 * minuteMs, 40 * minuteMs),
    );
    expect(ladder(b ?? [])).toEqual(ladder(a ?? []));
    expect(ladder(a ?? [])).toContain("FIRING PAGE");
  });

  test("near the threshold it does not flap: `for` and keep-firing hold it together", () => {
    // Burn swings around 14.4 every five minutes: without hysteresis some 12 changes an hour.
    const segments = Array.from({ length: 100 }, (_, i) => ({
      fromMs: i * 5 * minuteMs - dayMs / 12,
      perSecond: 50,
      errorRatio: 0.0144 + (i % 2 === 0 ? 0.003 : -0.003),
    }));
    const transitions = transitionsOf(run(objective, steady(segments), -dayMs / 12, 4 * hourMs));
    expect(transitions.filter(({ to }) => to === "FIRING").length).toBeLessThanOrEqual(1);
    expect(transitions.filter(({ to }) => to === "RESOLVED")).toEqual([]);
    expect(new Set(transitions.map(({ incidentId }) => incidentId)).size).toBe(1);
  });
});

describe("data that is missing", () => {
  const outageMs = 10 * minuteMs;
  const vanishing = (state: DataState, fromMs: number, toMs: number) => (atMs: number) =>
    atMs > fromMs && atMs <= toMs ? { state } : {};

  test.each(["NO_DATA", "UNKNOWN"] as const)("%s keeps an incident open for ever, with its severity", (state) => {
    const counts = outage(1, 0, outageMs);
    const evaluated = run(objective, counts, -stepMs, 5 * dayMs, vanishing(state, outageMs, Number.POSITIVE_INFINITY));
    expect(ladder(evaluated)).toEqual(["PENDING PAGE", "FIRING PAGE"]);
    const last = evaluated.at(-1)?.decision;
    expect(last?.state.incident?.state).toBe("FIRING");
    expect(last?.state.dataState).toBe(state);
    const changes = evaluated.flatMap(({ decision }) => decision.dataChange ?? []);
    expect(changes.map(({ from, to }) => `${from} ${to}`)).toEqual(["null OK", `OK ${state}`]);
  });

  test.each(["NO_DATA", "UNKNOWN"] as const)("%s fires nothing, even where the counts would", (state) => {
    const evaluated = run(objective, outage(1, 0, hourMs), -stepMs, hourMs, () => ({ state }));
    expect(transitionsOf(evaluated)).toEqual([]);
  });

  test("a service without traffic after an outage is idle and resolves, with that reason", () => {
    const counts = steady([
      { fromMs: 0, perSecond: 50, errorRatio: 0 },
      { fromMs: 0, perSecond: 50, errorRatio: 1 },
      { fromMs: 2 * minuteMs, perSecond: 0, errorRatio: 0 },
    ]);
    const transitions = transitionsOf(run(objective, counts, -stepMs, 3 * hourMs));
    const resolved = transitions.find(({ to }) => to === "RESOLVED");
    expect(resolved?.reason).toBe("no traffic, for 10m");
    // The quick tier alone was met (2 min < 2.16 min): its short window is empty five minutes after the last call.
    const wantedMs = 2 * minuteMs + 5 * minuteMs + offsetMs + objective.alerting.hold.PAGE.keepFiringMs;
    expect(Math.abs((resolved?.atMs ?? 0) - wantedMs)).toBeLessThanOrEqual(stepMs);
  });

  test("a gap in scraping during an outage is one incident: no resolving, no second firing", () => {
    const counts = outage(1, 0, hourMs);
    const evaluated = run(
      objective,
      counts,
      -stepMs,
      70 * minuteMs,
      vanishing("NO_DATA", 20 * minuteMs, 45 * minuteMs),
    );
    expect(transitionsOf(evaluated).filter(({ to }) => to === "FIRING")).toHaveLength(1);
    expect(transitionsOf(evaluated).filter(({ to }) => to === "RESOLVED")).toEqual([]);
  });

  test("a gap after recovery only lengthens keep-firing by the gap", () => {
    const counts = outage(1, 0, 2 * minuteMs);
    const resolvedAt = (data: Parameters<typeof run>[4]) =>
      transitionsOf(run(objective, counts, -stepMs, 3 * hourMs, data)).find(({ to }) => to === "RESOLVED")?.atMs ?? 0;
    const undisturbed = resolvedAt(() => ({}));
    const gapMs = 25 * minuteMs;
    const disturbed = resolvedAt(vanishing("UNKNOWN", 10 * minuteMs, 10 * minuteMs + gapMs));
    expect(Math.abs(disturbed - undisturbed - gapMs)).toBeLessThanOrEqual(stepMs);
  });

  test("while back-fill is under way nothing fires that the full window may not bear out, and nothing resolves", () => {
    const counts = steady([{ fromMs: 0, perSecond: 50, errorRatio: 0.03 }]);
    const covered = (coverage: number) => ladder(run(objective, counts, 0, 2 * hourMs, () => ({ coverage })));
    // 3 % of errors over a tenth of the window is only sure to be 0.3 % of all of it.
    expect(covered(0.1)).not.toContain("PENDING PAGE");
    expect(covered(0.6)).toContain("FIRING PAGE");
    const open = run(objective, counts, 0, hourMs).at(-1)?.decision.state;
    const healthy = steady([{ fromMs: 0, perSecond: 50, errorRatio: 0 }]);
    const after = run(objective, healthy, hourMs + stepMs, 9 * hourMs, () => ({ coverage: 0.2 }), open);
    expect(transitionsOf(after)).toEqual([]);
  });
});
