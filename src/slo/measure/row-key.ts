/** Whose series a counted row belongs to, by the grain it is asked in. Pure; called by the folding of calls and connections. */
import type { Dialect, DialectRow, Labels } from "../../mesh/dialects/dialect.js";
import type { ServiceIndex } from "../../mesh/metrics/service-index.js";
import { serviceKey } from "../../telemetry/service-ref.js";
import { callerSuffix, type Grain, grainParts, hostSuffix, routeSuffix, versionSuffix } from "./sli-family.js";

/** The part of a key that only the row's labels tell: version and route of the call. */
export function labelSuffix(grain: Grain, dialect: Dialect, labels: Labels): string {
  const parts = grainParts(grain);
  const { version, route } = dialect.requests.partLabels;
  const named = (label: string | null) => (label === null ? undefined : labels[label]) || "unknown";
  return (
    (parts.has("version") ? versionSuffix(named(version)) : "") + (parts.has("route") ? routeSuffix(named(route)) : "")
  );
}

/** The key of a row's series; null where the row is nobody's, or another dialect speaks for the service. */
export function rowKey(
  grain: Grain,
  dialect: Dialect,
  { source, destination }: Pick<DialectRow, "source" | "destination">,
  suffix: string,
  index: ServiceIndex,
): string | null {
  const parts = grainParts(grain);
  const called = index.placeDestination(destination).node;
  const isHost = parts.has("host");
  const caller = parts.has("caller") ? callerOf(index.placeSource(source)) : null;
  // A host's calls are its caller's.
  const service = isHost ? index.placeSource(source).node.service : called.service;
  if (service === null || (isHost && called.kind !== "EXTERNAL") || (parts.has("caller") && caller === null))
    return null;
  const owner = index.services.get(serviceKey(service))?.dialect ?? dialect;
  if (owner !== dialect) return null;
  const end = isHost ? hostSuffix(called.label) : caller === null ? "" : callerSuffix(caller);
  return serviceKey(service) + suffix + end;
}

/** A caller that is no service, such as a gateway or a job, goes by the name of its workload. */
function callerOf({ node, namespace }: ReturnType<ServiceIndex["placeSource"]>) {
  return node.service ?? (namespace === null ? null : { namespace, name: node.label });
}
