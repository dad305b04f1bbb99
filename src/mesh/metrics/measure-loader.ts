/**
 * Turns the questions of one tick into few upstream requests (one per lane, see measure-ask.ts) and hands each its table. One loader lives
 * as long as a request, so that equal questions share one answer.
 */
import DataLoader from "dataloader";
import type { Clock } from "../../telemetry/clock.js";
import { type Eventually, whenHere } from "../../telemetry/eventually.js";
import { groupBy } from "../../telemetry/group-by.js";
import type { MetricResult, MetricSource } from "../../telemetry/metric-source.js";
import { once } from "../../telemetry/once.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Pillar } from "../mesh.js";
import { askSources, notConfigured, pillarOf, type SourceAnswer } from "../pillar.js";
import { askKey, groupKey, laneOf, type MeasureAsk, type Scope } from "./measure-ask.js";
import {
  type CountTable,
  joinCounts,
  joinLatencies,
  type LatencyTable,
  placeCounts,
  placeLatencies,
  type SourceRows,
} from "./measure-table.js";
import { type AskGroup, planParts } from "./plan-parts.js";
import { isLong } from "./recorded-steps.js";
import { seriesStep } from "./series-step.js";
import type { ServiceIndex } from "./service-index.js";

/** A table of counts or of quantiles, by what was asked. */
export type MeasureTable = CountTable | LatencyTable;

/** What the loader needs from the room. */
export interface MeasureLoaderDeps {
  readonly sources: readonly MetricSource[];
  readonly clock: Clock;
  readonly options: CallOptions;
  index(source: MetricSource, window: TimeWindow, options: CallOptions): Promise<SourceAnswer<ServiceIndex>>;
  /** Questions that will follow from these, asked in the same requests. */
  follow(asks: readonly MeasureAsk[]): readonly MeasureAsk[];
}

/** A loader of tables; never throws, a dead source is in the pillar. */
export interface MeasureLoader {
  load(ask: MeasureAsk): Eventually<Pillar<MeasureTable>>;
  /** Whether this very question was asked before. */
  hasAsked(ask: MeasureAsk): boolean;
}

/** Builds the loader of one request. */
export function createMeasureLoader(deps: MeasureLoaderDeps): MeasureLoader {
  const asked = new Set<string>();
  // Answers stand in objects: a batch of promises would hand out the counts only when the slowest quantile has come.
  const loader = new DataLoader<KeyedAsk, { readonly answer: Promise<Pillar<MeasureTable>> }, string>(
    async (asks) => {
      const followers = new Map<string, KeyedAsk>();
      for (const ask of deps.follow(asks)) {
        const key = askKey(ask);
        if (!asked.has(key)) followers.set(key, { ...ask, key });
      }
      const answers = answerBatch(deps, [...asks, ...followers.values()]);
      for (const [key, ask] of followers) {
        asked.add(key);
        loader.prime(ask, { answer: answers(ask) });
      }
      return asks.map((ask) => ({ answer: answers(ask) }));
    },
    {
      cacheKeyFn: ({ key }) => key,
      maxBatchSize: Number.POSITIVE_INFINITY,
      // Long PromQL takes ms to word: what the same tick asks of logs and traces goes out before, and those backends work meanwhile.
      batchScheduleFn: (send) => setImmediate(send),
    },
  );
  return {
    load(ask) {
      const key = askKey(ask);
      asked.add(key);
      return loader.load({ ...ask, key }).then(({ answer }) => answer);
    },
    hasAsked: (ask) => asked.has(askKey(ask)),
  };
}

/** A question with its key, which is put together once: a page has some hundred. */
interface KeyedAsk extends MeasureAsk {
  readonly key: string;
}

/**
 * A loader for many subjects of one scope and window: the question of the thousandth edge finds its answer by three words, and at once
 * when it has come.
 */
export function sharedLoader(loader: MeasureLoader, scope: Scope, window: TimeWindow): MeasureLoader {
  // A handful, each looked for five thousand times.
  const known: { readonly ask: MeasureAsk; answer: Eventually<Pillar<MeasureTable>> }[] = [];
  return {
    ...loader,
    load(ask) {
      if (ask.scope !== scope || ask.window !== window || ask.measure.kind === "traffic") return loader.load(ask);
      const before = known.find((one) => isSameAsk(one.ask, ask));
      if (before !== undefined) return before.answer;
      const own = { ask, answer: loader.load(ask) };
      known.push(own);
      own.answer = whenHere(own.answer, (pillar) => {
        own.answer = pillar;
        return pillar;
      });
      return own.answer;
    },
  };
}

/** Of one scope and window. */
function isSameAsk({ measure: a, maxPoints }: MeasureAsk, { measure: b, maxPoints: others }: MeasureAsk): boolean {
  if (maxPoints !== others || a.kind === "traffic" || b.kind === "traffic" || a.view !== b.view) return false;
  return a.kind === "latency" ? b.kind === "latency" && a.quantile === b.quantile : a.kind === b.kind;
}

