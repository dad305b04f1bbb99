/** Hand-made log records. */
import type { AccessLogEntry, LogRecord } from "../../src/telemetry/log-source.js";
import { t0 } from "./spans.js";

let count = 0;

/** An application's line of reviews.bookinfo, `at` ms after t0; anything may be overridden. */
export function logRecord(given: Partial<LogRecord> & { at?: number } = {}): LogRecord {
  const { at = 0, ...rest } = given;
  count += 1;
  return {
    id: `logstash-2026.11.21/${count}`,
    index: "logstash-2026.11.21",
    atMs: t0 + at,
    level: "INFO",
    message: "GET /reviews/0 200",
    namespace: "bookinfo",
    pod: "reviews-v1-6f6cfc45b-h5m2n",
    container: "reviews",
    serviceNames: ["reviews"],
    traceId: null,
    spanId: null,
    requestId: null,
    accessLog: null,
    ...rest,
  };
}

/** A line of a sidecar's access log. */
export function accessLogRecord(
  entry: Partial<AccessLogEntry>,
  given: Partial<LogRecord> & { at?: number } = {},
): LogRecord {
  const accessLog: AccessLogEntry = {
    method: "GET",
    path: "/reviews/0",
    protocol: "HTTP/1.1",
    responseCode: 200,
    responseFlags: [],
    responseCodeDetails: "via_upstream",
    durationMs: 10,
    bytesReceived: 0,
    bytesSent: 100,
    upstreamCluster: "inbound|9080||",
    upstreamHost: "10.0.0.1:9080",
    authority: "reviews:9080",
    requestId: "37b7938f-d830-909b-b634-6c69d2cc0287",
    userAgent: null,
    ...entry,
  };
  return logRecord({ container: "istio-proxy", requestId: accessLog.requestId, accessLog, ...given });
}
