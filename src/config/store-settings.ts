/** What the configuration says of the store, with what follows from the rest of it. Called by the composition root. */
import type { MeshlensConfig } from "./config-schema.js";
import { durationMs } from "./duration.js";
import { storeSchema } from "./store-schema.js";

/** A store to open. */
export interface StoreSettings {
  /** May hold a password: never shown. */
  readonly url: string;
  readonly keepEvidenceMs: number;
  readonly keepChangesMs: number;
  readonly keepIncidentsMs: number;
}

/** The store of a configuration; null when none is named and there are neither objectives nor alerts of Alertmanager: then nothing is written to disk. */
export function storeSettings({
  store,
  slo,
  alerting,
}: Pick<MeshlensConfig, "store" | "slo"> & Partial<Pick<MeshlensConfig, "alerting">>): StoreSettings | null {
  const hasObjectives = slo !== undefined && (slo.files.length > 0 || slo.defaults !== undefined);
  if (store === undefined && !hasObjectives && alerting?.alertmanager === undefined) return null;
  const { url, keepEvidence, keepChanges, keepIncidents } = store ?? storeSchema.parse({});
  // The schema has let only durations through.
  const [keepEvidenceMs = 0, keepChangesMs = 0, keepIncidentsMs = 0] = [keepEvidence, keepChanges, keepIncidents].map(
    (text) => durationMs(text) ?? 0,
  );
  return { url, keepEvidenceMs, keepChangesMs, keepIncidentsMs };
}
