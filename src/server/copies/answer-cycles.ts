/** A copy that does not lead measures its shards when the leading one asks for it. Made by share-out.ts. */

import { isMeshlensError } from "../../errors.js";
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
  /** Nothing was answered, for the n-th time in a row; the leading copy asks again. Must not throw. */
  readonly onFailed: (error: unknown, times: number) => void;
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
  /** Of the newest question, what needs no looking any more. */
  let answered: AskedCycle & { readonly by: ReadonlySet<number> } = { atMs: 0, listName: "", by: new Set() };
  let failures = 0;
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
    const held = shards.held();
    if (isLeading() || held.size === 0) return;
    const asked = await readQuestion(pages);
    if (asked === null || deps.clock.nowMs() - asked.atMs > longestMs) return;
    if (asked.atMs === answered.atMs && asked.listName === answered.listName && held === answered.by) return;
    const objectives = await objectivesOf(asked);
    if (objectives === null) return;
    const wanted = new Set(objectives.map(shardOfObjective));
    const open: number[] = [];
    for (const shard of held) {
      if (wanted.has(shard) && (await readAnswer(pages, shard, asked)) === null) open.push(shard);
    }
    if (isLeading()) return;
    if (open.length > 0) {
      const measured = await shards.measure(asked.atMs, objectives, deps.options());
      if (measured === null || measured.shards !== held) return;
      await postAnswers(measured.pages, answersOf(asked, objectives, measured, new Set(open)));
    }
    answered = { ...asked, by: held };
    failures = 0;
  }

  async function goOn(): Promise<void> {
    while (isWanted && !isClosed) {
      isWanted = false;
      try {
        await answer();
      } catch (error) {
        // One that was fenced has nothing to be ashamed of.
        if (!isMeshlensError(error) || error.code !== "MESHLENS_ERR_STORE_FENCED") failures += 1;
        onFailed(error, failures);
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
