/**
 * The measurer of the copy that leads: it measures what it holds, asks the holders of other shards for theirs, and waits for them; of a
 * holder that is gone it waits until another has its shards. Made with each term by start-term.ts.
 */
import { createMeasurementTable } from "../../alerting/measurement-table.js";
import { isMeshlensError, MeshlensError } from "../../errors.js";
import { evaluationEnd, type MeasuredCycle, type Measurer } from "../../slo/measure/measurer.js";
import { shardOfObjective } from "../../slo/measure/shard-of.js";
import type { Measurement } from "../../slo/measurement.js";
import type { Objective } from "../../slo/objective.js";
import type { PageStore } from "../../store/page-store.js";
import type { CallOptions } from "../../telemetry/source.js";
import { postQuestion, readAnswer } from "./cycle-pages.js";
import type { ShardMeasurer } from "./measure-shards.js";

/** What it is made of. */
export interface TogetherDeps {
  readonly shards: ShardMeasurer;
  /** Its writes are refused once another copy leads. */
  readonly pages: PageStore;
  /** Unlike that of any other term. */
  readonly termName: string;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonicMs: () => number;
}

/** The measurer of a term. */
export interface TogetherMeasurer extends Pick<Measurer, "load" | "cycle" | "bytes"> {
  /** Whether the last cycle needed another copy. */
  hasWaited(): boolean;
  /** Something was measured elsewhere, or other shards are held here. */
  wake(): void;
  /** A cycle that waits rejects. */
  close(): void;
}

const askAgainMs = 1_000;
const lookAgainMs = 250;
/** Longer than a lease, a try to take it and the reading of its counts. */
const patienceMs = 30_000;

const nothingMeasured = { measurements: [], statuses: [], clockSkewsMs: new Map<string, number>() };

type Part = Omit<MeasuredCycle, "measurements"> & { readonly at: (nth: number) => Measurement | undefined };

/** One that has asked nothing yet. */
export function createTogetherMeasurer({ shards, pages, termName, monotonicMs }: TogetherDeps): TogetherMeasurer {
  let list: { readonly name: string; readonly objectives: readonly Objective[]; isWritten: boolean } | null = null;
  let lists = 0;
  let hasWaited = false;
  let isClosed = false;
  let isWoken = false;
  let rouse = () => {};

  async function nap(): Promise<void> {
    if (!isWoken && !isClosed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lookAgainMs);
        rouse = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    isWoken = false;
  }

  function listOf(objectives: readonly Objective[]) {
    if (list?.objectives !== objectives) {
      lists += 1;
      list = { name: `${termName} ${lists}`, objectives, isWritten: false };
    }
    return list;
  }

  /** Null: they were lost meanwhile, or there are none. */
  async function measureHere(atMs: number, objectives: readonly Objective[], options: CallOptions) {
    try {
      return await shards.measure(atMs, objectives, options);
    } catch (error) {
      if (isMeshlensError(error) && error.code === "MESHLENS_ERR_STORE_FENCED") return null;
      throw error;
    }
  }

  async function ask(atMs: number, objectives: readonly Objective[]): Promise<void> {
    const now = listOf(objectives);
    await postQuestion(pages, { atMs, listName: now.name }, now.isWritten ? null : objectives);
    now.isWritten = true;
  }

  async function cycle(atMs: number, objectives: readonly Objective[], options: CallOptions): Promise<MeasuredCycle> {
    const shardOf = objectives.map(shardOfObjective);
    const wanted = [...new Set(shardOf)];
    const parts = new Map<number, Part>();
    const missing = () => wanted.filter((shard) => !parts.has(shard));
    if (wanted.length === 0) return { ...nothingMeasured, endMs: evaluationEnd(atMs) };
    const beganMs = monotonicMs();
    let askedMs = Number.NEGATIVE_INFINITY;
    hasWaited = false;
    while (missing().length > 0) {
      if (isClosed) throw endedError();
      if (missing().some((shard) => !shards.held().has(shard)) && monotonicMs() - askedMs >= askAgainMs) {
        hasWaited = true;
        askedMs = monotonicMs();
        await ask(atMs, objectives);
      }
      if (missing().some((shard) => shards.held().has(shard))) {
        const own = await measureHere(atMs, objectives, options);
        if (own !== null && wanted.every((shard) => own.shards.has(shard)) && parts.size === 0) return own.cycle;
        if (own !== null) {
          const nths = nthsOf(shardOf, own.shards);
          const part = partOf(own.cycle, nths);
          for (const shard of own.shards) parts.set(shard, part);
          continue;
        }
      }
      let hasCome = false;
      for (const shard of missing()) {
        if (shards.held().has(shard)) continue;
        const answer = await readAnswer(pages, shard, { atMs, listName: listOf(objectives).name });
        if (answer === null) continue;
        const nths = nthsOf(shardOf, new Set([shard]));
        const { endMs, statuses, clockSkewsMs, measurements } = answer;
        const at = (nth: number) => measurements[nths[nth] as number];
        parts.set(shard, { endMs, statuses, clockSkewsMs: new Map(clockSkewsMs), at });
        hasCome = true;
      }
      if (hasCome || missing().length === 0) continue;
      hasWaited = true;
      if (monotonicMs() - beganMs > patienceMs) throw notMeasured("the copies that have their shards did not answer");
      await nap();
    }
    return joined(shardOf, parts);
  }

  return {
    load: async () => {},
    cycle,
    bytes: shards.bytes,
    hasWaited: () => hasWaited,
    wake() {
      isWoken = true;
      rouse();
    },
    close() {
      isClosed = true;
      rouse();
    },
  };
}

/** Per objective of the whole list its place among those of some shards; -1 for others. */
function nthsOf(shardOf: readonly number[], shards: ReadonlySet<number>): readonly number[] {
  let next = 0;
  return shardOf.map((shard) => {
    if (!shards.has(shard)) return -1;
    next += 1;
    return next - 1;
  });
}

/** Kept until the others have come: in a tenth of their bytes. */
function partOf({ measurements, ...rest }: MeasuredCycle, nths: readonly number[]): Part {
  const table = createMeasurementTable();
  for (const measurement of measurements) table.add(measurement);
  return { ...rest, at: (nth) => table.at(nths[nth] as number) };
}

function joined(shardOf: readonly number[], parts: ReadonlyMap<number, Part>): MeasuredCycle {
  const all = [...new Set(parts.values())];
  const statuses = new Map(all.flatMap(({ statuses: own }) => own).map((status) => [status.name, status]));
  for (const status of all.flatMap(({ statuses: own }) => own)) {
    if (status.state !== "OK") statuses.set(status.name, status);
  }
  function* measurements(): Generator<Measurement, void, undefined> {
    for (const [nth, shard] of shardOf.entries()) {
      const measurement = parts.get(shard)?.at(nth);
      if (measurement === undefined) throw notMeasured("an answer does not fit its question");
      yield measurement;
    }
  }
  return {
    endMs: Math.min(...all.map(({ endMs }) => endMs)),
    measurements: measurements(),
    statuses: [...statuses.values()],
    clockSkewsMs: new Map(all.flatMap(({ clockSkewsMs }) => [...clockSkewsMs])),
  };
}

function notMeasured(why: string): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_SOURCE_TIMEOUT",
    `Objectives were not measured for an evaluation: ${why}; it is tried again.`,
  );
}

function endedError(): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_STORE_FENCED",
    "An evaluation was given up: this copy does not lead any more.",
  );
}
