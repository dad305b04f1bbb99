/** Measuring shared out over copies: which shards this one has, what it measures of them, and for whom. Made by open-alerting.ts where copies share a store. */
import type { Logger } from "pino";
import type { BackfillStep } from "../../slo/measure/measurer.js";
import type { Lease, ShardStance } from "../../store/lease-store.js";
import type { Repositories, Store } from "../../store/store.js";
import type { Clock } from "../../telemetry/clock.js";
import type { MakeMeasurer, TermMeasuring } from "../term-measuring.js";
import { createCycleAnswerer } from "./answer-cycles.js";
import { createShardHolder } from "./hold-shards.js";
import { type LeaseTimes, leadLease } from "./lead-by-lease.js";
import { createShardMeasurer } from "./measure-shards.js";
import { createTogetherMeasurer } from "./measure-together.js";

/** What it is made of. */
export interface ShareOutDeps {
  readonly store: Store;
  readonly makeMeasurer: MakeMeasurer;
  readonly clock: Clock;
  readonly monotonicMs: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly intervalMs: number;
  /** Deadline of the questions of one evaluation, ms. */
  readonly timeoutMs: number;
  readonly times?: LeaseTimes;
  readonly logger: Logger;
  /** The measuring of the running term; null while another copy leads. */
  readonly leading: () => TermMeasuring | null;
  readonly onBackfilled: (step: BackfillStep) => void;
}

/** What is shared out. */
export interface ShareOut {
  /** Takes shards, once somebody leads. Never rejects. */
  start(): Promise<void>;
  stance(): ShardStance;
  /** How many shards this copy has. */
  count(): number;
  /** For a term of this copy, whose lease it is. */
  measuring(lease: Lease, store: Repositories): TermMeasuring;
  /** The leading copy asks for measurements. */
  asked(): void;
  /** A copy has measured. */
  measured(): void;
  /** A lease was given back. */
  wake(): void;
  close(): Promise<void>;
}

/** In a row: then somebody else is to try. */
const mostFailures = 3;

/** Nothing is held yet. */
export function createShareOut(deps: ShareOutDeps): ShareOut {
  const { store, makeMeasurer, clock, monotonicMs, pause, intervalMs, timeoutMs, times, logger, leading } = deps;
  const shards = createShardMeasurer({
    under: (leases) => store.underShared(leases, leadLease, () => holder.wake()),
    makeMeasurer,
    clock,
    pause,
    intervalMs,
    timeoutMs,
    logger,
    onBackfilled: deps.onBackfilled,
    onChange() {
      logger.debug({ shards: [...shards.held()] }, "this copy measures other shards than before");
      leading()?.wake();
      answerer.look();
    },
  });
  const holder = createShardHolder({
    leases: store.leases,
    copyId: store.copyId,
    ...(times === undefined ? {} : { times }),
    monotonicMs,
    onChange(held) {
      const over = shards.hold(held);
      // Should news be lost, a question is found all the same.
      answerer.look();
      return over;
    },
    onFailed: (error) => logger.warn({ err: error }, "shards could not be asked for; it is tried again"),
  });
  const answerer = createCycleAnswerer({
    pages: store.pages,
    shards,
    isLeading: () => leading() !== null,
    clock,
    options: () => ({ signal: AbortSignal.timeout(2 * timeoutMs), deadlineMs: clock.nowMs() + timeoutMs }),
    onFailed(error, failures) {
      logger.warn({ err: error }, "shards were not measured; the leading copy asks again");
      if (failures >= mostFailures) holder.rest();
    },
  });
  return {
    start: holder.start,
    stance: holder.stance,
    count: holder.count,
    measuring({ holder: copyId, epoch }, { pages }) {
      const measurer = createTogetherMeasurer({ shards, pages, termName: `${copyId} ${epoch}`, monotonicMs });
      const { hasWaited, wake, close: giveUp } = measurer;
      return { measurer, hasWaited, wake, giveUp, close: async () => {} };
    },
    asked: answerer.look,
    measured: () => leading()?.wake(),
    wake: holder.wake,
    async close() {
      await answerer.close();
      await holder.close();
    },
  };
}
