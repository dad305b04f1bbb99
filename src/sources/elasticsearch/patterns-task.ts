/** The `patterns` question: groups of alike messages over the newest records of the filter. */

import { groupPatterns } from "../../telemetry/log-pattern.js";
import type { LogRequest } from "../../telemetry/log-source.js";
import { logRecordOf } from "./document-decode.js";
import { sourceNames } from "./field-candidates.js";
import { isWanted, type LogTask, queryOf, type TaskDeps } from "./log-task.js";
import type { SearchAnswer } from "./search-answer.js";
import { timeSort } from "./search-task.js";

/** Records the groups are counted over. */
const sampleSize = 1_000;

/** Grouped here and not by `categorize_text`, which is experimental and needs a licence. */
export function createPatternsTask(request: Extract<LogRequest, { kind: "patterns" }>, deps: TaskDeps): LogTask {
  let given: SearchAnswer | null = null;
  return {
    body: () =>
      given === null
        ? {
            query: queryOf(deps, request.filter).query,
            sort: [timeSort(deps, "desc")],
            size: sampleSize,
            track_total_hits: false,
            _source: sourceNames(deps.candidates),
          }
        : null,
    take(answer) {
      given = answer;
    },
    answer() {
      const records = (given?.hits ?? []).map((hit) => logRecordOf(hit, deps.candidates));
      const messages = records.filter((record) => isWanted(record, request.filter)).map((record) => record.message);
      return {
        kind: "patterns",
        patterns: groupPatterns(messages, request.limit),
        warnings: given?.warnings ?? [],
      };
    },
  };
}
