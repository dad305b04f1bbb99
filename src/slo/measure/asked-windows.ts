/**
 * Asks the queries of users that cannot be counted by steps, each over its objective's own windows, on the schedule of asked-schedule.ts.
 * Short windows are waited for, at most a third of an evaluation's time; long ones come when they come. No other measure waits for these.
 * Called by the measurers beside their counts.
 */
import { askSources } from "../../mesh/pillar.js";
import type { Clock } from "../../telemetry/clock.js";
import type { MetricSource } from "../../telemetry/metric-source.js";
import type { CallOptions } from "../../telemetry/source.js";
import { rawPoints } from "../../telemetry/time-points.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Objective } from "../objective.js";
import { askedText } from "../user-query.js";
import { type AskApart, createAskApart } from "./ask-apart.js";
import { groupName } from "./ask-groups.js";
import { type AskedWindow, askedWindows, instantOf, isSlow, lengthAt, mostAsked } from "./asked-schedule.js";
import { type AskedAnswer, type AskedValues, createAskedValues } from "./asked-values.js";
import { type AnswerStore, createKeptAnswers } from "./kept-answers.js";
import { oneSeries, severalSeries, shareOf } from "./own-counts.js";
import { askedQuery } from "./user-counts.js";

/** Whom to ask. */
export interface AskedWindowsDeps {
  readonly sources: readonly MetricSource[];
  readonly clock: Clock;
  /** Where answers outlive the process; left out: every start asks anew. */
  readonly store?: AnswerStore | undefined;
}

/** Asks, and keeps what was said by cluster or shard. */
export interface AskedWindows {
  readonly groups: ReadonlyMap<string, AskedValues>;
  /** Reads the answers of the process before; called once, before the first cycle. @throws MESHLENS_ERR_STORE_* */
  load(nowMs: number): Promise<void>;
  /** Stores what was said since the last time. What could not be stored is tried again by the next call. @throws MESHLENS_ERR_STORE_* */
  save(): Promise<void>;
  /** Asks what is due at `endMs`; never rejects. */
  cycle(endMs: number, objectives: readonly Objective[], options: CallOptions): Promise<void>;
  /** Asks for every instant of a stretch of the past, and for budgets at its end; never rejects. */
  replay(window: TimeWindow, objectives: readonly Objective[], options: CallOptions): Promise<void>;
}

/** What to ask of all windows of a batch: at one instant, or at the instants of a range. */
interface Batch {
  readonly windows: readonly AskedWindow[];
  readonly range: TimeWindow;
  readonly stepMs: number | null;
}

const mostTogether = 20;
const waitMs = 7_000;
const slowMs = 120_000;
const retryMs = 120_000;

