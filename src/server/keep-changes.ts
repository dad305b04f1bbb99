/** Writes what sources of workloads see into the store, in batches beside everything else. Called by start-server.ts and open-alerting.ts. */
import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { LoadedConfig } from "../config/load-config.js";
import { storeSettings } from "../config/store-settings.js";
import type { KubernetesSource } from "../sources/kubernetes/kubernetes-source.js";
import type { ChangeStore } from "../store/change-store.js";
import type { Json } from "../store/json-text.js";
import type { Clock } from "../telemetry/clock.js";
import type { ChangeJournal, JournalObject } from "../workloads/change-journal.js";
import type { KeptChange } from "../workloads/changes/change-keeper.js";
import { keepCounts, keepHouse } from "./keep-house.js";

/** Changes read at a start; a source keeps no more in memory. */
const newestChanges = 10_000;
/** Waiting rows beyond this are let go, the oldest first: a store that is away for hours must not fill the memory. */
const mostWaiting = 20_000;
const flushMs = 1_000;

/** What is to be kept and where. */
export interface KeepChangesDeps {
  readonly store: ChangeStore;
  readonly sources: readonly KubernetesSource[];
  readonly logger: Logger;
}

/** Begins to keep; `stop` writes what still waits. */
export function keepChanges({ store, sources, logger }: KeepChangesDeps): { stop(): Promise<void> } {
  const journals = sources.map((source) => {
    const journal = createStoreJournal(store, source.name, logger);
    source.keepIn(journal);
    return journal;
  });
  return {
    stop: async () => {
      await Promise.all(journals.map((journal) => journal.stop()));
    },
  };
}

/**
 * The same with a store of its own, for a server that has a store and no objectives; null where nothing is to be kept.
 * @throws MESHLENS_ERR_STORE_*
 */
export async function openChangeStore(
  loaded: LoadedConfig,
  { sources, clock, logger }: Omit<KeepChangesDeps, "store"> & { readonly clock: Clock },
): Promise<{ close(): Promise<void> } | null> {
  const settings = storeSettings(loaded.config);
  if (settings === null || sources.length === 0) return null;
  const { openStore } = await import("../store/open-store.js");
  const store = await openStore({ url: settings.url, clock });
  const kept = keepChanges({ store: store.changes, sources, logger });
  const houseKeeping = keepHouse(store, settings, clock, logger);
  const counts = keepCounts(store.sliCounts, clock, logger);
  return {
    async close() {
      await counts.stop();
      await houseKeeping.stop();
      await kept.stop();
      await store.close();
    },
  };
}

function createStoreJournal(
  store: ChangeStore,
  source: string,
  logger: Logger,
): ChangeJournal & { stop(): Promise<void> } {
  let changes = new Map<string, { readonly atMs: number; readonly payload: Json }>();
  /** Null: gone. */
  let objects = new Map<string, Json | null>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let isFailing = false;

  function schedule(): void {
    for (const waiting of [changes, objects]) {
      for (const key of waiting.keys()) {
        if (waiting.size <= mostWaiting) break;
        waiting.delete(key);
      }
    }
    timer ??= setTimeout(() => {
      timer = null;
      writing = writing.then(flush);
    }, flushMs).unref();
  }

  async function flush(): Promise<void> {
    const [someChanges, someObjects] = [changes, objects];
    if (someChanges.size + someObjects.size === 0) return;
    changes = new Map();
    objects = new Map();
    try {
      await store.save(source, {
        changes: [...someChanges].map(([id, change]) => ({ id, ...change })),
        objects: [...someObjects].flatMap(([key, payload]) => (payload === null ? [] : [{ key, payload }])),
        gone: [...someObjects].flatMap(([key, payload]) => (payload === null ? [key] : [])),
      });
      isFailing = false;
    } catch (error) {
      if (!isFailing) logger.warn({ err: error, source }, "changes could not be stored; it is tried again");
      isFailing = true;
      // What came meanwhile is newer.
      changes = new Map([...someChanges, ...changes]);
      objects = new Map([...someObjects, ...objects]);
      schedule();
    }
  }

  return {
    async load() {
      try {
        const { changes: stored, objects: known } = await store.load(source, newestChanges);
        return {
          changes: stored.map(({ payload }) => payload as unknown as KeptChange),
          objects: known.map(({ payload }) => payload as unknown as JournalObject),
        };
      } catch (error) {
        logger.warn({ err: error, source }, "earlier changes could not be read; the story begins anew");
        return { changes: [], objects: [] };
      }
    },
    changed(id, change) {
      changes.set(digest(id), { atMs: change.atMs, payload: change as unknown as Json });
      schedule();
    },
    placed(object) {
      objects.set(object.key, object as unknown as Json);
      schedule();
    },
    removed(key) {
      objects.set(key, null);
      schedule();
    },
    async stop() {
      if (timer !== null) clearTimeout(timer);
      await writing;
      await flush();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Ids hold sentences; a key of an index must be short. */
function digest(id: string): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 40);
}
