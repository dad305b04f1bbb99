/**
 * The measuring loop of objectives: each cycle asks what is new, writes it to the ledgers and the store, and sums every window from the
 * ledgers. What could not be asked is written nowhere and asked again. Made by the alert loop and by backtests; only their clocks differ.
 */
import type { MetricKnowledge } from "../../mesh/metrics/metric-knowledge.js";
import type { Clock } from "../../telemetry/clock.js";
import type { MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions, SourceStatus } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type LedgerBlock, ledgerTiers, type ScopeLedger } from "../ledger/scope-ledger.js";
import { type Measurement, unmeasured } from "../measurement.js";
import type { Objective } from "../objective.js";
import { type AskedGroups, createAskGroups } from "./ask-groups.js";
import { createAskedWindows } from "./asked-windows.js";
import { createBackendClocks } from "./backend-clocks.js";
import type { AnswerStore } from "./kept-answers.js";
import { createLedgerGroups } from "./ledger-groups.js";
import { type LedgerGroup, measureObjectives } from "./measure-objectives.js";
import { missingChunk } from "./missing-chunk.js";
import { scopesOf } from "./scopes-of.js";

/** What of the store measuring needs; store/sli-count-store.ts has it. */
export interface CountsStore {
  append(blocks: readonly { readonly scope: string; readonly block: LedgerBlock }[]): Promise<void>;
  /** With `sharesValues` the values of a block hold only until the next one is asked for. */
  read(question: {
    readonly window: TimeWindow;
    readonly sharesValues: true;
  }): AsyncIterable<{ readonly scope: string; readonly block: LedgerBlock }>;
}

/** What the loop is made of. */
export interface MeasurerDeps {
  readonly sources: readonly MetricSource[];
  readonly knowledge: MetricKnowledge;
  readonly clock: Clock;
  readonly store: CountsStore;
  /** Answers to queries over whole windows; left out: a start asks them anew. */
  readonly answers?: AnswerStore;
  /** How far back counts are wanted, ms: the longest window and period. */
  readonly horizonMs: number;
  /** How far behind now windows end; default evaluationOffsetMs. */
  readonly offsetMs?: number;
}

/** One cycle's outcome. */
export interface MeasuredCycle {
  /** Where all windows end. */
  readonly endMs: number;
  /** One per objective, in their order; to be read once, before anything else is asked of the measurer. */
  readonly measurements: Iterable<Measurement>;
  readonly statuses: readonly SourceStatus[];
  /** How far the clocks of the sources are ahead of ours, ms, by name; those that did not tell are not here. */
  readonly clockSkewsMs: ReadonlyMap<string, number>;
}

/** What one piece of back-fill did. */
export type BackfillStep = "done" | "filled" | "failed";

/** The loop. */
export interface Measurer {
  /** Reads the stored counts; called once, before the first cycle. */
  load(nowMs: number): Promise<void>;
  /**
   * One cycle at `nowMs` of our clock, which ends by the backends'. Where that is before the last end, by an hour at most, nothing is
   * counted and all is UNKNOWN until it has been reached again: what was decided on must not be seen twice. Further back is followed.
   * Never rejects for a source's sake; the store's errors are passed on.
   */
  cycle(nowMs: number, objectives: readonly Objective[], options: CallOptions): Promise<MeasuredCycle>;
  /** Fills the newest piece of time that is not counted yet; the caller paces it (backfill-pace.ts) and may stop between any two. */
  backfill(nowMs: number, objectives: readonly Objective[], options: CallOptions): Promise<BackfillStep>;
  /** Bytes of all counts in memory. */
  bytes(): number;
}

const stepMs = ledgerTiers.fineMs;
/** How far behind now windows end: samples of the last scrapes have arrived by then. */
export const evaluationOffsetMs = 30_000;
/** Newest steps asked again each cycle, which late samples may still change. */
const lateSteps = 2;
/** A clock set back further is followed: there is too much to wait for. */
const mostHeldMs = 3_600_000;
/** A gap of at most this many steps is filled by the cycle itself. */
const mostSteps = 20;
/** History ends where a backend had nothing for so long: it keeps no more. */
export const longestEmptyMs = 24 * 3_600_000;

