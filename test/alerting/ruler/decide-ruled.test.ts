import { describe, expect, test } from "@jest/globals";
import { type AlertState, newAlertState } from "../../../src/alerting/alert-state.js";
import { decide } from "../../../src/alerting/decide.js";
import { readAlertState } from "../../../src/alerting/read-alert-state.js";
import { decideRuled } from "../../../src/alerting/ruler/decide-ruled.js";
import type { Severity } from "../../../src/slo/burn-tier.js";
import { countedWindow, type Measurement, unmeasured } from "../../../src/slo/measurement.js";
import { makeObjective } from "../../support/objectives.js";

const objective = makeObjective();
const intervalMs = 30_000;
const startMs = 1_800_000_000_000;

/** Every window with the same failed share. */
function measured(errorRatio: number, atMs: number): Measurement {
  const lengths = new Set(objective.alerting.tiers.flatMap(({ longMs, shortMs }) => [longMs, shortMs]));
  const windows = [...lengths].map((windowMs) =>
    countedWindow(windowMs, { goodCount: 10_000 * (1 - errorRatio), totalCount: 10_000, coverage: 1 }),
  );
  const common = { objectiveId: objective.id, endMs: atMs, dataReason: null, period: null, isApproximate: false };
  return { ...common, dataState: "OK", windows };
}

type Step = { readonly burn: number | null } | { readonly says: Severity | null };

/** Plays steps an interval apart and lists what was decided. */
function play(steps: readonly Step[]) {
  let state: AlertState = newAlertState(objective.id);
  let last: Measurement = unmeasured(objective, startMs, "UNKNOWN", "nothing yet");
  const seen: string[] = [];
  for (const [at, step] of steps.entries()) {
    const clockMs = startMs + at * intervalMs;
    if ("burn" in step) {
      last = step.burn === null ? unmeasured(objective, clockMs, "UNKNOWN", "down") : measured(step.burn, clockMs);
    }
    const decision =
      "burn" in step
        ? decide({ objective, state, measurement: last, clockMs, intervalMs })
        : decideRuled({ objective, state, measurement: last, ruled: step.says, clockMs });
    seen.push(...decision.transitions.map(({ to, severity }) => `${at} ${to} ${severity}`));
    state = readAlertState(JSON.parse(JSON.stringify(decision.state))) ?? state;
    expect(state).toEqual(decision.state);
  }
  return { seen, state };
}

const times = (count: number, step: Step): readonly Step[] => Array.from({ length: count }, () => step);
const calm: Step = { burn: 0 };
const fire: Step = { burn: 0.5 };
const dark: Step = { burn: null };

describe("an objective that Alertmanager speaks of", () => {
  test("fires and resolves by its word while nothing can be measured", () => {
    expect(play([dark, { says: "PAGE" }, ...times(50, dark), { says: null }, dark]).seen).toEqual([
      "1 FIRING PAGE",
      "52 RESOLVED PAGE",
    ]);
  });

  test("fires once where both say so, and ends when the last one does", () => {
    // Pending at 1, firing at 3 by the evaluations; keep-firing ends 20 intervals after the first calm one.
    const steps = [calm, ...times(4, fire), { says: "PAGE" } as const, ...times(25, calm), { says: null } as const];
    expect(play(steps).seen).toEqual(["1 PENDING PAGE", "3 FIRING PAGE", "6 RECOVERING PAGE", "31 RESOLVED PAGE"]);
  });

  test("goes on firing by the evaluations when Alertmanager says that it is over", () => {
    const steps = [fire, { says: "PAGE" } as const, { says: null } as const, ...times(10, fire), calm];
    expect(play(steps).seen).toEqual(["0 PENDING PAGE", "1 FIRING PAGE", "13 RECOVERING PAGE"]);
  });

  test("gets worse and milder by its word, in the same incident", () => {
    const steps = [{ says: "TICKET" }, { says: "PAGE" }, { says: "PAGE" }, { says: "TICKET" }, { says: null }] as const;
    const { seen, state } = play(steps);
    expect(seen).toEqual(["0 FIRING TICKET", "1 FIRING PAGE", "3 FIRING TICKET", "4 RESOLVED TICKET"]);
    expect(state).toMatchObject({ incident: null, incidentCount: 1 });
    expect(state).not.toHaveProperty("ruled");
  });

  test("stays firing though the evaluations see nothing, until its alert ends", () => {
    expect(play([calm, { says: "PAGE" }, ...times(60, calm), { says: null }]).seen).toEqual([
      "1 FIRING PAGE",
      "62 RESOLVED PAGE",
    ]);
  });
});
