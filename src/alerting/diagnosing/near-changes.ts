/** What was changed near the services in question, and what befell their pods. Called by gather-incident.ts. */
import type { MissingPart, NearChange } from "../../diagnosis/incident-evidence.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { redact } from "../gathering/redact.js";
import { type DiagnosisReader, missingOf } from "./diagnosis-question.js";

const mostServices = 40;
/** An answer of a source holds at most so many. */
const mostShown = 200;

/** Newest first, each once with the services it touches. */
export interface NearFacts {
  /** What somebody changed; null when no source answered. */
  readonly changes: readonly NearChange[] | null;
  /** Restarts and events of pods: consequences, told beside a score; null when no source answered. */
  readonly befell: readonly NearChange[] | null;
  readonly missing: readonly MissingPart[];
}

/** One batched question to each source of workloads. */
export async function nearChanges(
  services: readonly ServiceRef[],
  window: TimeWindow,
  reader: Pick<DiagnosisReader, "changes">,
): Promise<NearFacts> {
  const asked = services.slice(0, mostServices);
  const pillars = await Promise.all(asked.map((service) => reader.changes(service, window)));
  const missing = pillars.flatMap((pillar) => missingOf("CHANGES", pillar));
  if (pillars.every(({ value }) => value === null)) return { changes: null, befell: null, missing };
  const found = { CHANGED: new Map<string, NearChange>(), BEFELL: new Map<string, NearChange>() };
  for (const [at, { value }] of pillars.entries())
    for (const { id, atMs, kind, namespace, name, summary, nature } of value ?? []) {
      const service = asked[at];
      if (service === undefined) continue;
      const services = [...(found[nature].get(id)?.services ?? []), service];
      found[nature].set(id, { id, atMs, kind, namespace, name, summary: redact(summary), services });
    }
  return { changes: newestOf(found.CHANGED), befell: newestOf(found.BEFELL), missing };
}

function newestOf(found: ReadonlyMap<string, NearChange>): readonly NearChange[] {
  return [...found.values()].sort((a, b) => b.atMs - a.atMs).slice(0, mostShown);
}
