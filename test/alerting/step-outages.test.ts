import { describe, expect, test } from "@jest/globals";
import { hourMs, minuteMs, offsetMs, run, steady, stepMs, transitionsOf } from "../support/alert-stream.js";
import { stepOutages } from "../support/closed-form.js";
import { outageFault } from "../support/closed-form-cases.js";
import { makeObjective } from "../support/objectives.js";

const objective = makeObjective();
const { hold } = objective.alerting;
const budget = objective.target.budgetRatio;

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
  test.each(stepOutages)(
    "of %d for %d ms fires, recovers and resolves when the arithmetic says so, as one incident",
    (share, lengthMs) => {
      expect(outageFault([share, lengthMs], objective, outage(share, lengthMs))).toBeNull();
    },
  );

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
