/**
 * The objectives of the shards that this copy holds, measured: with a ledger of their counts and nobody else's, asked for and written under
 * the leases of the shards. Other leases mean a new ledger, read from the store as after a start. Made by share-out.ts.
 */
import type { Logger } from "pino";
import { fillForEver } from "../../alerting/backfill-loop.js";
import type { BackfillStep, CountsStore, MeasuredCycle, Measurer } from "../../slo/measure/measurer.js";
import { shardOfObjective, shardOfScope } from "../../slo/measure/shard-of.js";
import type { Objective } from "../../slo/objective.js";
import type { Lease } from "../../store/lease-store.js";
import type { PageStore } from "../../store/page-store.js";
import type { SliCountStore } from "../../store/sli-count-store.js";
import type { Repositories } from "../../store/store.js";
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import { keepCounts } from "../keep-house.js";
import { leasedShard } from "./hold-shards.js";

/** What it is made of. */
export interface ShardMeasurerDeps {
  /** The store, with every write refused once one of these leases is another's. */
  readonly under: (leases: readonly Lease[]) => Repositories;
  readonly makeMeasurer: (counts: CountsStore, answers: Repositories["askedAnswers"]) => Measurer;
  readonly clock: Clock;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly onBackfilled: (step: BackfillStep) => void;
  /** Other shards are held than before; must not throw. */
  readonly onChange: () => void;
}

/** What was measured of some shards. */
export interface MeasuredShards {
  readonly shards: ReadonlySet<number>;
  /** Of the objectives of these shards, in their order among all. */
  readonly cycle: MeasuredCycle;
  /** Under the leases it was measured under. */
  readonly pages: PageStore;
}

/** The measuring of what is held. */
export interface ShardMeasurer {
  /** These are held from now on; what was under way before is over when it resolves. Never rejects. */
  hold(leases: readonly Lease[]): Promise<void>;
  held(): ReadonlySet<number>;
  /** Measures those of the held shards; null: none is held. @throws MESHLENS_ERR_STORE_* */
  measure(atMs: number, objectives: readonly Objective[], options: CallOptions): Promise<MeasuredShards | null>;
  /** Of all counts in memory. */
  bytes(): number;
}

interface Holding {
  readonly key: string;
  readonly shards: ReadonlySet<number>;
  measure(atMs: number, objectives: readonly Objective[], options: CallOptions): Promise<MeasuredShards>;
  bytes(): number;
  end(): Promise<void>;
}

const nothing: ReadonlySet<number> = new Set();

/** One that holds nothing yet. */
export function createShardMeasurer(deps: ShardMeasurerDeps): ShardMeasurer {
  let holding: Holding | null = null;
  let ended: Promise<void> = Promise.resolve();
  const keyOf = (leases: readonly Lease[]) => leases.map(({ name, epoch }) => `${name} ${epoch}`).join(", ");
  return {
    hold(leases) {
      const key = keyOf(leases);
      if (key === (holding?.key ?? "")) return ended;
      const before = holding;
      ended = Promise.all([ended, before?.end()]).then(() => undefined);
      holding = leases.length === 0 ? null : beginHolding(deps, key, leases, ended);
      deps.onChange();
      return ended;
    },
    held: () => holding?.shards ?? nothing,
    measure: async (...question) => (await holding?.measure(...question)) ?? null,
    bytes: () => holding?.bytes() ?? 0,
  };
}

/** @param free when nothing of another holding of this copy is under way */
function beginHolding(deps: ShardMeasurerDeps, key: string, leases: readonly Lease[], free: Promise<void>): Holding {
  const { clock, pause, intervalMs, timeoutMs, logger } = deps;
  const shards = new Set(leases.map(leasedShard));
  const isOurs = (scope: string) => shards.has(shardOfScope(scope));
  const store = deps.under(leases);
  const ending = new AbortController();
  const { signal } = ending;
  let last: Promise<unknown> = free;
  let own: { readonly of: readonly Objective[]; readonly objectives: readonly Objective[] } | null = null;
  let ready: { readonly measurer: Measurer; lastMs: number } | null = null;
  let counts: { stop(): Promise<void> } | null = null;
  let filling: Promise<void> = Promise.resolve();

  function ofOurs(objectives: readonly Objective[]): readonly Objective[] {
    if (own?.of !== objectives) {
      own = { of: objectives, objectives: objectives.filter((one) => shards.has(shardOfObjective(one))) };
    }
    return own.objectives;
  }

  async function readyFor(atMs: number): Promise<{ readonly measurer: Measurer; lastMs: number }> {
    // What comes after an instant is not unseen: a new leading copy makes up for what the one before asked for and did not store.
    if (ready !== null && atMs >= ready.lastMs) return ready;
    const measurer = deps.makeMeasurer(ownCounts(store.sliCounts, isOurs), store.askedAnswers);
    await measurer.load(clock.nowMs());
    const isFirst = ready === null;
    ready = { measurer, lastMs: Number.NEGATIVE_INFINITY };
    if (isFirst) begin();
    return ready;
  }

  function begin(): void {
    if (signal.aborted) return;
    counts = keepCounts(store.sliCounts, clock, logger, isOurs);
    filling = fillForEver({
      objectives: () => own?.objectives ?? null,
      backfill: async (nowMs, options) =>
        (await ready?.measurer.backfill(nowMs, own?.objectives ?? [], options)) ?? "failed",
      clock,
      pause,
      signal,
      intervalMs,
      timeoutMs,
      observer: {
        failed: (error) => logger.warn({ err: error }, "a piece of back-fill failed; it is tried again"),
        backfilled: deps.onBackfilled,
      },
    });
  }

  return {
    key,
    shards,
    measure(atMs, objectives, options) {
      const done = last.then(async () => {
        const now = await readyFor(atMs);
        now.lastMs = atMs;
        const cycle = await now.measurer.cycle(atMs, ofOurs(objectives), options);
        return { shards, cycle, pages: store.pages };
      });
      last = done.catch(() => {});
      return done;
    },
    bytes: () => ready?.measurer.bytes() ?? 0,
    async end() {
      ending.abort();
      await last;
      await filling;
      await counts?.stop();
    },
  };
}

/** The store's counts of some scopes only. */
function ownCounts(counts: SliCountStore, isOurs: (scope: string) => boolean): CountsStore {
  return {
    append: (blocks) => counts.append(blocks),
    async *read(question) {
      for (const scope of (await counts.scopes()).filter(isOurs)) yield* counts.read({ ...question, scope });
    },
  };
}
