/**
 * The measuring loop of objectives: each cycle asks what is new, writes it to the ledgers and the store, and sums every window from the
 * ledgers. What could not be asked is written nowhere and asked again. Made by the alert loop and by backtests; only their clocks differ.
 */

import type { MetricKnowledge } from "../../mesh/metrics/metric-knowledge.js";
import { askSources } from "../../mesh/pillar.js";
import type { Clock } from "../../telemetry/clock.js";
import type { MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions, SourceStatus } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { createScopeLedger, type LedgerBlock, ledgerTiers, type ScopeLedger } from "../ledger/scope-ledger.js";
import type { Measurement } from "../measurement.js";
import type { Objective } from "../objective.js";
import { createLearnSource, learnedForMs } from "./learn-source.js";
import { type LedgerGroup, measureObjectives } from "./measure-objectives.js";
import { missingChunk } from "./missing-chunk.js";
import { familiesOf } from "./sli-family.js";
import { askCounts } from "./source-counts.js";
import { countedQuery } from "./user-counts.js";

/** What of the store measuring needs; store/sli-count-store.ts has it. */
export interface CountsStore {
  append(blocks: readonly { readonly scope: string; readonly block: LedgerBlock }[]): Promise<void>;
  read(question: {
    readonly window: TimeWindow;
  }): AsyncIterable<{ readonly scope: string; readonly block: LedgerBlock }>;
}

/** What the loop is made of. */
export interface MeasurerDeps {
  readonly sources: readonly MetricSource[];
  readonly knowledge: MetricKnowledge;
  readonly clock: Clock;
  readonly store: CountsStore;
  /** How far back counts are wanted, ms: the longest window and period. */
  readonly horizonMs: number;
}

/** One cycle's outcome. */
export interface MeasuredCycle {
  /** Where all windows end. */
  readonly endMs: number;
  /** One per objective, in their order. */
  readonly measurements: readonly Measurement[];
  readonly statuses: readonly SourceStatus[];
}

/** What one piece of back-fill did. */
export type BackfillStep = "done" | "filled" | "failed";

