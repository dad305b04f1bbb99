/**
 * Who writes what of a call: both proxies an access line, the applications their own lines. A proxy that answers by itself leaves its
 * application silent, and where nothing reached a server only the caller's side speaks.
 */
import type { ApplicationLine, Exchange, HttpAttempt, HttpExchange, ProxyView } from "../../simulation/exchange.js";
import { requestIdOf, spanIdOf, traceIdOf } from "../../simulation/trace-ids.js";
import { clientAccessLine, connectionAccessLine, isoTime, serverAccessLine } from "./access-line.js";
import type { MeshLogLine } from "./mesh-log-line.js";

/** Who writes. */
export interface MeshLogOptions {
  /** Whether proxies write access logs. Istio's are asked to in this mesh; Linkerd's write none unless they are. */
  readonly hasAccessLogs: boolean;
}

/**
 * The lines of a call and of what it caused, in no promised order: of a sampled request all, of another those of trouble, which are an
 * application's from WARN on and a proxy's of a flag, of no answer or of a status of 400 or more.
 */
export function meshLogLines(exchange: Exchange, options: MeshLogOptions): readonly MeshLogLine[] {
  const lines: MeshLogLine[] = [];
  const hasQuiet = exchange.kind === "tcp" || exchange.isSampled;
  collect(exchange, { ...options, hasQuiet }, lines);
  return lines;
}

interface Wanted extends MeshLogOptions {
  readonly hasQuiet: boolean;
}

function collect(exchange: Exchange, wanted: Wanted, lines: MeshLogLine[]): void {
  const { hasQuiet, hasAccessLogs } = wanted;
  if (exchange.kind === "tcp") {
    if (hasAccessLogs && (hasQuiet || exchange.flags.length > 0)) lines.push(connectionAccessLine(exchange));
    return;
  }
  if (hasAccessLogs && (hasQuiet || isTrouble(exchange.client))) lines.push(clientAccessLine(exchange));
  for (const attempt of exchange.attempts) {
    if (hasAccessLogs && (hasQuiet || isTrouble(attempt.server))) lines.push(serverAccessLine(exchange, attempt));
    if (attempt.work === null) continue;
    for (const line of attempt.work.lines) {
      if (hasQuiet || line.level === "WARN" || line.level === "ERROR") lines.push(spoken(exchange, attempt, line));
    }
    for (const inner of attempt.work.calls) collect(inner, wanted, lines);
  }
}

function isTrouble({ status, flags }: ProxyView): boolean {
  return status === 0 || status >= 400 || flags.length > 0;
}

/** An application writes JSON with the ids of the span it works in. */
function spoken(call: HttpExchange, { pod, span }: HttpAttempt, line: ApplicationLine): MeshLogLine {
  const { level, message, status, durationMs } = line;
  const { requestNumber, isSampled, user } = call;
  const traceId = traceIdOf(requestNumber);
  const spanId = spanIdOf(requestNumber, span);
  const requestId = requestIdOf(requestNumber, isSampled);
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
