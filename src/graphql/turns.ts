/** Bounded work: so many operations at once, so many waiting for their turn, the others refused with 503. Used by operation-hooks.ts. */
import type { ServerResponse } from "node:http";
import { MeshlensError } from "../errors.js";
import { createConcurrencyLimit } from "../telemetry/concurrency-limit.js";

/** Waits for the request's turn; a second operation of one request shares it. @throws MESHLENS_ERR_SERVER_BUSY */
export type TakeTurn = (request: TurnRequest) => Promise<void>;

/** Who waits, and until when. */
export interface TurnRequest {
  /** Its end, in whatever way, gives the turn back. */
  readonly response: ServerResponse;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Longest wait, ms. */
  readonly waitMs: number;
}

/** How many, and how a refusal is told. */
export interface TurnTerms {
  readonly atOnce: number;
  readonly mostWaiting: number;
  readonly retryAfterMs: number;
  /** One sentence with the reason in it: what is limited, and what to do. */
  readonly say: (why: string) => string;
  readonly onRefused?: (why: "queue" | "wait") => void;
}

/** Turns, and how many there are of each kind now. */
export interface Turns {
  readonly take: TakeTurn;
  running(): number;
  waiting(): number;
}

/** One server's turns. */
export function createTurns({ atOnce, mostWaiting, retryAfterMs, say, onRefused = () => {} }: TurnTerms): Turns {
  const turns = createConcurrencyLimit(atOnce);
  const holders = new WeakSet<ServerResponse>();

  function busy(reason: "queue" | "wait", why: string): MeshlensError {
    onRefused(reason);
    return new MeshlensError("MESHLENS_ERR_SERVER_BUSY", say(why), { retryAfterMs });
  }

  return {
    running: turns.usedPlaces,
    waiting: turns.queueLength,
    async take({ response, signal, waitMs }) {
      if (holders.has(response)) return;
      // Who finds a free turn waits for nobody.
      if (turns.usedPlaces() >= atOnce && turns.queueLength() >= mostWaiting)
        throw busy("queue", `${mostWaiting} of them wait already`);
      const late = AbortSignal.timeout(Math.max(0, waitMs));
      const release = await turns.acquire(AbortSignal.any([signal, late])).catch(() => {
        throw busy("wait", `this one waited ${waitMs} ms for its turn`);
      });
      holders.add(response);
      response.once("finish", release);
      response.once("close", release);
      // Over before its turn came: no event follows any more.
      if (response.closed) release();
    },
  };
}
