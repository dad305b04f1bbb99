/** Ends a WebSocket whose token has expired, or whose reader is too slow: Mercurius sends on, and what is not read waits in our memory. */
import type { Clock } from "../telemetry/clock.js";

/** The part of a WebSocket that is needed. */
export interface WatchedSocket {
  /** Bytes that are sent and not yet taken by the network. */
  readonly bufferedAmount: number;
  once(event: "close", listener: () => void): unknown;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** What it is watched by. */
export interface WatchTerms {
  readonly clock: Clock;
  /** Epoch ms; undefined for a token without an end. */
  readonly expiresAtMs: number | undefined;
  /** How often it is looked at, in ms; default 1,000. */
  readonly everyMs?: number;
}

/** Bytes that may wait for a reader. */
export const mostBufferedBytes = 8 * 2 ** 20;
/** Close code of graphql-transport-ws for who is not let in. */
export const unauthorizedCode = 4401;

/** Watches until it closes. */
export function watchSocket(socket: WatchedSocket, { clock, expiresAtMs, everyMs = 1_000 }: WatchTerms): void {
  const timer = setInterval(() => {
    if (socket.bufferedAmount > mostBufferedBytes) socket.terminate();
    else if (expiresAtMs !== undefined && clock.nowMs() >= expiresAtMs)
      socket.close(unauthorizedCode, "the token has expired: open another socket with a new one");
  }, everyMs);
  timer.unref();
  socket.once("close", () => clearInterval(timer));
}
