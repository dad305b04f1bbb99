/** One reference per service where metrics, traces and logs name its cluster differently. Used by window-evidence.ts. */
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";

/** Gives each reference as the known ones spell it: as it is when known, else the only known one of its namespace and name, else as it is. */
export function oneSpelling(known: readonly ServiceRef[]): (ref: ServiceRef) => ServiceRef {
  const exact = new Map(known.map((ref) => [serviceKey(ref), ref]));
  const byName = new Map<string, ServiceRef | null>();
  for (const ref of exact.values()) {
    const name = nameOf(ref);
    byName.set(name, byName.has(name) ? null : ref);
  }
  return (ref) => exact.get(serviceKey(ref)) ?? byName.get(nameOf(ref)) ?? ref;
}

function nameOf({ namespace, name }: ServiceRef): string {
  return `${namespace}/${name}`;
}
