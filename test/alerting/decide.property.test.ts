import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type AlertState, newAlertState } from "../../src/alerting/alert-state.js";
import { decide } from "../../src/alerting/decide.js";
import { readAlertState } from "../../src/alerting/read-alert-state.js";
import { countedWindow, type DataState, type Measurement } from "../../src/slo/measurement.js";
import { tierWindowsMs } from "../../src/slo/windows.js";
import { makeObjective } from "../support/objectives.js";

const objective = makeObjective();
const windowsMs = tierWindowsMs(objective);

/** One evaluation: how much later, what the windows hold, how the data is. */
interface Step {
  readonly afterMs: number;
  readonly failed: readonly number[];
  readonly coverage: number;
  readonly dataState: DataState;
}

const dataState = fc.oneof(
  { weight: 6, arbitrary: fc.constant<DataState>("OK") },
  { weight: 1, arbitrary: fc.constantFrom<DataState>("IDLE", "NO_DATA", "UNKNOWN") },
);
/** Error shares around the thresholds, in ten-thousandths of 10,000 calls a window. */
const failed = fc.array(fc.constantFrom(0, 3, 8, 12, 35, 70, 160, 5000), { minLength: 8, maxLength: 8 });
const step: fc.Arbitrary<Step> = fc.record({
  afterMs: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(30_000, 60_000) },
    { weight: 1, arbitrary: fc.constantFrom(-90_000, 0, 600_000, 7_200_000) },
  ),
  failed,
  coverage: fc.constantFrom(1, 1, 1, 0.6, 0.1),
  dataState,
});
/** The same windows for a while: otherwise nothing lasts long enough to fire. */
const steps = fc
  .array(fc.tuple(step, fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 8 })
  .map((runs) => runs.flatMap(([one, count]) => Array.from({ length: count }, () => one)));

function measurementOf(one: Step, extraFailed = 0): Measurement {
  const windows = windowsMs.map((windowMs, index) => {
    const count = Math.min(10_000, (one.failed[index] ?? 0) + extraFailed);
    return countedWindow(windowMs, { goodCount: 10_000 - count, totalCount: 10_000, coverage: one.coverage });
  });
  const { dataState: state } = one;
  return {
    objectiveId: objective.id,
    endMs: 0,
    dataState: state,
    dataReason: null,
    windows,
    period: null,
    isApproximate: false,
  };
}

function decideAll(list: readonly Step[], begin: AlertState = newAlertState(objective.id), extraFailed = 0) {
  let state = begin;
  let clockMs = state.evaluatedAtMs ?? 1_000_000_000;
  return list.map((one) => {
    clockMs += one.afterMs;
    const before = state;
    const decision = decide({
      objective,
      state,
      measurement: measurementOf(one, extraFailed),
      clockMs,
      intervalMs: 30_000,
    });
    state = decision.state;
    return { one, before, decision, clockMs };
  });
}

describe("decisions over any stream", () => {
  test("the streams tried do fire, recover, change severity and resolve", () => {
    const reached = new Set(
      fc
        .sample(steps, { numRuns: 60, seed: 1 })
        .flatMap((list) =>
          decideAll(list).flatMap(({ decision }) =>
            decision.transitions.map(({ to, severity }) => `${to} ${severity}`),
          ),
        ),
    );
    expect([...reached].sort()).toEqual(
      ["FIRING", "PENDING", "RECOVERING", "RESOLVED"].flatMap((state) => [`${state} PAGE`, `${state} TICKET`]),
    );
  });

  test("there are never two open incidents, and every incident opens once, closes once and moves in allowed steps", () => {
    const allowed = new Set(
      "null PENDING,PENDING PENDING,PENDING FIRING,PENDING RESOLVED,FIRING FIRING,FIRING RECOVERING,FIRING RESOLVED,RECOVERING FIRING,RECOVERING RECOVERING,RECOVERING RESOLVED".split(
        ",",
      ),
    );
    fc.assert(
      fc.property(steps, (list) => {
        const transitions = decideAll(list).flatMap(({ decision }) => decision.transitions);
        let open: { readonly id: string; readonly sequence: number; readonly state: string } | null = null;
        const seen = new Set<string>();
        for (const { incidentId, sequence, from, to } of transitions) {
          expect(allowed).toContain(`${from} ${to}`);
          if (open === null) {
            expect([from, sequence, seen.has(incidentId)]).toEqual([null, 1, false]);
            seen.add(incidentId);
          } else {
            expect([incidentId, sequence, from]).toEqual([open.id, open.sequence + 1, open.state]);
          }
          open = to === "RESOLVED" ? null : { id: incidentId, sequence, state: to };
        }
      }),
    );
  });

  test("NO_DATA and UNKNOWN change no incident, and too little coverage resolves none", () => {
    fc.assert(
      fc.property(steps, (list) => {
        for (const { one, before, decision } of decideAll(list)) {
          const isHidden = one.dataState === "NO_DATA" || one.dataState === "UNKNOWN";
          if (isHidden) {
            const isSame = JSON.stringify(decision.state.incident) === JSON.stringify(before.incident);
            if (decision.transitions.length > 0 || !isSame) return false;
          }
          if (one.coverage < 0.5 && decision.transitions.some(({ to }) => to === "RESOLVED")) return false;
        }
        return true;
      }),
    );
  });

  test("more failures never make an incident end earlier or fire later", () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 50, 400), (list, extra) => {
        const [fewer, more] = [decideAll(list), decideAll(list, undefined, extra)];
        for (const [index, { decision }] of fewer.entries()) {
          const hasFired = (state: AlertState | undefined) => state?.incident?.firedAtMs != null;
          if (hasFired(decision.state) && !hasFired(more[index]?.decision.state)) return false;
        }
        return true;
      }),
    );
  });

  test("a restart from any stored state goes on exactly as if nothing had happened", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, cut) => {
        const whole = decideAll(list);
        const at = cut % whole.length;
        const stored: unknown = JSON.parse(JSON.stringify(whole[at]?.decision.state));
        const state = readAlertState(stored);
        expect(state).toEqual(whole[at]?.decision.state);
        const resumed = decideAll(list.slice(at + 1), state ?? newAlertState(""));
        const decisions = (all: typeof whole) => JSON.stringify(all.map(({ decision }) => decision));
        expect(decisions(resumed)).toBe(decisions(whole.slice(at + 1)));
      }),
    );
  });

  test("every transition and every evaluation has a reason in words", () => {
    fc.assert(
      fc.property(steps, (list) => {
        for (const { decision } of decideAll(list)) {
          for (const words of [...decision.reasons, ...decision.transitions.map(({ reason }) => reason)]) {
            if (!/\S/.test(words) || /NaN|undefined|null|Infinity/.test(words)) return false;
          }
        }
        return true;
      }),
    );
  });
});

describe("stored states", () => {
  test.each([[null], [{}], [{ version: 2 }], [{ ...newAlertState("x"), extra: 1 }], ["text"]])(
    "what no version wrote is not read: %j",
    (stored) => {
      expect(readAlertState(stored)).toBeNull();
    },
  );
});
