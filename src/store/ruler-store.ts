/**
 * The port to what Alertmanager told us: its alerts, written before it is answered, and which of its silences are ours. Called by the
 * desk of alerts.
 */
import type { Json } from "./json-text.js";

/** One alert, by its key. */
export interface StoredRulerAlert {
  readonly key: string;
  readonly startsAtMs: number;
  /** Null while it fires. */
  readonly endsAtMs: number | null;
  readonly heardAtMs: number;
  /** Whether it fired and no incident was moved by it yet; `commitCycle` ends that. */
  readonly isNew: boolean;
  readonly payload: Json;
}

/** The alerts and silences. All methods reject with MESHLENS_ERR_STORE_* and have changed nothing then. */
export interface RulerStore {
  /** Writes alerts, all or none, over what was known of them. */
  hear(alerts: readonly StoredRulerAlert[]): Promise<void>;
  /** Those that fire, those that are over but new, and those heard of since an instant; by key, a page at a time, `after` null for the first. */
  load(question: {
    readonly after: string | null;
    readonly limit: number;
    readonly sinceMs: number;
  }): Promise<readonly StoredRulerAlert[]>;
  /** Those of these keys that are known. */
  byKeys(keys: readonly string[]): Promise<readonly StoredRulerAlert[]>;
  /** Deletes alerts that were over and last heard of before an instant; says how many. */
  prune(beforeMs: number): Promise<number>;
  /** Which silence of Alertmanager stands for that of an incident; null ends it. */
  keepSilence(incidentId: string, silenceId: string | null): Promise<void>;
  silences(): Promise<ReadonlyMap<string, string>>;
}
