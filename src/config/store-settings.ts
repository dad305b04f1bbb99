/** What the configuration says of the store, with what follows from the rest of it. Called by the composition root. */
import type { MeshlensConfig } from "./config-schema.js";
import { durationMs } from "./duration.js";
import { storeSchema } from "./store-schema.js";

/** A store to open. */
export interface StoreSettings {
  /** May hold a password: never shown. */
  readonly url: string;
  readonly keepEvidenceMs: number;
  readonly keepIncidentsMs: number;
}

/** The store of a configuration; null when none is named and there are no objectives: then nothing is written to disk. */
export function storeSettings({ store, slo }: Pick<MeshlensConfig, "store" | "slo">): StoreSettings | null {
  const hasObjectives = slo !== undefined && (slo.files.length > 0 || slo.defaults !== undefined);
  if (store === undefined && !hasObjectives) return null;
  const { url, keepEvidence, keepIncidents } = store ?? storeSchema.parse({});
  // The schema has let only durations through.
  return { url, keepEvidenceMs: durationMs(keepEvidence) ?? 0, keepIncidentsMs: durationMs(keepIncidents) ?? 0 };
}
