/**
 * The terms of every call to a backend, whichever library sends it: deadline, a limit on calls under way, a pause after 429, a circuit
 * breaker, and the observer told of each. The HTTP client and Elasticsearch's client send through one each.
 */
import { setMaxListeners } from "node:events";
import { MeshlensError } from "../errors.js";
import type { Clock } from "../telemetry/clock.js";
import { createConcurrencyLimit } from "../telemetry/concurrency-limit.js";
import type { CallOptions } from "../telemetry/source.js";
import { connectionDefaults, type SourceConnection, urgentPlaces } from "../telemetry/source-connection.js";
import { createCallSignal } from "./call-signal.js";
import { createCircuitBreaker } from "./circuit-breaker.js";
import type { HttpObserver } from "./http-client.js";
import { statusError } from "./http-error.js";

/** What a guard needs beside the connection. */
export interface CallGuardDeps {
  readonly clock: Clock;
  readonly observer?: HttpObserver;
  /** Makes one of MESHLENS_ERR_SOURCE_* of what `send` threw; one that is such an error already stays. */
  readonly asError: (thrown: unknown) => MeshlensError;
}

/** What came back, with what the observer is told of it. */
export interface GuardedAnswer<T> {
  readonly value: T;
  readonly status: number;
  readonly bytes: number;
}

/** The guard of one backend. */
export interface CallGuard {
  /**
   * Sends when there is a place. `signal` ends at the deadline, when the caller leaves and when the guard is closed; `headers` go along.
   * @throws what `asError` makes · MESHLENS_ERR_SOURCE_RATE_LIMITED until a 429's pause has passed · _CIRCUIT_OPEN · _TIMEOUT · _ABORTED
   */
  run<T>(
    operation: string,
    options: CallOptions,
    send: (signal: AbortSignal, headers: Readonly<Record<string, string>>) => Promise<GuardedAnswer<T>>,
  ): Promise<T>;
  /** Ends the calls under way. */
  close(): void;
}

/** A guard with nothing under way. */
export function createCallGuard(connection: SourceConnection, deps: CallGuardDeps): CallGuard {
  const { name, url, timeoutMs, maxConcurrent } = { ...connectionDefaults, ...connection };
  const { clock, observer, asError } = deps;
  const limit = createConcurrencyLimit(maxConcurrent, urgentPlaces);
  const breaker = createCircuitBreaker({ clock, failureThreshold: 5, firstPauseMs: 1_000, maxPauseMs: 15_000 });
  const closing = new AbortController();
  // Every call under way listens; there are as many as there are callers waiting.
  setMaxListeners(0, closing.signal);
  let pausedUntilMs = 0;

  /** Only what speaks of the backend's health moves the breaker: a refused query or a client that left does not. */
  function judge(error: MeshlensError): void {
    if (error.code === "MESHLENS_ERR_SOURCE_RATE_LIMITED")
      pausedUntilMs = clock.nowMs() + (error.details.retryAfterMs ?? 1_000);
    if (error.code === "MESHLENS_ERR_SOURCE_ABORTED") breaker.abandoned();
    else if (
      error.code === "MESHLENS_ERR_SOURCE_UNREACHABLE" ||
      error.code === "MESHLENS_ERR_SOURCE_TIMEOUT" ||
      (error.details.status ?? 0) >= 500
    )
      breaker.failed();
    else breaker.succeeded();
  }

  return {
    async run(operation, options, send) {
      const pause = pausedUntilMs - clock.nowMs();
      if (pause > 0) throw statusError(name, url, 429, pause);
      const openMs = breaker.pauseMs();
      if (openMs > 0) throw circuitOpenError(name, openMs);

      const left = Math.min(timeoutMs, options.deadlineMs - clock.nowMs());
      const call = createCallSignal(name, left, [options.signal, closing.signal]);
      const seen = observer?.start({ source: name, operation });
      let release: (() => void) | undefined;
      try {
        release = await limit.acquire(call.signal, options.isUrgent);
        const { value, status, bytes } = await send(call.signal, seen?.headers ?? {});
        breaker.succeeded();
        seen?.end({ status, errorCode: null, bytes });
        return value;
      } catch (thrown) {
        const error = asError(call.signal.aborted ? call.signal.reason : thrown);
        // One that never had its turn says how much is asked for, not how the backend is.
        if (release === undefined) breaker.abandoned();
        else judge(error);
        seen?.end({ status: error.details.status ?? null, errorCode: error.code, bytes: 0 });
        throw error;
      } finally {
        release?.();
        call.dispose();
      }
    },
    close: () => closing.abort(),
  };
}

function circuitOpenError(source: string, openMs: number): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_SOURCE_CIRCUIT_OPEN",
    `${source} failed several times in a row; it is asked again in ${Math.ceil(openMs / 1000)} s`,
    { source, retryAfterMs: openMs },
  );
}
