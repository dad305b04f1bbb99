/** What was changed near the services in question. Called by gather-incident.ts. */
import type { MissingPart, NearChange } from "../../diagnosis/incident-evidence.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { redact } from "../gathering/redact.js";
import { type DiagnosisReader, missingOf } from "./diagnosis-question.js";

const mostServices = 40;
/** An answer of a source holds at most so many. */
const mostShown = 200;

/** What somebody changed, each change once with the services it touches; events and restarts are consequences and left out. */
export async function nearChanges(
  services: readonly ServiceRef[],
  window: TimeWindow,
  reader: Pick<DiagnosisReader, "changes">,
): Promise<{ readonly value: readonly NearChange[] | null; readonly missing: readonly MissingPart[] }> {
  const asked = services.slice(0, mostServices);
  const pillars = await Promise.all(asked.map((service) => reader.changes(service, window)));
  const missing = pillars.flatMap((pillar) => missingOf("CHANGES", pillar));
  if (pillars.every(({ value }) => value === null)) return { value: null, missing };
  const found = new Map<string, NearChange>();
  for (const [at, { value }] of pillars.entries())
    for (const { id, atMs, kind, namespace, name, summary, nature } of value ?? []) {
      const service = asked[at];
      if (nature !== "CHANGED" || service === undefined) continue;
      const services = [...(found.get(id)?.services ?? []), service];
      found.set(id, { id, atMs, kind, namespace, name, summary: redact(summary), services });
    }
  return { value: [...found.values()].sort((a, b) => b.atMs - a.atMs).slice(0, mostShown), missing };
}
