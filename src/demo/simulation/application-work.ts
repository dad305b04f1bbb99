/** Small parts every application of the demo is made of: its own time, a defective image's refusals, the line at the end. */
import type { Network, Served, ServedRequest } from "./application.js";
import type { ApplicationLine, Exchange } from "./exchange.js";
import { drawMs, type Latency } from "./random.js";

/** Time an application spends itself, with what a defective image adds. */
export function ownTimeMs(served: ServedRequest, network: Network, latency: Latency): number {
  const ownMs = drawMs(network.random, latency);
  const added = served.defect?.addedLatency;
  return added === undefined ? ownMs : ownMs + drawMs(network.random, added);
}

/** The answer of a defective image that refuses this request; null when it does its work. */
export function refusal(served: ServedRequest, network: Network, endMs: number): Served | null {
  const defect = served.defect;
  if (defect?.failedShare === undefined || network.random.next() >= defect.failedShare) return null;
  const status = defect.failedStatus ?? 500;
  const cause = errorLine(endMs, defect.failedMessage ?? "internal error", status);
  return finish(served, endMs, status, 62, [], [cause]);
}

/** An ERROR of an application; `status` is that of the answer it is about, null when there was none. */
export function errorLine(atMs: number, message: string, status: number | null): ApplicationLine {
  return { atMs, level: "ERROR", message, status, durationMs: null };
}

/**
 * Ends a request with its line of access: INFO, or ERROR for a 5xx. A quiet one is left out where nobody would see it: of requests that
 * are not sampled no INFO is kept, and they are nearly all.
 */
export function finish(
  served: ServedRequest,
  endMs: number,
  status: number,
  responseBytes: number,
  calls: readonly Exchange[],
  lines: ApplicationLine[],
): Served {
  if (served.request.isSampled || status >= 500)
    lines.push({
      atMs: endMs,
      level: status >= 500 ? "ERROR" : "INFO",
      message: `${served.method} ${served.path} ${status}`,
      status,
      durationMs: Math.round(endMs - served.startMs),
    });
  return { endMs, status, responseBytes, calls, lines };
}
