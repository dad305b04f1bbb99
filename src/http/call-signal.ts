/** One AbortSignal for everything that may end a call: the caller leaving, the deadline, the client closing. */
import { MeshlensError } from "../errors.js";

/** A signal with the means to clear its timer; its reason is always a MeshlensError. */
export interface CallSignal {
  readonly signal: AbortSignal;
  dispose(): void;
}

/**
 * @param timeoutMs time left for this call; at most 0 is a timeout at once
 * @param parents aborted by whoever may end the call early: becomes MESHLENS_ERR_SOURCE_ABORTED
 */
export function createCallSignal(source: string, timeoutMs: number, parents: readonly AbortSignal[]): CallSignal {
  const controller = new AbortController();
  const timeout = () =>
    controller.abort(
      new MeshlensError(
        "MESHLENS_ERR_SOURCE_TIMEOUT",
        `${source} did not answer within ${Math.max(0, Math.round(timeoutMs))} ms`,
        {
          source,
        },
      ),
    );
  const leave = () =>
    controller.abort(
      new MeshlensError(
        "MESHLENS_ERR_SOURCE_ABORTED",
        `The call to ${source} was given up because nobody waits for it any more`,
        {
          source,
        },
      ),
    );
  // Not a reason to keep the process: what is waited for holds it open itself.
  const timer = timeoutMs > 0 ? setTimeout(timeout, timeoutMs).unref() : undefined;
  if (timer === undefined) timeout();
  for (const parent of parents) {
    if (parent.aborted) leave();
    else parent.addEventListener("abort", leave, { once: true });
  }
  return {
    signal: controller.signal,
    dispose() {
      clearTimeout(timer);
      for (const parent of parents) parent.removeEventListener("abort", leave);
    },
  };
}
