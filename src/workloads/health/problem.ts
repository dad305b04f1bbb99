/** A reason why something is not well, with how grave it is. */

/** Grave first: `down` nothing serves, `broken` an instance cannot run, `weak` one is not whole, `past` it recovered a moment ago. */
export type Gravity = "down" | "broken" | "weak" | "past";

/** One reason. */
export interface Problem {
  readonly gravity: Gravity;
  /** A sentence without its subject: `container reviews is in CrashLoopBackOff after 5 restarts`. */
  readonly text: string;
}

/** The order of reasons. */
export const gravities: readonly Gravity[] = ["down", "broken", "weak", "past"];
