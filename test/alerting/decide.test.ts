import { describe, expect, test } from "@jest/globals";
import { newAlertState } from "../../src/alerting/alert-state.js";
import { decide } from "../../src/alerting/decide.js";
import type { Objective } from "../../src/slo/objective.js";
import {
  hourMs,
  ladder,
  measure,
  minuteMs,
  offsetMs,
  run,
  steady,
  stepMs,
  transitionsOf,
} from "../support/alert-stream.js";
import { makeObjective } from "../support/objectives.js";

const objective = makeObjective();
const failing = steady([
  { fromMs: 0, perSecond: 50, errorRatio: 0 },
  { fromMs: 0, perSecond: 50, errorRatio: 1 },
]);

function decideAt(state: Parameters<typeof decide>[0]["state"], clockMs: number, endMs = clockMs - offsetMs) {
  return decide({ objective, state, measurement: measure(objective, failing, endMs), clockMs, intervalMs: stepMs });
}

describe("the clock of evaluations", () => {
  test("the same instant twice decides nothing the second time", () => {
    const first = decideAt(newAlertState(objective.id), 5 * minuteMs);
    const second = decideAt(first.state, 5 * minuteMs);
    expect(first.transitions).toHaveLength(1);
    expect(second.transitions).toEqual([]);
    expect(second.state).toBe(first.state);
  });

  test("a process that was down has not watched: `for` begins to count again when it is back", () => {
    const pending = decideAt(newAlertState(objective.id), 5 * minuteMs);
    const back = decideAt(pending.state, 2 * hourMs);
    expect(back.state.incident?.state).toBe("PENDING");
    expect(back.reasons).toContain("nothing was evaluated for 6900 s: that time is not counted as watched");
    const [soon, later] = [stepMs, 2 * stepMs].map((ms) => 2 * hourMs + ms);
    const next = decideAt(back.state, soon ?? 0);
    expect(next.state.incident?.state).toBe("PENDING");
    expect(decideAt(next.state, later ?? 0).transitions.map(({ to }) => to)).toEqual(["FIRING"]);
  });

  test("a pause of a few intervals, such as a slow evaluation, counts", () => {
    const pending = decideAt(newAlertState(objective.id), 5 * minuteMs);
    expect(decideAt(pending.state, 7 * minuteMs).transitions.map(({ to }) => to)).toEqual(["FIRING"]);
  });

  test("a clock that jumped back is followed, resolves nothing and counts nothing", () => {
    const open = run(objective, failing, -stepMs, hourMs).at(-1)?.decision.state ?? newAlertState("");
    const jumped = decideAt(open, 10 * minuteMs, hourMs);
    expect(jumped.transitions).toEqual([]);
    expect(jumped.state).toMatchObject({ evaluatedAtMs: 10 * minuteMs, incident: { state: "FIRING" } });
    expect(jumped.reasons).toContain("the clock went back by 3000 s: no time is counted as watched");
  });
});

describe("severities within one incident", () => {
  test("a ticket that gets worse becomes a page in the same incident, firing at once when the page's `for` is over", () => {
    const counts = steady([
      { fromMs: 0, perSecond: 50, errorRatio: 0 },
      { fromMs: 0, perSecond: 50, errorRatio: 0.004 },
      { fromMs: 24 * hourMs, perSecond: 50, errorRatio: 0.5 },
    ]);
    const evaluated = run(objective, counts, -stepMs, 25 * hourMs);
    expect(ladder(evaluated)).toEqual(["PENDING TICKET", "FIRING TICKET", "FIRING PAGE"]);
    expect(new Set(transitionsOf(evaluated).map(({ incidentId }) => incidentId)).size).toBe(1);
  });

  test("transitions are numbered within their incident and incidents have ids of their own", () => {
    const counts = steady([
      { fromMs: 0, perSecond: 50, errorRatio: 0 },
      { fromMs: 0, perSecond: 50, errorRatio: 1 },
      { fromMs: 2 * minuteMs, perSecond: 50, errorRatio: 0 },
      { fromMs: 2 * hourMs, perSecond: 50, errorRatio: 1 },
      { fromMs: 2 * hourMs + minuteMs, perSecond: 50, errorRatio: 0 },
    ]);
    const quickOnly: Objective = {
      ...objective,
      alerting: { ...objective.alerting, tiers: objective.alerting.tiers.slice(0, 1) },
    };
    const transitions = transitionsOf(run(quickOnly, counts, -stepMs, 4 * hourMs));
    expect(transitions.map(({ sequence, from, to }) => `${sequence} ${from} ${to}`)).toEqual([
      "1 null PENDING",
      "2 PENDING FIRING",
      "3 FIRING RECOVERING",
      "4 RECOVERING RESOLVED",
      "1 null PENDING",
      "2 PENDING FIRING",
      "3 FIRING RECOVERING",
      "4 RECOVERING RESOLVED",
    ]);
    expect(new Set(transitions.map(({ incidentId }) => incidentId)).size).toBe(2);
  });

  test("a condition that ends before `for` is over ends without firing", () => {
    const patient: Objective = {
      ...objective,
      alerting: {
        ...objective.alerting,
        tiers: objective.alerting.tiers.slice(0, 1),
        hold: { ...objective.alerting.hold, PAGE: { forMs: 10 * minuteMs, keepFiringMs: 10 * minuteMs } },
      },
    };
    const counts = steady([
      { fromMs: 0, perSecond: 50, errorRatio: 0 },
      { fromMs: 0, perSecond: 50, errorRatio: 1 },
      { fromMs: minuteMs, perSecond: 50, errorRatio: 0 },
    ]);
    const transitions = transitionsOf(run(patient, counts, -stepMs, hourMs));
    expect(transitions.map(({ to, reason }) => [to, reason])).toEqual([
      ["PENDING", expect.stringMatching(/^1h\/5m burns at .* and .* \(threshold 14\.4\); page after 10m$/)],
      ["RESOLVED", "every tier is clear before it fired"],
    ]);
  });

  test("a transition carries the conditions and the counts of the longest window met", () => {
    const fired = transitionsOf(run(objective, failing, -stepMs, 3 * minuteMs)).find(({ to }) => to === "FIRING");
    expect(fired?.burnConditions).toHaveLength(4);
    const [quick] = fired?.burnConditions ?? [];
    expect(quick).toMatchObject({ tier: "1h/5m", severity: "PAGE", threshold: 14.4, met: true });
    expect(fired?.totalCount).toBeCloseTo(50 * 3600, 6);
    expect(quick?.long.value).toBeCloseTo((3600 * 50 - (fired?.goodCount ?? 0)) / (3600 * 50) / 0.001, 6);
  });

  test("an objective without tiers has no incidents", () => {
    const silent: Objective = { ...objective, alerting: { ...objective.alerting, tiers: [] } };
    expect(transitionsOf(run(silent, failing, -stepMs, hourMs))).toEqual([]);
  });

  test("an incident whose tiers were taken out of the objective ends after keep-firing", () => {
    const open = run(objective, failing, -stepMs, 5 * minuteMs).at(-1)?.decision.state;
    const silent: Objective = { ...objective, alerting: { ...objective.alerting, tiers: [] } };
    const after = run(silent, failing, 5 * minuteMs + stepMs, hourMs, undefined, open);
    expect(ladder(after)).toEqual(["RECOVERING PAGE", "RESOLVED PAGE"]);
  });
});
