/**
 * Who writes what of a call: both proxies an access line, the applications their own lines. A proxy that answers by itself leaves its
 * application silent, and where nothing reached a server only the caller's side speaks.
 */
import type { ApplicationLine, Exchange, HttpAttempt, HttpExchange, ProxyView } from "../../simulation/exchange.js";
import { clientAccessLine, connectionAccessLine, isoTime, serverAccessLine } from "./access-line.js";
import type { MeshLogLine } from "./mesh-log-line.js";

/** How much is written. */
export interface MeshLogOptions {
  /**
   * Share (0..1) of the unsampled requests whose quiet lines are written: those of the applications below WARN and of proxies that saw
   * neither flags nor a status of 400 or more. All lines of a request are kept or left out alike. Sampled requests and lines of trouble are
   * always written.
   */
  readonly quietShare: number;
}

/** All lines of a call and of what it caused, in no promised order. */
export function meshLogLines(exchange: Exchange, { quietShare }: MeshLogOptions): readonly MeshLogLine[] {
  const lines: MeshLogLine[] = [];
  const hasQuiet = exchange.kind === "tcp" || exchange.isSampled || placeOf(exchange.traceId) < quietShare;
  collect(exchange, hasQuiet, lines);
  return lines;
}

function collect(exchange: Exchange, hasQuiet: boolean, lines: MeshLogLine[]): void {
  if (exchange.kind === "tcp") {
    if (hasQuiet || exchange.flags.length > 0) lines.push(connectionAccessLine(exchange));
    return;
  }
  if (hasQuiet || isTrouble(exchange.client)) lines.push(clientAccessLine(exchange));
  for (const attempt of exchange.attempts) {
    if (hasQuiet || isTrouble(attempt.server)) lines.push(serverAccessLine(exchange, attempt));
    if (attempt.work === null) continue;
    for (const line of attempt.work.lines) {
      if (hasQuiet || line.level === "WARN" || line.level === "ERROR") lines.push(spoken(exchange, attempt, line));
    }
    for (const inner of attempt.work.calls) collect(inner, hasQuiet, lines);
  }
}

function isTrouble({ status, flags }: ProxyView): boolean {
  return status === 0 || status >= 400 || flags.length > 0;
}

/** An application writes JSON with the ids of the span it works in. */
function spoken(call: HttpExchange, { pod, spanId }: HttpAttempt, line: ApplicationLine): MeshLogLine {
  const { level, message, status, durationMs } = line;
  const { traceId, requestId, user } = call;
  const { app, version } = pod.workload;
  return {
    pod,
    container: app,
    atMs: line.atMs,
    writtenMs: line.atMs,
    fields: {
      time: isoTime(line.atMs),
      level,
      message,
      service: app,
      version,
      trace_id: traceId,
      span_id: spanId,
      request_id: requestId,
      ...(user === null ? {} : { user }),
      ...(status === null ? {} : { status }),
      ...(durationMs === null ? {} : { duration_ms: Math.floor(durationMs) }),
    },
    level,
    message,
    traceId,
    spanId,
    requestId,
  };
}

/** Where a trace's id stands among all, 0 .. 1: ids are random, so their first digits are as good as a die. */
function placeOf(traceId: string): number {
  return Number.parseInt(traceId.slice(0, 8), 16) / 2 ** 32;
}
