/**
 * Answers about the whole mesh are worked out a few at a time: each holds some 40 MB of rows and text at 5,000 edges, and side by side they
 * would not be ready a moment sooner, because they share one thread. Used by operation-hooks.ts.
 */
import type { ServerResponse } from "node:http";
import { MeshlensError } from "../errors.js";
import { createConcurrencyLimit } from "../telemetry/concurrency-limit.js";

/** Waits for the request's turn; a second operation of one request shares it. @throws MESHLENS_ERR_SERVER_BUSY */
export type WholeMeshTurns = (request: TurnRequest) => Promise<void>;

/** Who waits, and until when. */
export interface TurnRequest {
  /** Its end, in whatever way, gives the turn back. */
  readonly response: ServerResponse;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Longest wait, ms. */
  readonly waitMs: number;
}

/** One is worked on while another waits for its backends: 20 at once peaked at 254 MB, where 20 side by side took 350. */
const atOnce = 2;
/** More would hardly come to their turn before their deadline. */
const mostWaiting = 64;
const retryAfterMs = 5_000;

/** One server's turns. */
export function createWholeMeshTurns(): WholeMeshTurns {
  const turns = createConcurrencyLimit(atOnce);
  const holders = new WeakSet<ServerResponse>();
  return async ({ response, signal, waitMs }) => {
    if (holders.has(response)) return;
    if (turns.queueLength() >= mostWaiting) throw busy(`${mostWaiting} of them wait already`);
    const late = AbortSignal.timeout(Math.max(0, waitMs));
    const release = await turns.acquire(AbortSignal.any([signal, late])).catch(() => {
      throw busy(`this one waited ${waitMs} ms for its turn`);
    });
    holders.add(response);
    response.once("finish", release);
    response.once("close", release);
    // Over before its turn came: no event follows any more.
    if (response.closed) release();
  };
}

function busy(why: string): MeshlensError {
  const message = `Answers about the whole mesh are worked out ${atOnce} at a time, and ${why}: ask again in some seconds, or for fewer namespaces.`;
  return new MeshlensError("MESHLENS_ERR_SERVER_BUSY", message, { retryAfterMs });
}