/** A loop with empty ledgers. */
export function createMeasurer(deps: MeasurerDeps): Measurer {
  const { sources, knowledge, clock, store, answers, horizonMs, offsetMs } = deps;
  const ask = createAskGroups({ sources, knowledge, clock });
  const groups = createLedgerGroups(sources);
  const filling = new Map<string, Filling>();

  const windows = createAskedWindows({ sources, clock, store: answers });
  const readClocks = createBackendClocks(sources, clock);
  let skewMs = 0;
  let lastEndMs = Number.NEGATIVE_INFINITY;

  async function keep(asked: AskedGroups): Promise<void> {
    await store.append(asked.blocks);
    groups.write(asked.blocks);
    groups.mark(asked);
  }

  /** What a group counts now: not what was counted for objectives that are gone, nor what its source refuses. */
  function countedNow({ ledgers, refused }: LedgerGroup, scopes: ReadonlySet<string>): readonly ScopeLedger[] {
    return [...ledgers].flatMap(([scope, ledger]) => (scopes.has(scope) && !refused.has(scope) ? [ledger] : []));
  }

  /** The steps a group asks for in a cycle: the last, the late ones, and a short gap before them. */
  function newSteps(ledgers: readonly ScopeLedger[], endMs: number): TimeWindow {
    let fromMs = endMs - (1 + lateSteps) * stepMs;
    if (ledgers.length === 0) return { fromMs, toMs: endMs };
    const isCovered = (atMs: number) => ledgers.every((ledger) => ledger.isCovered(atMs));
    for (let gap = 1; gap <= mostSteps; gap += 1) {
      if (!isCovered(endMs - gap * stepMs)) fromMs = Math.min(fromMs, endMs - (gap + 1) * stepMs);
    }
    return { fromMs, toMs: endMs };
  }

  return {
    async load(nowMs) {
      for await (const block of store.read({
        window: { fromMs: nowMs - ledgerTiers.keepMs, toMs: nowMs },
        sharesValues: true,
      })) {
        groups.write([block]);
      }
      await windows.load(nowMs);
    },

    async cycle(nowMs, objectives, options) {
      const clocks = await readClocks(options);
      const clockSkewsMs = clocks.measuredMs;
      skewMs = clocks.skewMs;
      const endMs = evaluationEnd(nowMs + skewMs, offsetMs);
      if (endMs < lastEndMs && endMs >= lastEndMs - mostHeldMs) {
        const words = `The clock went back by ${Math.round((lastEndMs - endMs) / 1000)} s: nothing is counted until it is where it was.`;
        const measurements = objectives.map((objective) => unmeasured(objective, endMs, "UNKNOWN", words));
        return { endMs, measurements, statuses: [], clockSkewsMs };
      }
      lastEndMs = endMs;
      groups.exclude(clocks.unusable);
      const scopes = scopesOf(objectives);
      const stretches = new Map(
        groups.all.map((group) => [group.name, { window: newSteps(countedNow(group, scopes), endMs), stepMs }]),
      );
      const stretchOf = (group: string) => (clocks.unusable.has(group) ? null : (stretches.get(group) ?? null));
      const [asked] = await Promise.all([
        ask({ objectives, stretchOf, nowMs: endMs }, options),
        windows.cycle(endMs, objectives, options),
      ]);
      await keep(asked);
      await windows.save();
      // An outage leaves a gap: back-fill that had come to its end looks again.
      for (const { name } of groups.all) if (!asked.filled.has(name)) filling.delete(name);
      const measurements = measureObjectives(objectives, groups.all, endMs, windows.groups);
      return { endMs, statuses: asked.statuses, measurements, clockSkewsMs };
    },

    async backfill(nowMs, objectives, options) {
      const endMs = evaluationEnd(nowMs + skewMs, offsetMs);
      const scopes = scopesOf(objectives);
      const chunks = new Map(
        groups.all.map((group) => {
          const { name } = group;
          const ledgers = countedNow(group, scopes);
          let own = filling.get(name);
          // A scope more has a history of its own.
          if (own?.scopes !== ledgers.length) own = newFilling(ledgers.length);
          filling.set(name, own);
          if (own.emptyMs >= longestEmptyMs || ledgers.length === 0) return [name, null] as const;
          const { asked } = own;
          const wanted = ledgers.map(({ isCovered }) => ({
            isCovered: (atMs: number) => isCovered(atMs) || asked.has(atMs),
          }));
          return [name, missingChunk(wanted, endMs, horizonMs)] as const;
        }),
      );
      if ([...chunks.values()].every((chunk) => chunk === null)) return "done";
      const stretchOf = (group: string) => chunks.get(group) ?? null;
      const asked = await ask({ objectives, stretchOf, nowMs: endMs }, options);
      await keep(asked);
      for (const [name, rows] of asked.filled) {
        const [own, chunk] = [filling.get(name), chunks.get(name) ?? null];
        if (own === undefined || chunk === null) continue;
        const { fromMs, toMs } = chunk.window;
        for (let atMs = toMs; atMs > fromMs; atMs -= chunk.stepMs) own.asked.add(atMs);
        own.emptyMs = rows === 0 ? own.emptyMs + toMs - fromMs : 0;
      }
      return asked.filled.size > 0 ? "filled" : "failed";
    },

    bytes() {
      const ledgers = groups.all.flatMap((group) => [...group.ledgers.values()]);
      return ledgers.reduce((sum, ledger) => sum + ledger.bytes(), 0);
    },
  };
}

/** How far back-fill of a group is. */
interface Filling {
  readonly scopes: number;
  /** Time in a row, going back, that had nothing. */
  emptyMs: number;
  /** Ends of buckets that were answered: those of a time without a histogram stay without its scopes, and are not asked for again. */
  readonly asked: Set<number>;
}

function newFilling(scopes: number): Filling {
  return { scopes, emptyMs: 0, asked: new Set() };
}

/** Where the windows of an evaluation end: whole steps, the offset behind it. */
export function evaluationEnd(clockMs: number, offsetMs: number = evaluationOffsetMs): number {
  return Math.floor((clockMs - offsetMs) / stepMs) * stepMs;
}
