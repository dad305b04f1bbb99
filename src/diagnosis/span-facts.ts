/** What one span tells about faults: whose pod, which error, whom it waited for. Read by partition.ts and the comparison of siblings. */
import { spanPod } from "../mesh/identity/span-service.js";
import { parseFlags } from "../mesh/response-flags.js";
import { type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import { serviceOfHost } from "../workloads/hosts.js";
import type { OwnedSpan } from "./incident-evidence.js";

/** Who is behind a call without a server span. */
export type Behind =
  | { readonly kind: "SERVICE"; readonly service: ServiceRef }
  /** A database or a host outside. */
  | { readonly kind: "EXTERNAL"; readonly name: string };

const timeoutFlags: ReadonlySet<string> = new Set(["DC", "UT", "DT", "SI", "UMSDR"]);
const timeoutStatus: ReadonlySet<string> = new Set(["0", "408", "499", "504"]);
const injectedFlags: ReadonlySet<string> = new Set(["DI", "FI"]);
const statement = /^(select|insert|update|delete|replace|call|commit|rollback|begin)\b/i;
const variablePart = /(^|[/=:\s])(?:\d+|(?=[0-9a-f-]*\d)[0-9a-f-]{12,})(?=$|[/?&\s])/gi;

/** Whether a flag says that somebody waited too long. */
export function isTimeoutFlag(flag: string): boolean {
  return timeoutFlags.has(flag);
}

/** Whether a flag says that a rule of the mesh delayed (DI) or answered (FI) the call. */
export function isInjectedFlag(flag: string): boolean {
  return injectedFlags.has(flag);
}

/** The operation without ids in it, at most 120 characters: what pieces are keyed by. */
export function operationOf({ operation }: OwnedSpan): string {
  const short = operation.length > 120 ? operation.slice(0, 120) : operation;
  return /\d/.test(short) ? short.replace(variablePart, "$1*") : short;
}

/** The pod a span was recorded in; null when it does not say. */
export function podOf(span: OwnedSpan): string | null {
  return spanPod(span)?.pod ?? null;
}

/** Istio's revision or OpenTelemetry's version; null when it does not say. */
export function versionOf({ tags }: OwnedSpan): string | null {
  const version = tags["istio.canonical_revision"] ?? tags["service.version"] ?? "";
  return version === "" || version === "latest" || version === "unknown" ? null : version;
}

/** Whether the error is that somebody waited too long: then the blame lies where the time went. */
export function isTimeout({ tags }: OwnedSpan): boolean {
  if (parseFlags(tags["response_flags"]).some((flag) => timeoutFlags.has(flag))) return true;
  if (timeoutStatus.has(tags["http.status_code"] ?? "") || tags["grpc.status_code"] === "4") return true;
  return /time[d -]?out|deadline/i.test(`${tags["error"] ?? ""} ${tags["otel.status_description"] ?? ""}`);
}

/** Flags that say that a rule of the mesh delayed (DI) or answered (FI) the call. */
export function injectionOf({ tags }: OwnedSpan): string | null {
  return parseFlags(tags["response_flags"]).find((flag) => injectedFlags.has(flag)) ?? null;
}

/** Who a call went to, by the caller's own span: its cluster, peer or database; null when it does not say. */
export function behindOf(span: OwnedSpan): Behind | null {
  const { tags, service } = span;
  const [direction, , , clusterHost] = (tags["upstream_cluster"] ?? "").split("|");
  const host = direction === "outbound" ? clusterHost : (tags["peer.service"] ?? tags["server.address"]);
  if (host !== undefined && host !== "") {
    const found = serviceOfHost(host, service?.namespace ?? null);
    const isMesh = found !== null && (direction === "outbound" ? host.includes(".svc") : tags["peer.service"] === host);
    if (isMesh && service !== null) return { kind: "SERVICE", service: { cluster: service.cluster, ...found } };
    return { kind: "EXTERNAL", name: host };
  }
  const database = tags["db.name"] ?? tags["db.system"] ?? tags["net.peer.name"];
  if (database !== undefined && database !== "") return { kind: "EXTERNAL", name: database };
  return statement.test(span.operation) ? { kind: "EXTERNAL", name: span.operation.slice(0, 60) } : null;
}

/** Whether two references are the same service. */
export function isSameService(a: ServiceRef | null, b: ServiceRef | null): boolean {
  return a !== null && b !== null && serviceKey(a) === serviceKey(b);
}
