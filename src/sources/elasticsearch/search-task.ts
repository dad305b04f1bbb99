/** The `search` question: pages by time without a point in time, so that every server and role can answer it. */
import type { LogPosition, LogRecord, LogRequest, LogTotal } from "../../telemetry/log-source.js";
import { type JsonObject, logRecordOf, type SearchHit } from "./document-decode.js";
import { sourceNames } from "./field-candidates.js";
import { isWanted, type LogTask, maxRounds, otherPodsIn, prefixPodCounts, queryOf, type TaskDeps } from "./log-task.js";
import type { Query } from "./query-clauses.js";
import type { SearchAnswer } from "./search-answer.js";

/** Totals are counted up to here and said to be "at least" beyond. */
const countedTotal = 100_000;

/**
 * A page is sorted by whole milliseconds; the next one begins at the last millisecond again and leaves out the ids already given,
 * which is right even when a whole page has one instant.
 */
export function createSearchTask(request: Extract<LogRequest, { kind: "search" }>, deps: TaskDeps): LogTask {
  const { filter, limit, order } = request;
  const records: LogRecord[] = [];
  const warnings = new Set<string>();
  let position: LogPosition | null = request.after;
  let total: LogTotal | null = null;
  let dropped = 0;
  let round = 0;
  let size = 0;
  let state: "asking" | "more" | "end" = "asking";

  function take(answer: SearchAnswer): void {
    for (const warning of answer.warnings) warnings.add(warning);
    if (round === 1 && request.withTotal) total = firstTotal(answer);
    for (const pod of otherPodsIn(answer.aggregations, filter).keys()) deps.otherPods.add(pod);
    for (const hit of answer.hits) {
      if (records.length === limit) {
        state = "more";
        return;
      }
      position = advance(position, hit);
      const record = logRecordOf(hit, deps.candidates);
      if (isWanted(record, filter)) records.push(record);
      else {
        dropped += 1;
        const isElsewhere = filter.scope !== null && isWanted(record, { ...filter, scope: null });
        if (isElsewhere && record.pod !== null) deps.otherPods.add(record.pod);
      }
    }
    if (answer.hits.length < size) state = "end";
    else if (round >= maxRounds) {
      state = "more";
      warnings.add(
        `${deps.sourceName}: many records had to be looked through for few that match; the page is short, ask for the next one`,
      );
    }
  }

  function firstTotal(answer: SearchAnswer): LogTotal | null {
    if (answer.total === null) return null;
    const others = [...otherPodsIn(answer.aggregations, filter).values()].reduce((sum, count) => sum + count, 0);
    const given = request.after?.ids.length ?? 0;
    const { value, isExact } = answer.total;
    return { value: Math.max(0, value - others) + (isExact ? given : 0), relation: isExact ? "EQ" : "GTE" };
  }

  return {
    body() {
      if (state !== "asking") return null;
      round += 1;
      size = Math.min(limit - records.length + 1 + (round > 1 ? 500 : 0), 2_000);
      return searchBody(request, deps, position, size, request.withTotal && round === 1);
    },
    take,
    answer() {
      const isJudgedHere = dropped > 0 && filter.levels !== null;
      const counted = total !== null && isJudgedHere ? { value: records.length, relation: "GTE" as const } : total;
      return {
        kind: "search",
        records: [...records].sort((a, b) => (order === "newest" ? b.atMs - a.atMs : a.atMs - b.atMs)),
        next: state === "more" ? position : null,
        total: counted,
        warnings: [...warnings],
      };
    },
  };
}

function searchBody(
  request: Extract<LogRequest, { kind: "search" }>,
  deps: TaskDeps,
  position: LogPosition | null,
  size: number,
  withTotal: boolean,
): JsonObject {
  const { shape } = deps;
  const query = queryOf(deps, request.filter);
  const isNewest = request.order === "newest";
  const given = position === null ? [] : givenIds(position);
  return {
    query: given.length === 0 ? query.query : { bool: { filter: [query.query], must_not: given } },
    sort: [timeSort(deps, isNewest ? "desc" : "asc")],
    size,
    track_total_hits: withTotal ? countedTotal : false,
    _source: sourceNames(deps.candidates),
    ...(position !== null && { search_after: [position.atMs + (isNewest ? 1 : -1)] }),
    ...(withTotal && query.byPodPrefix !== null && { aggs: prefixPodCounts(shape, query) }),
  };
}

/** Sort by the time field in whole milliseconds. */
export function timeSort(deps: TaskDeps, order: "asc" | "desc"): JsonObject {
  const { timestamp, isNanos } = deps.shape;
  return { [timestamp]: { order, unmapped_type: "date", ...(isNanos && { numeric_type: "date" }) } };
}

function advance(position: LogPosition | null, hit: SearchHit): LogPosition {
  const id = `${hit.index}/${hit.id}`;
  return position !== null && position.atMs === hit.sortMs
    ? { atMs: hit.sortMs, ids: [...position.ids, id] }
    : { atMs: hit.sortMs, ids: [id] };
}

/** A document id is unique in its index only. Ids that are not of our making find nothing. */
function givenIds(position: LogPosition): readonly Query[] {
  const byIndex = new Map<string, string[]>();
  for (const id of position.ids) {
    const slash = id.indexOf("/");
    const index = id.slice(0, slash);
    byIndex.set(index, [...(byIndex.get(index) ?? []), id.slice(slash + 1)]);
  }
  return [...byIndex].map(([index, values]) => ({
    bool: { filter: [{ term: { _index: index } }, { ids: { values } }] },
  }));
}
