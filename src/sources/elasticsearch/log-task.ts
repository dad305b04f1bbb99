/** One question of a batch while it is being answered: usually one body and one answer, more only when something had to be left out. */

import type { LogAnswer, LogFilter, LogRecord } from "../../telemetry/log-source.js";
import { podBelongsTo } from "../../telemetry/pod-name.js";
import type { JsonObject } from "./document-decode.js";
import type { DocumentShape } from "./document-shape.js";
import type { FieldCandidates } from "./field-candidates.js";
import { type LogQuery, logQuery, podFields } from "./log-query.js";
import { bucketsOf, countOf, type SearchAnswer } from "./search-answer.js";

/** Asked until it is done. `rows` counts what came back, for debug. */
export interface LogTask {
  /** The next search body; null when the question is answered. */
  body(): JsonObject | null;
  take(answer: SearchAnswer): void;
  answer(): LogAnswer;
}

/** What tasks need to know about the backend. */
export interface TaskDeps {
  readonly sourceName: string;
  readonly shape: DocumentShape;
  readonly candidates: FieldCandidates;
  /** Pods found not to belong to a scope; kept by the source so that the next question leaves them out at once. */
  readonly otherPods: Set<string>;
}

/** Times one question may be asked again because records of other workloads had to be left out. */
export const maxRounds = 5;

/** Aggregations that count the records which are in scope by the beginning of their pod's name only. */
export function prefixPodCounts(shape: DocumentShape, query: LogQuery): JsonObject {
  const { byPodPrefix } = query;
  if (byPodPrefix === null) return {};
  return Object.fromEntries(
    podFields(shape).map((field, i) => [
      `prefix${i}`,
      { filter: byPodPrefix, aggs: { pods: { terms: { field, size: 1_000 } } } },
    ]),
  );
}

/** Pods of other workloads among those counts, with the number of their records. */
export function otherPodsIn(aggregations: JsonObject, filter: LogFilter): ReadonlyMap<string, number> {
  const others = new Map<string, number>();
  for (const [name, aggregation] of Object.entries(aggregations)) {
    if (!name.startsWith("prefix")) continue;
    for (const [key, bucket] of bucketsOf(aggregation, "pods")) {
      const pod = String(key);
      const belongs = filter.scope?.names.some((service) => podBelongsTo(pod, service)) ?? true;
      if (!belongs) others.set(pod, countOf(bucket));
    }
  }
  return others;
}

/** The filter's query with the pods left out that are known to belong to other workloads. */
export function queryOf(deps: TaskDeps, filter: LogFilter): LogQuery {
  const names = filter.scope?.names ?? [];
  const others = [...deps.otherPods].filter((pod) => names.some((name) => pod.startsWith(`${name}-`)));
  const mine = others.filter((pod) => !names.some((name) => podBelongsTo(pod, name)));
  return logQuery(deps.shape, filter, mine.slice(0, 1_000));
}

/** Whether a record that came back is wanted: the index names candidates where it cannot tell place, prefix or format. */
export function isWanted(record: LogRecord, filter: LogFilter): boolean {
  const { scope, levels, lines } = filter;
  if (levels !== null && !levels.includes(record.level)) return false;
  if (lines !== "any" && (lines === "access") !== (record.accessLog !== null)) return false;
  if (scope === null) return true;
  if (record.namespace !== scope.namespace) return false;
  return isNamed(record, scope.names);
}

function isNamed(record: LogRecord, names: readonly string[]): boolean {
  const { pod } = record;
  return (
    record.serviceNames.some((name) => names.includes(name)) ||
    (pod !== null && names.some((name) => podBelongsTo(pod, name)))
  );
}
