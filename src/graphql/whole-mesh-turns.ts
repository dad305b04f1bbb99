/**
 * Answers about the whole mesh are worked out a few at a time: each holds some 40 MB of rows and text at 5,000 edges, and side by side they
 * would not be ready a moment sooner, because they share one thread. Used by operation-hooks.ts.
 */
import { createTurns, type Turns, type TurnTerms } from "./turns.js";

/** One is worked on while another waits for its backends: 20 at once peaked at 254 MB, where 20 side by side took 350. */
const atOnce = 2;
/** More would hardly come to their turn before their deadline. */
const mostWaiting = 64;
const retryAfterMs = 5_000;

/** One server's turns. */
export function createWholeMeshTurns(onRefused?: TurnTerms["onRefused"]): Turns {
  return createTurns({
    atOnce,
    mostWaiting,
    retryAfterMs,
    say: (why) =>
      `Answers about the whole mesh are worked out ${atOnce} at a time, and ${why}: ask again in some seconds, or for fewer namespaces.`,
    ...(onRefused === undefined ? {} : { onRefused }),
  });
}
