/**
 * The shards that this copy measures: it takes free ones, renews what it has, and gives back what is too much, once what is under way with
 * them is over. Made by share-out.ts where copies share a store.
 */
import { setTimeout as delay } from "node:timers/promises";
import { shardCount } from "../../slo/measure/shard-of.js";
import type { Lease, LeaseStore, ShardStance } from "../../store/lease-store.js";
import { decideShards } from "./decide-shards.js";
import { type LeaseTimes, leadLease, usualTimes } from "./lead-by-lease.js";

/** What it is made of. */
export interface ShardHolderDeps {
  readonly leases: LeaseStore;
  readonly copyId: string;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonicMs: () => number;
  readonly times?: LeaseTimes;
  /** These leases are used from now on; what was under way under others is over when it resolves. Told again and again. Never rejects. */
  readonly onChange: (held: readonly Lease[]) => Promise<void>;
  /** The store failed; it is tried again. Must not throw. */
  readonly onFailed: (error: unknown) => void;
}

/** The held shards. */
export interface ShardHolder {
  /** Tries once, then goes on by itself. Never rejects. */
  start(): Promise<void>;
  /** How many are held. */
  count(): number;
  /** It cannot measure: what it has goes to others, and it takes none for a minute. */
  rest(): void;
  stance(): ShardStance;
  /** Looks at once what is still ours and what is free. */
  wake(): void;
  /** Gives all back, once what is under way is over. */
  close(): Promise<void>;
}

/** The shard of a lease. */
export function leasedShard({ name }: Pick<Lease, "name">): number {
  return Number(name.slice(prefix.length));
}

const restMs = 60_000;
const prefix = "evaluate-";
const shards = Array.from({ length: shardCount }, (_, shard) => `${prefix}${shard}`);

/** A copy that holds none yet. */
export function createShardHolder(deps: ShardHolderDeps): ShardHolder {
  const { leases, copyId, monotonicMs, times = usualTimes, onChange, onFailed } = deps;
  const stopping = new AbortController();
  let held: readonly Lease[] = [];
  /** What is given back, while it is still in use. */
  let leaving: Promise<void> | null = null;
  let restsUntilMs = Number.NEGATIVE_INFINITY;
  let isClosing = false;
  let isWanted = false;
  let rouse = () => {};
  let running: Promise<void> = Promise.resolve();

  const without = (names: readonly string[]) => held.filter(({ name }) => !names.includes(name));

  const isResting = () => monotonicMs() < restsUntilMs;

  /** Renewed until nothing of it is under way any more. */
  function giveBack(names: readonly string[]): void {
    const given = held.filter(({ name }) => names.includes(name));
    if (given.length === 0) return;
    leaving = onChange(without(names))
      .then(async () => {
        held = without(names);
        for (const lease of given) await leases.release(lease);
      })
      .catch(onFailed)
      .finally(() => {
        leaving = null;
      });
  }

  async function turn(): Promise<void> {
    const ours = await leases.renewAll(held, times.ttlMs);
    const lost = held.filter((lease) => !ours.includes(lease)).map(({ name }) => name);
    held = without(lost);
    if (leaving !== null || isClosing) return;
    void onChange(held);
    const standing = await leases.shared(shards, leadLease);
    const members = isResting() ? standing.members.filter((id) => id !== copyId) : standing.members;
    const moves = decideShards({ ...standing, members, shards, self: copyId });
    if (moves.giveBack.length > 0) giveBack(moves.giveBack);
    if (moves.giveBack.length > 0 || isClosing) return;
    for (const name of moves.take) {
      const lease = await leases.take(name, copyId, times.ttlMs);
      if (lease !== null) held = [...held, lease];
    }
    void onChange(held);
  }

  async function once(): Promise<void> {
    isWanted = false;
    try {
      await turn();
    } catch (error) {
      if (!stopping.signal.aborted) onFailed(error);
    }
  }

  async function goOn(): Promise<void> {
    while (!stopping.signal.aborted) {
      const woken = new AbortController();
      rouse = () => woken.abort();
      const signal = AbortSignal.any([woken.signal, stopping.signal]);
      if (!isWanted) await delay(times.tryEveryMs, undefined, { signal }).catch(() => {});
      if (!stopping.signal.aborted) await once();
    }
  }

  function wake(): void {
    isWanted = true;
    rouse();
  }

  return {
    async start() {
      await once();
      running = goOn();
    },
    count: () => held.length,
    stance: () => (isResting() ? "leaves" : "takes"),
    rest() {
      restsUntilMs = monotonicMs() + restMs;
      wake();
    },
    wake,
    async close() {
      isClosing = true;
      await leaving;
      await onChange([]);
      stopping.abort();
      await running;
      try {
        for (const lease of held) await leases.release(lease);
      } catch (error) {
        onFailed(error);
      }
      held = [];
    },
  };
}
