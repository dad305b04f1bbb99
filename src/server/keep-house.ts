/** Keeps the store small while a server runs: joins and thins counts, ends what is older than it is kept. Used by the term of the copy that leads, and of counts by each copy that measures. */
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { StoreSettings } from "../config/store-settings.js";
import type { SliCountStore } from "../store/sli-count-store.js";
import type { Repositories } from "../store/store.js";
import type { Clock } from "../telemetry/clock.js";

const everyMs = 600_000;
/** Alerts of Alertmanager that are over: late news of them is long over too. */
const dayMs = 86_400_000;
/** Between two pieces of compaction, so that evaluations and answers come through. */
const pauseMs = 50;

/** Running housekeeping; `stop` lets the piece under way finish. */
export interface HouseKeeping {
  stop(): Promise<void>;
}

/** Starts with everything but counts. */
export function keepHouse(
  store: Pick<Repositories, "alerts" | "outbox" | "changes" | "ruler">,
  { keepEvidenceMs, keepChangesMs, keepIncidentsMs }: StoreSettings,
  clock: Clock,
  logger: Logger,
): HouseKeeping {
  return nowAndThen(logger, async () => {
    const nowMs = clock.nowMs();
    await store.alerts.prune({ evidenceMs: nowMs - keepEvidenceMs, resolvedMs: nowMs - keepIncidentsMs });
    // Those of storms belong to no incident; those of an incident went with it.
    await store.outbox.prune(nowMs - keepIncidentsMs);
    await store.changes.prune(nowMs - keepChangesMs);
    await store.ruler.prune(nowMs - dayMs);
  });
}

/** Starts to join and thin counts; `isOurs` left out: those of all scopes. */
export function keepCounts(
  { compact }: Pick<SliCountStore, "compact">,
  clock: Clock,
  logger: Logger,
  isOurs?: (scope: string) => boolean,
): HouseKeeping {
  return nowAndThen(logger, async (signal, pause) => {
    const nowMs = clock.nowMs();
    while (!signal.aborted && !(await compact(nowMs, isOurs)).isDone) await pause(pauseMs);
  });
}

function nowAndThen(
  logger: Logger,
  once: (signal: AbortSignal, pause: (ms: number) => Promise<void>) => Promise<void>,
): HouseKeeping {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => {});

  async function forEver(): Promise<void> {
    for (await pause(everyMs); !signal.aborted; await pause(everyMs)) {
      try {
        await once(signal, pause);
      } catch (error) {
        logger.warn({ err: error }, "the store could not be tidied; it is tried again");
      }
    }
  }

  const ended = forEver();
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
