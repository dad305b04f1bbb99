/** Asks every group of sources for the counts of a stretch of time, and takes only what came whole. Called by the measurers. */

import type { MeshlensError } from "../../errors.js";
import type { MetricKnowledge } from "../../mesh/metrics/metric-knowledge.js";
import { askSources } from "../../mesh/pillar.js";
import type { Clock } from "../../telemetry/clock.js";
import type { MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions, SourceStatus } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { ledgerTiers } from "../ledger/scope-ledger.js";
import type { Objective } from "../objective.js";
import { type AskApart, createAskApart } from "./ask-apart.js";
import type { ScopedCounts } from "./fold-counts.js";
import { createLearnSource, learnedForMs } from "./learn-source.js";
import { askOwnCounts } from "./own-counts.js";
import { connectionGrains, familiesOf } from "./sli-family.js";
import { askCounts } from "./source-counts.js";
import { countedQuery, steppedRatio } from "./user-counts.js";

/** Whom to ask. */
export interface AskGroupsDeps {
  readonly sources: readonly MetricSource[];
  readonly knowledge: MetricKnowledge;
  readonly clock: Clock;
}

/** A stretch of time in steps; both ends are multiples of the step. */
export interface Stretch {
  readonly window: TimeWindow;
  readonly stepMs: number;
}

/** What to ask: for which objectives, at which time, and of each group which stretch (null: nothing). */
export interface GroupsQuestion {
  readonly objectives: readonly Objective[];
  readonly stretchOf: (group: string) => Stretch | null;
  /** The end of the newest stretch: what is learned of a source is learned there, over `learnMs` more than usual. */
  readonly nowMs: number;
  readonly learnMs?: number;
}

/** What came. */
export interface AskedGroups {
  /** Scopes begin with their group. */
  readonly blocks: readonly ScopedCounts[];
  /** Rows by group; a group that did not answer whole is not here. */
  readonly filled: ReadonlyMap<string, number>;
  /** Scopes with interpolated counts, by group. */
  readonly approximate: ReadonlyMap<string, ReadonlySet<string>>;
  /** Scopes that could not be had though the group answered, with the reason, by group: refused queries, parts that no metric tells. */
  readonly refused: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly statuses: readonly SourceStatus[];
  /** One per dead source when not one answered. */
  readonly errors: readonly MeshlensError[];
}

/** A way to ask that remembers what it learned of the sources. */
export function createAskGroups({ sources, knowledge, clock }: AskGroupsDeps) {
  const learn = createLearnSource(knowledge);
  const apart = new Map<MetricSource, { readonly counted: AskApart; readonly stepped: AskApart }>();
  const apartOf = (source: MetricSource) => {
    // A ratio of any cost may take its time; it must not take that of all others.
    const own = apart.get(source) ?? {
      counted: createAskApart(clock, { withTimeouts: false }),
      stepped: createAskApart(clock, { withTimeouts: true }),
    };
    apart.set(source, own);
    return own;
  };
  return async (
    { objectives, stretchOf, nowMs, learnMs = 0 }: GroupsQuestion,
    options: CallOptions,
  ): Promise<AskedGroups> => {
    const families = familiesOf(objectives);
    const connections = connectionGrains(objectives);
    const counted = objectives.flatMap((objective) => countedQuery(objective) ?? []);
    const stepped = objectives.flatMap((objective) => steppedRatio(objective) ?? []);
    const views = new Set(families.map(({ view }) => view));
    const latencyViews = new Set(
      families.filter(({ rules }) => rules.some((rule) => rule.thresholdsMs.length > 0)).map(({ view }) => view),
    );
    const wanted = sources.filter((source) => stretchOf(groupName(source)) !== null);
    const asked = await askSources(wanted, options, clock, async (source, own) => {
      const stretch = stretchOf(groupName(source));
      if (stretch === null) return { value: null, warnings: [] };
      const learned = await learn(source, { views, latencyViews }, { atMs: nowMs, moreMs: learnMs }, own);
      const isJustChanged = learned.isChanged && learned.atMs === nowMs && stretch.stepMs === ledgerTiers.fineMs;
      const window = isJustChanged ? sinceLearned(stretch.window) : stretch.window;
      const times = { stepMs: stretch.stepMs, window };
      const calls = await askCounts(source, learned, { families, connections, ...times }, own);
      const users = await askOwnCounts(source, { counted, stepped, ...times }, apartOf(source), own, clock);
      return { value: { calls, users }, warnings: [...calls.warnings, ...users.warnings] };
    });
    const states = new Map(asked.statuses.map(({ name, state }) => [name, state]));
    const blocks: ScopedCounts[] = [];
    const filled = new Map<string, number>();
    const approximate = new Map<string, ReadonlySet<string>>();
    const refused = new Map<string, ReadonlyMap<string, string>>();
    for (const { source, value } of asked.answers) {
      // A partial answer counts for nothing: its zeros may be calls.
      if (value === null || states.get(source.name) !== "OK") continue;
      const group = groupName(source);
      const { calls, users } = value;
      filled.set(group, calls.rows + users.rows);
      approximate.set(group, new Set(calls.approximate));
      refused.set(group, new Map([...calls.untold, ...users.refused]));
      for (const { scope, block } of [...calls.counts, ...users.counts])
        blocks.push({ scope: `${group}|${scope}`, block });
    }
    return { blocks, filled, approximate, refused, statuses: asked.statuses, errors: asked.errors };
  };
}

/** Replicas share their counts; a shard has its own. */
export function groupName({ name, cluster, isShard }: MetricSource): string {
  return (isShard ? `shard ${name}` : (cluster ?? "default")).replaceAll("|", "/");
}

/** Other proxies count than was thought: all steps since the learning before. */
function sinceLearned({ fromMs, toMs }: TimeWindow): TimeWindow {
  return { fromMs: Math.min(fromMs, toMs - learnedForMs - ledgerTiers.fineMs), toMs };
}
