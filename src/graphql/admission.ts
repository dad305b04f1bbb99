/**
 * How much one server takes on: so many operations under way, so many waiting, and none while the event loop is far behind. What is refused
 * is told 503 with Retry-After at once, so that evaluations, deliveries, /healthz and /metrics go on. Used by operation-hooks.ts.
 */
import { MeshlensError } from "../errors.js";
import { createTurns, type TakeTurn, type TurnRequest } from "./turns.js";
import { createWholeMeshTurns } from "./whole-mesh-turns.js";

/** How many there may be. */
export interface AdmissionLimits {
  /** Queries under way at once. */
  readonly operations: number;
  /** Queries waiting for their turn. */
  readonly waitingOperations: number;
  /** Delay of the event loop from which on no more are taken, ms. */
  readonly loopDelayMs: number;
}

/** Limits that let a large mesh's dashboards load at once, and a query hold some hundred kilobytes. */
export const defaultAdmissionLimits: AdmissionLimits = {
  operations: 250,
  waitingOperations: 2_000,
  loopDelayMs: 1_000,
};

/** Why an operation was refused: too many waited, its wait was too long, the loop is behind, too many of the whole mesh. */
export type RefusalReason = "queue" | "wait" | "loop" | "whole_mesh";

/** What it is told by and tells. */
export interface AdmissionDeps {
  /** How far the event loop is behind, for some time now; left out: not at all. */
  readonly loopDelayMs?: () => number;
  readonly onRefused?: (reason: RefusalReason) => void;
  /** Handed the numbers of now once, for gauges. */
  readonly watch?: (now: () => { readonly running: number; readonly waiting: number }) => void;
}

/** Both doors an operation goes through. */
export interface Admission {
  readonly take: TakeTurn;
  readonly takeWholeMesh: TakeTurn;
}

const retryAfterMs = 2_000;
/** Of the time that is left: an operation that waited longer could not ask its sources any more. */
const mostOfTime = 0.5;

/** One server's. */
export function createAdmission(limits: AdmissionLimits, deps: AdmissionDeps = {}): Admission {
  const { loopDelayMs = () => 0, onRefused = () => {}, watch } = deps;
  const turns = createTurns({
    atOnce: limits.operations,
    mostWaiting: limits.waitingOperations,
    retryAfterMs,
    say: (why) =>
      `Meshlens answers ${limits.operations} queries at a time (server.limits.operations), and ${why}: ask again in some seconds.`,
    onRefused,
  });
  const wholeMesh = createWholeMeshTurns(() => onRefused("whole_mesh"));
  watch?.(() => ({ running: turns.running(), waiting: turns.waiting() }));
  return {
    async take(request: TurnRequest) {
      const behindMs = loopDelayMs();
      if (behindMs > limits.loopDelayMs) {
        onRefused("loop");
        const message = `Meshlens is ${Math.round(behindMs)} ms behind with its work, more than server.limits.loopDelayMs allows: ask again in some seconds.`;
        throw new MeshlensError("MESHLENS_ERR_SERVER_BUSY", message, { retryAfterMs });
      }
      await turns.take({ ...request, waitMs: Math.floor(request.waitMs * mostOfTime) });
    },
    takeWholeMesh: wholeMesh.take,
  };
}
