/**
 * Measures the past: counts of long stretches are asked at once and may lie ahead of the instant that is measured, which sees nothing of
 * them. Questions, folding, ledgers and sums are those of the live measurer. Called by backtests.
 */

import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { CallOptions } from "../../telemetry/source.js";
import { ledgerTiers } from "../ledger/scope-ledger.js";
import type { Objective } from "../objective.js";
import { type AskedGroups, type AskGroupsDeps, createAskGroups, type Stretch } from "./ask-groups.js";
import { createAskedWindows } from "./asked-windows.js";
import { createLedgerGroups } from "./ledger-groups.js";
import { measureObjectives } from "./measure-objectives.js";
import { evaluationEnd, evaluationOffsetMs, type Measurer } from "./measurer.js";

/** An answer for a stretch; not kept yet. */
export interface AskedStretch extends AskedGroups {
  readonly stretch: Stretch;
  /** Whether every cluster and every shard answered whole. */
  readonly isWhole: boolean;
  /** Where the first step begins in which any series had a sample; null without samples. */
  readonly dataFromMs: number | null;
}

/** The measurer: `cycle` asks nothing, it sums what was kept. */
export interface ReplayMeasurer extends Pick<Measurer, "load" | "cycle"> {
  /** Asks for the counts of one stretch; never rejects for a source's sake. */
  ask(stretch: Stretch, objectives: readonly Objective[], options: CallOptions): Promise<AskedStretch>;
  /** Takes the counts of an answer in. Stretches may come in any order. */
  keep(asked: AskedStretch): void;
  /** Where the windows of an evaluation end. */
  endOf(clockMs: number): number;
  /** Services whose calls were counted so far, by key. */
  services(): readonly ServiceRef[];
}

/** A measurer with empty ledgers, whose windows end `offsetMs` behind the clock. */
export function createReplayMeasurer(deps: AskGroupsDeps, offsetMs = evaluationOffsetMs): ReplayMeasurer {
  const ask = createAskGroups(deps);
  const groups = createLedgerGroups(deps.sources);
  const windows = createAskedWindows(deps);
  const approximate = new Map<string, ReadonlySet<string>>();
  return {
    load: async () => undefined,
    async cycle(clockMs, objectives) {
      const endMs = evaluationEnd(clockMs, offsetMs);
      return {
        endMs,
        statuses: [],
        clockSkewsMs: new Map(),
        measurements: measureObjectives(objectives, groups.all, endMs, windows.groups),
      };
    },
    async ask(stretch, objectives, options) {
      const { fromMs, toMs } = stretch.window;
      const question = { objectives, stretchOf: () => stretch, nowMs: toMs, learnMs: toMs - fromMs };
      // Windows are asked whole, so the history before the range is not needed, but for its last step.
      const isFine = stretch.stepMs === ledgerTiers.fineMs;
      const replayed = isFine ? windows.replay(stretch.window, objectives, options) : Promise.resolve();
      const [asked] = await Promise.all([ask(question, options), replayed]);
      const isWhole = groups.all.every(({ name }) => asked.filled.has(name));
      return { ...asked, stretch, isWhole, dataFromMs: firstData(asked.blocks) };
    },
    keep(asked) {
      groups.write(asked.blocks);
      // A stretch before the first bucket knows of no edges, and takes nothing back of what a later one found.
      for (const [group, scopes] of asked.approximate) {
        approximate.set(group, new Set([...(approximate.get(group) ?? []), ...scopes]));
      }
      groups.mark({ ...asked, approximate });
    },
    endOf: (clockMs) => evaluationEnd(clockMs, offsetMs),
    services() {
      const found = new Map<string, ServiceRef>();
      for (const { ledgers } of groups.all) {
        for (const [scope, ledger] of ledgers) {
          if (!scope.startsWith("calls|")) continue;
          for (const key of ledger.keys()) {
            const [cluster, namespace, name, ...suffix] = key.split("\u0000");
            if (cluster === undefined || namespace === undefined || name === undefined || suffix.length > 0) continue;
            const ref = { cluster, namespace, name };
            found.set(serviceKey(ref), ref);
          }
        }
      }
      return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
    },
  };
}

function firstData(blocks: AskedGroups["blocks"]): number | null {
  let first = Number.POSITIVE_INFINITY;
  for (const { block } of blocks) {
    const { startMs, stepMs, bucketCount, values } = block;
    for (let row = 0; row < values.length; row += bucketCount) {
      // Only buckets before the first one found so far are of interest.
      const until = Math.min(bucketCount, (first - startMs) / stepMs);
      for (let i = 0; i < until; i += 1) {
        if (Number.isNaN(values[row + i] as number)) continue;
        first = startMs + i * stepMs;
        break;
      }
    }
  }
  return Number.isFinite(first) ? first : null;
}
