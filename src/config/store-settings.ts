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

/** Whether a configuration has objectives, or looks for them in a cluster. */
export function hasObjectives({ slo, sources }: Pick<MeshlensConfig, "slo" | "sources">): boolean {
  const isWritten = slo !== undefined && (slo.files.length > 0 || slo.defaults !== undefined);
  return isWritten || sources.some((source) => source.kind === "kubernetes" && source.objectives);
}

/** The store of a configuration; null when none is named and there are neither objectives nor alerts of Alertmanager: then nothing is written to disk. */
export function storeSettings({
  store,
  slo,
  alerting,
  sources = [],
}: Pick<MeshlensConfig, "store" | "slo"> &
  Partial<Pick<MeshlensConfig, "alerting" | "sources">>): StoreSettings | null {
  const isNeeded = hasObjectives({ slo, sources }) || alerting?.alertmanager !== undefined;
  if (store === undefined && !isNeeded) return null;
  const { url, keepEvidence, keepChanges, keepIncidents } = store ?? storeSchema.parse({});
  // The schema has let only durations through.
  const [keepEvidenceMs = 0, keepChangesMs = 0, keepIncidentsMs = 0] = [keepEvidence, keepChanges, keepIncidents].map(
    (text) => durationMs(text) ?? 0,
  );
  return { url, keepEvidenceMs, keepChangesMs, keepIncidentsMs };
}
