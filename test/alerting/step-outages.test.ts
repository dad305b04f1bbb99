import { describe, expect, test } from "@jest/globals";
import { dayMs, hourMs, minuteMs, offsetMs, run, steady, stepMs, transitionsOf } from "../support/alert-stream.js";
import { makeObjective } from "../support/objectives.js";

const objective = makeObjective();
const { tiers, hold } = objective.alerting;
const budget = objective.target.budgetRatio;

/** The arithmetic of reference/slo-alerting.md section 7.1 for an outage of constant traffic that fails with `share`, for `lengthMs`. */
function expected(share: number, lengthMs: number) {
  const tripped = tiers
    .map((tier) => ({
      ...tier,
      detectMs: (tier.factor * budget * tier.longMs) / share,
      clearMs: tier.shortMs * (1 - (tier.factor * budget) / share),
    }))
    .filter(({ factor, detectMs }) => share >= factor * budget && detectMs <= lengthMs);
  if (tripped.length === 0) return null;
  const severities = (["PAGE", "TICKET"] as const).flatMap((severity) => {
    const own = tripped.filter((tier) => tier.severity === severity);
    if (own.length === 0) return [];
    const { forMs, keepFiringMs } = hold[severity];
    return {
      fireMs: Math.min(...own.map(({ detectMs }) => detectMs)) + forMs + offsetMs,
      endMs: lengthMs + Math.max(...own.map(({ clearMs }) => clearMs)) + keepFiringMs + offsetMs,
      severity,
    };
  });
  const quickest = tripped.reduce((a, b) => (b.shortMs < a.shortMs ? b : a));
  const slowest = tripped.reduce((a, b) => (b.factor < a.factor ? b : a));
  return {
    fireMs: Math.min(...severities.map(({ fireMs }) => fireMs)),
    first: severities.reduce((a, b) => (b.fireMs < a.fireMs ? b : a)).severity,
    // The quickest window falls below the mildest tier still met.
    recoverMs: lengthMs + quickest.shortMs * (1 - (slowest.factor * budget) / share) + offsetMs,
    resolveMs: Math.max(...severities.map(({ endMs }) => endMs)),
    hasPage: severities.some(({ severity }) => severity === "PAGE"),
  };
}

function outage(share: number, lengthMs: number) {
  const counts = steady([
    { fromMs: 0, perSecond: 50, errorRatio: 0 },
    { fromMs: 0, perSecond: 50, errorRatio: share },
    { fromMs: lengthMs, perSecond: 50, errorRatio: 0 },
  ]);
  return transitionsOf(run(objective, counts, -stepMs, lengthMs + 8 * hourMs));
}

/** An evaluation sees an instant at the first step at or after it. */
function expectWithinAStep(atMs: number | undefined, wantedMs: number) {
  expect(atMs).toBeGreaterThanOrEqual(wantedMs - stepMs);
  expect(atMs).toBeLessThanOrEqual(wantedMs + stepMs + 1);
}

describe("a step outage of constant traffic", () => {
  test.each([
    [0.002, hourMs],
    [0.002, 40 * hourMs],
    [0.002, 3 * dayMs],
    [0.015, 30 * minuteMs],
    [0.015, 70 * minuteMs],
    [0.015, 3 * hourMs],
    [0.015, 6 * hourMs],
    [0.02, 20 * minuteMs],
    [0.02, 50 * minuteMs],
    [0.02, 4 * hourMs],
    [0.05, hourMs],
    [0.1, 5 * minuteMs],
    [0.1, 9 * minuteMs],
    [0.1, 25 * minuteMs],
    [0.1, hourMs],
    [1, 40_000],
    [1, minuteMs],
    [1, 3 * minuteMs],
    [1, 10 * minuteMs],
    [1, 2 * hourMs],
  ])("of %d for %d ms fires, recovers and resolves when the arithmetic says so, as one incident", (share, lengthMs) => {
    const transitions = outage(share, lengthMs);
    const wanted = expected(share, lengthMs);
    const at = (state: string) => transitions.find(({ to }) => to === state)?.atMs;
    if (wanted === null) {
      expect(transitions).toEqual([]);
      return;
    }
    expectWithinAStep(at("FIRING"), wanted.fireMs);
    expectWithinAStep(at("RECOVERING"), Math.max(wanted.recoverMs, wanted.fireMs));
    expectWithinAStep(at("RESOLVED"), wanted.resolveMs);
    expect(transitions.find(({ to }) => to === "FIRING")?.severity).toBe(wanted.first);
    expect(transitions.some(({ severity }) => severity === "PAGE")).toBe(wanted.hasPage);
    expect(new Set(transitions.map(({ incidentId }) => incidentId)).size).toBe(1);
    expect(transitions.at(-1)?.to).toBe("RESOLVED");
  });

  test("fires at 14.4 as soon as the factor is reached exactly, whatever the binary fractions", () => {
    const transitions = outage(0.0144, 2 * hourMs);
    expectWithinAStep(transitions.find(({ to }) => to === "FIRING")?.atMs, hourMs + minuteMs + offsetMs);
  });

  test("moves from page to ticket in its own incident when the page tiers have been clear for their keep-firing time", () => {
    const lengthMs = 10 * minuteMs;
    const transitions = outage(1, lengthMs);
    const milder = transitions.find(({ severity }) => severity === "TICKET");
    const pageClearMs = 30 * minuteMs * (1 - 6 * budget);
    expectWithinAStep(milder?.atMs, lengthMs + pageClearMs + hold.PAGE.keepFiringMs + offsetMs);
    expect(milder).toMatchObject({ from: "RECOVERING", to: "RECOVERING" });
    expect(transitions.map(({ to, severity }) => `${to} ${severity}`)).toEqual([
      "PENDING PAGE",
      "FIRING PAGE",
      "RECOVERING PAGE",
      "RECOVERING TICKET",
      "RESOLVED TICKET",
    ]);
  });
});
