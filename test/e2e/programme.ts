/**
 * The course of one demo that plays every scenario once, each for some minutes after a calm: the embedded and the real suite ask about the
 * same minutes. Fixed in time and seed, so that every run has the same requests.
 */

/** Noon of a Tuesday in UTC, and the start of a block of Prometheus'. */
export const startMs = Date.UTC(2026, 4, 12, 12);
export const seed = 11;

const minuteMs = 60_000;
const calmMs = 3 * minuteMs;
const actMs = 4 * minuteMs;
/** Every rollout is through by then, and every call of before has ended. */
const settledAfterMs = minuteMs;
/** The questions are asked at the end of an act, before anything is put right. */
const curtainMs = 15_000;

const names = [
  "healthy",
  "ratings-delay",
  "ratings-delay-v3",
  "ratings-abort",
  "canary-split",
  "retries-mask",
  "rbac-denied",
  "egress-blocked",
  "egress-firestore",
  "mysql-slow",
  "crashloop",
  "storm",
] as const;

/** A scenario with an act of its own. */
export type ScenarioName = (typeof names)[number];

/** One scenario's time on the stage. */
export interface Act {
  readonly scenario: ScenarioName;
  readonly switchMs: number;
  /** When the questions are asked. */
  readonly endMs: number;
  /** When the mesh is made healthy again. */
  readonly backMs: number;
}

/** Every act, in order of time; before each the mesh is healthy for three minutes, before the first for five. */
export const acts: readonly Act[] = names.map((scenario, index) => {
  const switchMs = startMs + 5 * minuteMs + index * (calmMs + actMs);
  return { scenario, switchMs, endMs: switchMs + actMs, backMs: switchMs + actMs + curtainMs };
});

/** When the last questions are asked. */
export const endMs: number = Math.max(...acts.map((act) => act.endMs));

/** The act of a scenario. */
export function actOf(name: ScenarioName): Act {
  const act = acts.find(({ scenario }) => scenario === name);
  if (act === undefined) throw new Error(`${name} has no act`);
  return act;
}

/** The minutes in which a scenario shows in full. */
export function settledRange({ switchMs, endMs }: Act) {
  return rangeOf(switchMs + settledAfterMs, endMs);
}

/** From just before the switch on: what was changed. */
export function rangeAroundSwitch({ switchMs, endMs }: Act) {
  return rangeOf(switchMs - minuteMs, endMs);
}

function rangeOf(fromMs: number, toMs: number) {
  return { absolute: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() } };
}
