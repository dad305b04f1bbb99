/**
 * Recognises lines of Envoy's access log: the JSON keys Istio writes, Istio's default text format and plain Envoy's.
 * Formats can be customised, so JSON is read by key and absence is tolerated. Sources: istio pilot/pkg/model/telemetry_logging.go
 * (EnvoyTextLogFormat, EnvoyJSONLogFormatIstio); envoyproxy.io "access_log", default format.
 */
import type { AccessLogEntry } from "./log-source.js";

/** JSON keys read from an access line. */
export const accessLogKeys = [
  "method",
  "path",
  "protocol",
  "response_code",
  "response_flags",
  "response_code_details",
  "duration",
  "bytes_received",
  "bytes_sent",
  "upstream_cluster",
  "upstream_host",
  "authority",
  "request_id",
  "user_agent",
] as const;

/** The entry in an object's keys; null unless it has `response_flags` and one of `upstream_cluster`, `response_code`. */
export function accessLogOfFields(fields: Readonly<Record<string, unknown>>): AccessLogEntry | null {
  const { response_flags: flags, response_code: code, upstream_cluster: cluster } = fields;
  if (flags === undefined || (code === undefined && cluster === undefined)) return null;
  return {
    method: textOf(fields["method"]),
    path: textOf(fields["path"]),
    protocol: textOf(fields["protocol"]),
    responseCode: numberOf(code),
    responseFlags: flagsOf(flags),
    responseCodeDetails: textOf(fields["response_code_details"]),
    durationMs: numberOf(fields["duration"]),
    bytesReceived: numberOf(fields["bytes_received"]),
    bytesSent: numberOf(fields["bytes_sent"]),
    upstreamCluster: textOf(cluster),
    upstreamHost: textOf(fields["upstream_host"]),
    authority: textOf(fields["authority"]),
    requestId: textOf(fields["request_id"]),
    userAgent: textOf(fields["user_agent"]),
  };
}

/**
 * An entry as a line for people: `GET reviews:9080/reviews/0 503 URX after 12 ms, outbound|9080|v2|reviews.bookinfo.svc.cluster.local`; a
 * connection's begins with TCP and ends with its bytes. Envoy's reason stands in it where it says more than the status.
 */
export function accessLogText(entry: AccessLogEntry): string {
  const { method, path, responseCodeDetails, durationMs, bytesReceived, bytesSent } = entry;
  const isConnection = method === null && path === null;
  const reason = responseCodeDetails === "via_upstream" ? null : responseCodeDetails;
  const what = [
    ...(isConnection ? ["TCP"] : [method ?? "-", `${entry.authority ?? ""}${path ?? ""}`, entry.responseCode ?? "-"]),
    ...entry.responseFlags,
    ...(reason === null ? [] : [reason]),
    ...(durationMs === null ? [] : [`after ${durationMs} ms`]),
  ].join(" ");
  const to = entry.upstreamCluster ?? entry.upstreamHost;
  const hasBytes = isConnection && bytesReceived !== null && bytesSent !== null;
  return `${what}${to === null ? "" : `, ${to}`}${hasBytes ? `, ${bytesReceived} B sent, ${bytesSent} B received` : ""}`;
}

const head = /^\[\d{4}-\d\d-\d\dT[^\]\s]+\] "([^"]*)" (\d{1,3}) (\S+) /;

/** The entry in a text line of Istio's default or plain Envoy's format; null for any other line. */
export function accessLogOfText(line: string): AccessLogEntry | null {
  const start = head.exec(line);
  if (start === null) return null;
  const [whole, request = "", code, flags] = start;
  const rest = [...line.slice(whole.length).matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? "");
  const isIstio = rest.length >= 13;
  const at = isIstio ? 3 : 0;
  if (!isIstio && rest.length !== 9) return null;
  if (![0, 1, 2].every((i) => /^(\d+|-)$/.test(rest[at + i] ?? ""))) return null;
  const { method, path, protocol } = requestOf(request);
  return {
    method,
    path,
    protocol,
    responseCode: numberOf(code),
    responseFlags: flagsOf(flags),
    responseCodeDetails: isIstio ? textOf(rest[0]) : null,
    bytesReceived: numberOf(rest[at]),
    bytesSent: numberOf(rest[at + 1]),
    durationMs: numberOf(rest[at + 2]),
    userAgent: textOf(rest[at + 5]),
    requestId: textOf(rest[at + 6]),
    authority: textOf(rest[at + 7]),
    upstreamHost: textOf(rest[at + 8]),
    upstreamCluster: isIstio ? textOf(rest[at + 9]) : null,
  };
}

/** `GET /path HTTP/1.1`; a path may hold blanks, a TCP line has `- - -`. */
function requestOf(request: string): Pick<AccessLogEntry, "method" | "path" | "protocol"> {
  const first = request.indexOf(" ");
  const last = request.lastIndexOf(" ");
  if (first < 0 || last === first) return { method: textOf(request), path: null, protocol: null };
  return {
    method: textOf(request.slice(0, first)),
    path: textOf(request.slice(first + 1, last)),
    protocol: textOf(request.slice(last + 1)),
  };
}

function flagsOf(value: unknown): readonly string[] {
  const text = textOf(value);
  return text === null
    ? []
    : text
        .split(",")
        .map((flag) => flag.trim())
        .filter((flag) => flag !== "");
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value !== "-" ? value : null;
}

function numberOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && /^\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : null;
}
