/** Histories of objectives from the stored counts; many of one kind are one walk through them. Called by the desk. */
import { placeOf } from "../slo/measure/sli-family.js";
import { isPartGood, ownScope } from "../slo/measure/user-counts.js";
import type { Objective } from "../slo/objective.js";
import {
  bucketsOf,
  type CountedBucket,
  type CountedPast,
  historyInstants,
  type ObjectiveHistory,
  objectiveHistory,
} from "../slo/objective-history.js";
import { periodWindow } from "../slo/windows.js";
import type { SliCountStore } from "../store/sli-count-store.js";
import { type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import type { TimeWindow } from "../telemetry/time-window.js";

/** An objective and its service. */
export interface HistoryWish {
  readonly objective: Objective;
  readonly service: ServiceRef;
}

/** A counter of an objective: which series of which scope. */
interface Wanted {
  readonly wish: number;
  readonly role: "total" | "failed";
  readonly scope: string;
  readonly key: string;
  readonly counter: string;
  /** Whether the counter is of good events, which are taken from all. */
  readonly isGood: boolean;
}

/** One history per wish, in order; null where its counts are not kept by steps. @throws MESHLENS_ERR_STORE_* */
export async function readHistories(
  counts: Pick<SliCountStore, "read" | "scopes">,
  wishes: readonly HistoryWish[],
  window: TimeWindow,
  maxPoints: number,
): Promise<readonly (ObjectiveHistory | null)[]> {
  const instants = historyInstants(window, maxPoints);
  const firstMs = instants[0] ?? window.toMs;
  const fromMs = Math.min(...wishes.map(({ objective }) => periodWindow(objective.period, firstMs).fromMs));
  const pasts = await readPasts(counts, wishes, { fromMs, toMs: window.toMs });
  return wishes.map(({ objective }, i) => {
    const past = pasts[i] ?? null;
    return past && objectiveHistory(objective, past, instants);
  });
}

/** The counts of each wish by cluster or shard, of a stretch of time; null where they are not kept by steps. @throws MESHLENS_ERR_STORE_* */
export async function readPasts(
  counts: Pick<SliCountStore, "read" | "scopes">,
  wishes: readonly HistoryWish[],
  { fromMs, toMs }: TimeWindow,
): Promise<readonly (readonly CountedPast[] | null)[]> {
  const wanted = wishes.flatMap((wish, i) => countersOf(wish).map((one) => ({ ...one, wish: i })));
  const pasts = wishes.map(() => new Map<string, { total: CountedBucket[]; failed: CountedBucket[] }>());
  for (const stored of await counts.scopes()) {
    const cut = stored.indexOf("|");
    const group = stored.slice(0, cut);
    const here = wanted.filter(({ scope }) => scope === stored.slice(cut + 1));
    if (here.length === 0) continue;
    const keys = new Set(here.map(({ key }) => key));
    for await (const { block } of counts.read({ scope: stored, window: { fromMs, toMs }, keys })) {
      for (const { wish, role, key, counter, isGood } of here) {
        const past = pastOf(pasts[wish], group);
        const isOurs = (other: string) => other === key;
        const buckets = bucketsOf(block, isOurs, counter);
        const all = isGood ? bucketsOf(block, isOurs, "total") : null;
        past[role].push(
          ...(all === null ? buckets : buckets.map((one, i) => ({ ...one, count: (all[i]?.count ?? 0) - one.count }))),
        );
      }
    }
  }
  return wishes.map((_, i) => {
    const all = [...(pasts[i]?.values() ?? [])];
    const withCalls = all.filter(({ total }) => total.some(({ count }) => count > 0));
    const isKept = wanted.some(({ wish }) => wish === i);
    return isKept ? (withCalls.length > 0 ? withCalls : all.slice(0, 1)) : null;
  });
}

function pastOf(
  groups: Map<string, { total: CountedBucket[]; failed: CountedBucket[] }> | undefined,
  group: string,
): { total: CountedBucket[]; failed: CountedBucket[] } {
  const past = groups?.get(group) ?? { total: [], failed: [] };
  groups?.set(group, past);
  return past;
}

function countersOf({ objective, service }: HistoryWish): readonly Omit<Wanted, "wish">[] {
  const own = ownScope(objective);
  if (own !== null) {
    return [
      { role: "total", scope: own, key: "", counter: "total", isGood: false },
      { role: "failed", scope: own, key: "", counter: "part", isGood: isPartGood(objective) },
    ];
  }
  const place = placeOf(objective);
  if (place === null) return [];
  const key = serviceKey(service) + place.suffix;
  const total = { role: "total", scope: place.callsScope, key, counter: "total", isGood: false } as const;
  if (place.slowScope === null) return [total, { ...total, role: "failed", counter: "failed" }];
  return [total, { ...total, role: "failed", scope: place.slowScope, counter: "slow" }];
}
