/**
 * Hears what other copies store and passes it on; what may have been missed while nothing could be heard is caught up by reading. Used by
 * open-alerting.ts where copies share a store.
 */
import type { Incident } from "../../alerting/alert-desk.js";
import type { News } from "../../store/news.js";
import type { Store } from "../../store/store.js";
import { seeAll } from "../../telemetry/visibility.js";

/** To whom it is passed; none of them may throw, and those that reject are tried again with the next gap only. */
export interface CopyListener {
  /** Incidents changed, as they are now. */
  readonly incidents: (incidents: readonly Incident[]) => void;
  readonly evaluated: () => Promise<void>;
  /** Alerts of Alertmanager, by key; null: any. */
  readonly heard: (keys: readonly string[] | null) => Promise<void>;
  readonly outbox: () => void;
  readonly errands: () => void;
  readonly lease: () => void;
  readonly cycle: () => void;
  readonly measured: () => void;
  readonly failed: (error: unknown) => void;
}

/** Newest incidents that are looked at after a gap. */
const mostIncidents = 200;
const retryMs = 1_000;

/** Follows until it is closed. */
export function followCopies(
  { news, alerts }: Pick<Store, "news" | "alerts">,
  to: CopyListener,
): { close(): Promise<void> } {
  /** As they were told last; after the first gap, which is the beginning. */
  const told = new Map<string, string>();
  let hasBegun = false;
  let isClosed = false;
  let last: Promise<void> = Promise.resolve();
  let retry: NodeJS.Timeout | null = null;

  /** One after the other, so that nothing older is told after something newer. */
  function inTurn(work: () => Promise<void>): void {
    last = last
      .then(() => (isClosed ? undefined : work()))
      .catch((error: unknown) => {
        to.failed(error);
        retry ??= setTimeout(() => {
          retry = null;
          inTurn(catchUp);
        }, retryMs).unref();
      });
  }

  function pass(incidents: readonly Incident[], isNews: boolean): void {
    const changed = incidents.filter((incident) => {
      const text = JSON.stringify(incident);
      const isSame = told.get(incident.id) === text;
      told.set(incident.id, text);
      return !isSame;
    });
    while (told.size > 4 * mostIncidents) told.delete(told.keys().next().value ?? "");
    if (isNews && changed.length > 0) to.incidents(changed);
  }

  async function byIds(ids: readonly string[], isNews: boolean): Promise<void> {
    const found = await alerts.incidentsById(ids, seeAll);
    pass(
      found.flatMap((incident) => incident ?? []),
      isNews,
    );
  }

  async function catchUp(): Promise<void> {
    const { incidents } = await alerts.incidents({ filter: {}, visibility: seeAll, first: mostIncidents, after: null });
    const { openIncidents } = await alerts.load();
    const ids = new Set([...told.keys(), ...[...openIncidents, ...incidents].map(({ id }) => id)]);
    await byIds([...ids], hasBegun);
    hasBegun = true;
    await to.evaluated();
    await to.heard(null);
    to.outbox();
    to.errands();
    to.lease();
    to.cycle();
    to.measured();
  }

  function hear({ kind, ids }: News): void {
    if (kind !== "evaluated" && kind !== "heard" && kind !== "incidents") {
      to[kind]();
      return;
    }
    inTurn(async () => {
      if (kind === "evaluated") await to.evaluated();
      else if (kind === "heard") await to.heard(ids);
      else if (ids === null) await catchUp();
      else await byIds(ids, true);
    });
  }

  const following = news.follow({ onNews: hear, onGap: () => inTurn(catchUp) });
  return {
    async close() {
      isClosed = true;
      if (retry !== null) clearTimeout(retry);
      await following.close();
      await last;
    },
  };
}