/** Asks nothing before its first cycle. */
export function createAskedWindows({ sources, clock, store }: AskedWindowsDeps): AskedWindows {
  const groups = new Map(sources.map((source) => [groupName(source), createAskedValues()]));
  const apart = new Map<MetricSource, AskApart>(
    sources.map((source) => [source, createAskApart(clock, { withTimeouts: true })]),
  );
  const kept = createKeptAnswers(store);
  let isSlowRunning = false;

  /** All groups are asked the same; what one does not answer is told as its problem. */
  async function ask({ windows, range, stepMs }: Batch, options: CallOptions): Promise<void> {
    if (windows.length === 0) return;
    const instants = rawPoints({ window: range, stepMs });
    const answered = new Set<string>();
    const put = (source: MetricSource, window: AskedWindow, answerAt: (point: number) => AskedAnswer) => {
      const group = groupName(source);
      answered.add(`${group} ${window.key}`);
      for (const [point, atMs] of instants.entries()) {
        const answer = answerAt(point);
        groups.get(group)?.put(window, atMs, answer);
        kept.put(group, window, atMs, answer);
      }
    };
    const asked = await askSources(sources, options, clock, async (source, own) => {
      const refused = await (apart.get(source) as AskApart)(windows, mostTogether, async (items) => {
        const queries = items.map((window, i) => ({ id: String(i), promql: textOf(window, range.toMs) }));
        const { series, warnings } = await source.evaluate({ queries, window: range, stepMs }, shareOf(own, 3, clock));
        for (const [i, window] of items.entries()) {
          const values = oneSeries(series.filter(({ id }) => id === String(i)));
          const problem = warnings[0] ?? (values === null ? severalSeries : null);
          put(source, window, (point) => (problem === null ? { value: values?.[point] ?? null } : { problem }));
        }
      });
      for (const window of windows) {
        const problem = refused.get(window.key);
        if (problem !== undefined) put(source, window, () => ({ problem }));
      }
      return { value: null, warnings: [] };
    });
    const said = new Map(asked.statuses.map(({ name, message }) => [name, message]));
    for (const source of sources) {
      const problem = said.get(source.name) ?? "A metrics source did not answer a query of the objective.";
      for (const window of windows) {
        if (!answered.has(`${groupName(source)} ${window.key}`)) put(source, window, () => ({ problem }));
      }
    }
  }

  function due(windows: readonly AskedWindow[], endMs: number): readonly AskedWindow[] {
    const overdue = windows.flatMap((window) => {
      let waited = 0;
      for (const values of groups.values()) {
        const askedMs = values.askedAtMs(window);
        const isFailing = askedMs !== null && isProblem(values.read(window, askedMs)?.newest);
        const againMs = isFailing ? Math.min(retryMs, window.cadenceMs) : Number.POSITIVE_INFINITY;
        if (askedMs === null) waited = Number.POSITIVE_INFINITY;
        else if (askedMs < instantOf(window, endMs) || endMs - askedMs >= againMs) {
          waited = Math.max(waited, (endMs - askedMs) / window.cadenceMs);
        }
      }
      return waited > 0 ? [{ window, waited }] : [];
    });
    // Short windows first where all wait alike: they tell soonest.
    return overdue
      .sort((a, b) => (a.waited === b.waited ? a.window.cadenceMs - b.window.cadenceMs : b.waited - a.waited))
      .slice(0, mostAsked)
      .map(({ window }) => window);
  }

  return {
    groups,
    load: kept.load,
    save: kept.save,
    async cycle(endMs, objectives, options) {
      const windows = askedWindows(objectives);
      if (windows.length === 0) return;
      for (const [group, values] of groups) kept.restore(group, windows, endMs, values);
      const keys = new Set(windows.map(({ key }) => key));
      for (const values of groups.values()) values.keepOnly(keys);
      const range = { fromMs: endMs - 1, toMs: endMs };
      const now = due(windows, endMs);
      const slow = isSlowRunning ? [] : now.filter(isSlow).slice(0, mostTogether);
      if (slow.length > 0) {
        isSlowRunning = true;
        const own = { ...options, signal: AbortSignal.timeout(slowMs), deadlineMs: clock.nowMs() + slowMs };
        void ask({ windows: slow, range, stepMs: null }, own).finally(() => {
          isSlowRunning = false;
        });
      }
      const deadlineMs = Math.min(options.deadlineMs, clock.nowMs() + waitMs);
      await ask({ windows: now.filter((window) => !isSlow(window)), range, stepMs: null }, { ...options, deadlineMs });
    },
    async replay({ fromMs, toMs }, objectives, options) {
      const windows = askedWindows(objectives);
      const bySchedule = new Map<string, AskedWindow[]>();
      for (const window of windows) {
        const schedule = window.windowMs === null ? "period" : `${window.cadenceMs} ${window.phaseMs}`;
        bySchedule.set(schedule, [...(bySchedule.get(schedule) ?? []), window]);
      }
      for (const own of bySchedule.values()) {
        const [first] = own;
        if (first === undefined) continue;
        const { windowMs, cadenceMs } = first;
        const range = { fromMs: windowMs === null ? toMs - 1 : instantOf(first, fromMs) - cadenceMs, toMs };
        await ask({ windows: own, range, stepMs: windowMs === null ? null : cadenceMs }, options);
      }
    },
  };
}

/** The query over one window; lengths of calendar periods are those at `atMs`. */
function textOf(window: AskedWindow, atMs: number): string {
  const query = askedQuery(window.objective);
  return query === null ? "" : askedText(query, lengthAt(window, atMs));
}

function isProblem(answer: AskedAnswer | undefined): boolean {
  return answer !== undefined && "problem" in answer;
}
