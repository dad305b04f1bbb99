/** What the evidence of one incident says of its cause, for grouping a storm. Pure; called by the teller. */
import type { Evidence } from "../../alerting/evidence.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";

/** A service that several incidents may come from. */
export interface CommonCause {
  readonly service: ServiceRef;
  /** SUSPECT: the likeliest of the suspects. TRACES: where most of the failing traces end, without suspects the best there is. */
  readonly by: "SUSPECT" | "TRACES";
}

/** The cause; null when the evidence shows none. */
export function commonCause({ suspects, traces }: Pick<Evidence, "suspects" | "traces">): CommonCause | null {
  const [first] = suspects ?? [];
  if (first !== undefined) return { service: first.service, by: "SUSPECT" };
  const ends = new Map<string, { readonly service: ServiceRef; readonly count: number }>();
  for (const { faultAt } of traces ?? []) {
    if (faultAt === null) continue;
    const key = serviceKey(faultAt);
    ends.set(key, { service: faultAt, count: (ends.get(key)?.count ?? 0) + 1 });
  }
  const [most] = [...ends.values()].sort((a, b) => b.count - a.count);
  return most === undefined ? null : { service: most.service, by: "TRACES" };
}