function answerBatch(deps: MeasureLoaderDeps, all: readonly KeyedAsk[]) {
  const keys = new Set(all.map(({ key }) => key));
  // A service's counts are in the rows of its inbound edges: asked together, they are counted once.
  const effective = (ask: KeyedAsk): KeyedAsk => {
    if (ask.measure.kind !== "outcome" || ask.scope.grain !== "service" || ask.scope.ref === null) return ask;
    const byEdge = { ...ask, scope: { ...ask.scope, grain: "edge" as const } };
    return keys.has(askKey(byEdge)) ? byEdge : ask;
  };
  const asks = all.map(effective);
  const groupIds = new Map(asks.map((ask) => [ask.key, groupKey(ask)]));
  const quantiles = [...new Set(asks.flatMap(({ measure }) => (measure.kind === "latency" ? measure.quantile : [])))];
  const lanes = groupBy(asks, (ask) => laneOf(ask, quantiles));
  const answers = new Map<string, Promise<Pillar<MeasureTable>>>();
  for (const lane of lanes.values()) {
    const groups = groupsOf(lane);
    const answer = askLane(deps, lane, [...groups.values()]);
    for (const id of groups.keys()) {
      answers.set(
        id,
        answer.then((tables) => tables(id)),
      );
    }
  }
  return ({ key }: KeyedAsk): Promise<Pillar<MeasureTable>> => {
    const answer = answers.get(groupIds.get(key) ?? "");
    if (answer === undefined) throw new RangeError("a question outside its batch");
    return answer;
  };
}

/** Sources hand the same answer object to requests that share a call; its rows are then put in their places once for all of them. */
const placedBefore = new WeakMap<
  MetricResult,
  Map<string, { readonly index: ServiceIndex; readonly rows: SourceRows }>
>();

function placed(
  result: MetricResult,
  { id, measure }: AskGroup,
  parts: Parameters<typeof placeCounts>[1],
  index: ServiceIndex,
): SourceRows {
  const known = placedBefore.get(result) ?? new Map<string, { index: ServiceIndex; rows: SourceRows }>();
  placedBefore.set(result, known);
  const before = known.get(id);
  if (before?.index === index) return before.rows;
  const place = once(() => (measure.kind === "latency" ? placeLatencies : placeCounts)(result, parts, index));
  // Put in their places when they are read: of answers that wait for others, only the bare rows are held.
  const rows: SourceRows = {
    timestampsMs: result.timestampsMs,
    get rows() {
      return place();
    },
  };
  known.set(id, { index, rows });
  return rows;
}

function groupsOf(asks: readonly MeasureAsk[]): ReadonlyMap<string, AskGroup> {
  const groups = new Map<string, AskGroup>();
  for (const [id, same] of groupBy(asks, groupKey)) {
    const first = same[0];
    if (first === undefined) continue;
    const { measure, scope } = first;
    const refs = new Map<string, ServiceRef>();
    for (const { scope: own } of same) if (own.ref !== null) refs.set(serviceKey(own.ref), own.ref);
    groups.set(id, {
      id,
      measure,
      grain: scope.grain,
      side: scope.side,
      refs: scope.ref === null ? null : [...refs.values()],
    });
  }
  return groups;
}

async function askLane(deps: MeasureLoaderDeps, asks: readonly MeasureAsk[], groups: readonly AskGroup[]) {
  const { sources, clock, options } = deps;
  const window = asks[0]?.window ?? { fromMs: 0, toMs: 0 };
  const maxPoints = asks[0]?.maxPoints ?? null;
  const { stepMs, rangeMs } = seriesStep(window, maxPoints, sources);
  if (sources.length === 0) return () => notConfigured("prometheus", "metrics");
  const mayBeRecorded = stepMs === null && isLong(window);
  const asked = await askSources(sources, options, clock, async (source, own) => {
    const { value: index, warnings } = await deps.index(source, window, own);
    const planned = groups.map((group) => ({ group, parts: planParts(group, index, mayBeRecorded) }));
    const parts = planned.flatMap((one) => one.parts);
    const numbered = new Map(parts.map((part, i) => [part, { ...part, part: { ...part.part, id: `p${i}` } }]));
    const request = { parts: [...numbered.values()].map(({ part }) => part), window, stepMs, rangeMs };
    const result = parts.length === 0 ? { timestampsMs: [], rows: [], warnings: [] } : await source.query(request, own);
    const rows = new Map<string, SourceRows>();
    for (const { group, parts: ofGroup } of planned) {
      const own = ofGroup.map((part) => numbered.get(part) ?? part);
      rows.set(group.id, placed(result, group, own, index));
    }
    return { value: rows, warnings: [...new Set([...warnings, ...result.warnings])] };
  });
  const kinds = new Map(groups.map(({ id, measure }) => [id, measure.kind]));
  return (id: string): Pillar<MeasureTable> =>
    pillarOf(asked, (answers) => {
      const rows = answers.map(({ value }) => value.get(id) ?? { timestampsMs: [], rows: [] });
      return kinds.get(id) === "latency" ? joinLatencies(rows) : joinCounts(rows);
    });
}
