/** Rows of evidence, one per incident. Called by the repository of alerts. */
import type { Kysely } from "kysely";
import type { StoredEvidence } from "./alert-store.js";
import { encodeJson } from "./json-text.js";
import type { Tables } from "./tables.js";

/** Writes evidence unless newer is there. */
export async function saveEvidenceRow(db: Kysely<Tables>, evidence: StoredEvidence): Promise<void> {
  const { incidentId, takenAtMs, payload } = evidence;
  const text = encodeJson(payload);
  await db
    .insertInto("evidence")
    .values({ incident_id: incidentId, taken_ms: takenAtMs, payload: text })
    .onConflict((on) =>
      on
        .column("incident_id")
        .doUpdateSet({ taken_ms: takenAtMs, payload: text })
        .where("evidence.taken_ms", "<=", takenAtMs),
    )
    .execute();
}
