/** A copy that does not lead measures its shards when the leading one asks for it. Made by share-out.ts. */

import { shardOfObjective } from "../../slo/measure/shard-of.js";
import type { Objective } from "../../slo/objective.js";
import type { PageStore } from "../../store/page-store.js";
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import { type AskedCycle, postAnswers, readAnswer, readList, readQuestion, type ShardAnswer } from "./cycle-pages.js";
import type { MeasuredShards, ShardMeasurer } from "./measure-shards.js";

/** What it is made of. */
export interface CycleAnswererDeps {
  /** For reading. */
  readonly pages: PageStore;
  readonly shards: ShardMeasurer;
  /** Whether this copy asks itself. */
  readonly isLeading: () => boolean;
  readonly clock: Clock;
  readonly options: () => CallOptions;
  /** Nothing was answered; the leading copy asks again. Must not throw. */
  readonly onFailed: (error: unknown) => void;
}

/** The answerer. */
export interface CycleAnswerer {
  /** Looks for a question that it has not answered. */
  look(): void;
  /** What is under way is over when it resolves. */
  close(): Promise<void>;
}

/** Nobody waits for an answer for so long: the question is from before a stop. */
const longestMs = 600_000;

/** One that has answered nothing yet. */
export function createCycleAnswerer(deps: CycleAnswererDeps): CycleAnswerer {
  const { pages, shards, isLeading, onFailed } = deps;
  let known: { readonly name: string; readonly objectives: readonly Objective[] } | null = null;
  let isWanted = false;
  let isClosed = false;
  let running: Promise<void> | null = null;

  async function objectivesOf({ listName }: AskedCycle): Promise<readonly Objective[] | null> {
    if (known?.name === listName) return known.objectives;
    const objectives = await readList(pages, listName);
    if (objectives !== null) known = { name: listName, objectives };
    return objectives;
  }

  async function answer(): Promise<void> {
    if (isLeading() || shards.held().size === 0) return;
    const asked = await readQuestion(pages);
    if (asked === null || deps.clock.nowMs() - asked.atMs > longestMs) return;
    const objectives = await objectivesOf(asked);
    if (objectives === null) return;
    const wanted = new Set(objectives.map(shardOfObjective));
    const open: number[] = [];
    for (const shard of shards.held()) {
      if (wanted.has(shard) && (await readAnswer(pages, shard, asked)) === null) open.push(shard);
    }
    if (open.length === 0 || isLeading()) return;
    const measured = await shards.measure(asked.atMs, objectives, deps.options());
    if (measured !== null) await postAnswers(measured.pages, answersOf(asked, objectives, measured, new Set(open)));
  }

  async function goOn(): Promise<void> {
    while (isWanted && !isClosed) {
      isWanted = false;
      try {
        await answer();
      } catch (error) {
        onFailed(error);
      }
    }
  }

  return {
    look() {
      isWanted = true;
      running ??= goOn().finally(() => {
        running = null;
      });
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}

/** By shard. */
function answersOf(
  asked: AskedCycle,
  objectives: readonly Objective[],
  { shards, cycle }: MeasuredShards,
  open: ReadonlySet<number>,
): ReadonlyMap<number, ShardAnswer> {
  const own = objectives.map(shardOfObjective).filter((shard) => shards.has(shard));
  const measurements = [...cycle.measurements];
  const { endMs, statuses } = cycle;
  const clockSkewsMs = [...cycle.clockSkewsMs];
  const told = { ...asked, endMs, statuses, clockSkewsMs };
  return new Map(
    [...open]
      .filter((shard) => shards.has(shard))
      .map((shard) => [shard, { ...told, measurements: measurements.filter((_, at) => own[at] === shard) }]),
  );
}