/** The loop. */
export interface Measurer {
  /** Reads the stored counts; called once, before the first cycle. */
  load(nowMs: number): Promise<void>;
  /** One cycle at `nowMs` of the backend's clock. Never rejects for a source's sake; the store's errors are passed on. */
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
/** A gap of at most this many steps is filled by the cycle itself. */
const mostSteps = 20;
/** Back-fill ends where this many pieces in a row had nothing: the backend keeps no more. */
const mostEmpty = 24;

/** A loop with empty ledgers. */
export function createMeasurer({ sources, knowledge, clock, store, horizonMs }: MeasurerDeps): Measurer {
  const learn = createLearnSource(knowledge);
  const groups = new Map<
    string,
    LedgerGroup & { readonly ledgers: Map<string, ScopeLedger>; approximate: ReadonlySet<string>; empty: number }
  >();
  for (const source of sources) {
    const name = groupName(source);
    if (!groups.has(name)) groups.set(name, { name, ledgers: new Map(), approximate: new Set(), empty: 0 });
  }

  function ledgerOf(group: string, scope: string): ScopeLedger | null {
    const ledgers = groups.get(group)?.ledgers;
    if (ledgers === undefined) return null;
    const ledger = ledgers.get(scope) ?? createScopeLedger();
    ledgers.set(scope, ledger);
    return ledger;
  }

  /** Asks for a stretch of time in every group that lacks it, and keeps what came whole. */
  async function ask(
    objectives: readonly Objective[],
    windowOf: (group: string) => { readonly window: TimeWindow; readonly stepMs: number } | null,
    nowMs: number,
    options: CallOptions,
  ) {
    const families = familiesOf(objectives);
    const queries = objectives.flatMap((objective) => countedQuery(objective) ?? []);
    const views = new Set(families.map(({ view }) => view));
    const latencyViews = new Set(
      families.filter(({ rules }) => rules.some((rule) => rule.thresholdsMs.length > 0)).map(({ view }) => view),
    );
    const wanted = sources.filter((source) => windowOf(groupName(source)) !== null);
    const asked = await askSources(wanted, options, clock, async (source, own) => {
      const question = windowOf(groupName(source));
      if (question === null) return { value: null, warnings: [] };
      const learned = await learn(source, { views, latencyViews }, nowMs, own);
      const isJustChanged = learned.isChanged && learned.atMs === nowMs && question.stepMs === stepMs;
      const window = isJustChanged ? sinceLearned(question.window) : question.window;
      const answer = await askCounts(source, learned, { families, queries, stepMs: question.stepMs, window }, own);
      return { value: answer, warnings: answer.warnings };
    });
    const states = new Map(asked.statuses.map(({ name, state }) => [name, state]));
    const blocks: { readonly scope: string; readonly block: LedgerBlock }[] = [];
    const filled = new Map<string, number>();
    for (const { source, value } of asked.answers) {
      // A partial answer counts for nothing: its zeros may be calls.
      if (value === null || states.get(source.name) !== "OK") continue;
      const group = groupName(source);
      filled.set(group, value.rows);
      const own = groups.get(group);
      if (own !== undefined) own.approximate = new Set(value.approximate);
      for (const { scope, block } of value.counts) blocks.push({ scope: `${group}|${scope}`, block });
    }
    return { blocks, filled, statuses: asked.statuses };
  }

  async function keep(blocks: readonly { readonly scope: string; readonly block: LedgerBlock }[]): Promise<void> {
    await store.append(blocks);
    for (const { scope, block } of blocks) write(scope, block);
  }

  function write(scoped: string, block: LedgerBlock): void {
    const cut = scoped.indexOf("|");
    ledgerOf(scoped.slice(0, cut), scoped.slice(cut + 1))?.write(block);
  }

  /** The steps a group asks for in a cycle: the last, the late ones, and a short gap before them. */
  function newSteps(group: string, endMs: number): TimeWindow {
    const ledgers = [...(groups.get(group)?.ledgers.values() ?? [])];
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
      for await (const { scope, block } of store.read({
        window: { fromMs: nowMs - ledgerTiers.keepMs, toMs: nowMs },
      })) {
        write(scope, block);
      }
    },

    async cycle(nowMs, objectives, options) {
      const endMs = Math.floor((nowMs - evaluationOffsetMs) / stepMs) * stepMs;
      const windowOf = (group: string) => ({ window: newSteps(group, endMs), stepMs });
      const { blocks, statuses } = await ask(objectives, windowOf, endMs, options);
      await keep(blocks);
      return { endMs, statuses, measurements: measureObjectives(objectives, [...groups.values()], endMs) };
    },

    async backfill(nowMs, objectives, options) {
      const endMs = Math.floor((nowMs - evaluationOffsetMs) / stepMs) * stepMs;
      const chunks = new Map(
        [...groups.values()].map((group) => {
          const isOver = group.empty >= mostEmpty || group.ledgers.size === 0;
          return [group.name, isOver ? null : missingChunk([...group.ledgers.values()], endMs, horizonMs)] as const;
        }),
      );
      if ([...chunks.values()].every((chunk) => chunk === null)) return "done";
      const { blocks, filled } = await ask(objectives, (group) => chunks.get(group) ?? null, endMs, options);
      await keep(blocks);
      for (const [name, rows] of filled) {
        const group = groups.get(name);
        if (group !== undefined) group.empty = rows === 0 ? group.empty + 1 : 0;
      }
      return filled.size > 0 ? "filled" : "failed";
    },

    bytes() {
      const ledgers = [...groups.values()].flatMap((group) => [...group.ledgers.values()]);
      return ledgers.reduce((sum, ledger) => sum + ledger.bytes(), 0);
    },
  };
}

/** Other proxies count than was thought: all steps since the learning before. */
function sinceLearned({ fromMs, toMs }: TimeWindow): TimeWindow {
  return { fromMs: Math.min(fromMs, toMs - learnedForMs - stepMs), toMs };
}

/** Replicas share their counts; a shard has its own. */
function groupName({ name, cluster, isShard }: MetricSource): string {
  return (isShard ? `shard ${name}` : (cluster ?? "default")).replaceAll("|", "/");
}
