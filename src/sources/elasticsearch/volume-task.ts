/** The `volume` question: records per level and step, counted by the index; levels read from text are checked on a sample of lines. */
import { MeshlensError } from "../../errors.js";
import { toldLevels } from "../../telemetry/log-level.js";
import { levelsByIndex } from "../../telemetry/log-line.js";
import type { LogLevel, LogRequest } from "../../telemetry/log-source.js";
import { levelByField, lineOf, logRecordOf, type SearchHit } from "./document-decode.js";
import { sourceNames } from "./field-candidates.js";
import { levelQueries } from "./level-query.js";
import { isWanted, type LogTask, maxRounds, otherPodsIn, prefixPodCounts, queryOf, type TaskDeps } from "./log-task.js";
import { bucketsOf, countOf, type SearchAnswer } from "./search-answer.js";
import { timeSort } from "./search-task.js";

const maxSteps = 1_000;
const sampleSize = 20;

/** @throws MESHLENS_ERR_QUERY_INPUT when the window has more than 1,000 steps or the step is no whole number of ms */
export function createVolumeTask(request: Extract<LogRequest, { kind: "volume" }>, deps: TaskDeps): LogTask {
  const { filter, stepMs } = request;
  const { fromMs, toMs } = filter.window;
  const steps = Math.ceil((toMs - fromMs) / stepMs);
  if (!Number.isInteger(stepMs) || stepMs < 1 || steps > maxSteps)
    throw new MeshlensError(
      "MESHLENS_ERR_QUERY_INPUT",
      `A log volume may have at most ${maxSteps} steps of whole milliseconds, but ${steps} of ${stepMs} ms were asked; take a longer step`,
      { at: "stepMs" },
    );
  const levels = levelQueries(deps.shape);
  const byLevel = new Map<LogLevel, number[]>();
  const warnings = new Set<string>();
  let round = 0;
  let isDone = false;

  function take(answer: SearchAnswer): void {
    const others = otherPodsIn(answer.aggregations, filter);
    if (others.size > 0 && round < maxRounds) {
      for (const pod of others.keys()) deps.otherPods.add(pod);
      return;
    }
    isDone = true;
    for (const warning of answer.warnings) warnings.add(warning);
    if (others.size > 0)
      warnings.add(`${deps.sourceName}: counts include pods of other workloads whose names begin alike`);
    for (const [level, bucket] of bucketsOf(answer.aggregations, "levels")) {
      const counts = countsOf(bucket);
      if (counts.some((count) => count > 0)) byLevel.set(level as LogLevel, counts);
    }
    const wrong = answer.hits.filter((hit) => !isCountedRight(hit)).length;
    if (wrong > 0)
      warnings.add(
        `${deps.sourceName}: level counts are estimated: the index took ${wrong} of ${answer.hits.length} sampled lines for another level than they have`,
      );
  }

  function countsOf(bucket: unknown): number[] {
    const counts = Array.from({ length: steps }, () => 0);
    for (const [key, step] of bucketsOf(bucket, "time")) {
      // The window is closed at its end: a record at toMs belongs to the last step.
      const at = Math.min(Math.floor((Number(key) - fromMs) / stepMs), steps - 1);
      counts[at] = (counts[at] ?? 0) + countOf(step);
    }
    return counts;
  }

  /** Whether the index takes a sampled line for the level it has; an index with an analyser of its own may still differ. */
  function isCountedRight(hit: SearchHit): boolean {
    const record = logRecordOf(hit, deps.candidates);
    if (!isWanted(record, filter)) return false;
    if (levelByField(hit.source, deps.candidates) !== "UNKNOWN") return true;
    const hasPositions = deps.shape.text.every((field) => field.hasPositions);
    const taken = levelsByIndex(lineOf(hit.source, deps.candidates), hasPositions);
    return record.level === "UNKNOWN" ? taken.length === 0 : taken.length === 1 && taken[0] === record.level;
  }

  return {
    body() {
      if (isDone) return null;
      round += 1;
      const query = queryOf(deps, filter);
      const time = {
        date_histogram: {
          field: deps.shape.timestamp,
          fixed_interval: `${stepMs}ms`,
          offset: `${fromMs % stepMs}ms`,
          min_doc_count: 1,
        },
      };
      return {
        query: query.query,
        size: levels.isByFieldOnly ? 0 : sampleSize,
        sort: [timeSort(deps, "desc")],
        track_total_hits: false,
        _source: sourceNames(deps.candidates),
        aggs: {
          levels: {
            filters: {
              filters: Object.fromEntries(toldLevels.map((level) => [level, levels.of(level)])),
              other_bucket_key: "UNKNOWN",
            },
            aggs: { time },
          },
          ...prefixPodCounts(deps.shape, query),
        },
      };
    },
    take,
    answer: () => ({
      kind: "volume",
      timestampsMs: Array.from({ length: steps }, (_, i) => fromMs + i * stepMs),
      byLevel,
      warnings: [...warnings],
    }),
  };
}
