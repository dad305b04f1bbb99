/** A LogFilter as one Elasticsearch query. Built from typed clauses; user text is only ever a value in them. */
import { MeshlensError } from "../../errors.js";
import type { LogFilter, LogScope } from "../../telemetry/log-source.js";
import { traceIdSpellings } from "../../telemetry/trace-id.js";
import type { DocumentShape, MappedField } from "./document-shape.js";
import { accessMarks } from "./field-candidates.js";
import { beginsWithTime, hasLevelBehindTime, levelQueries } from "./level-query.js";
import { allOf, anyOf, anyValueIn, butNot, exists, nothing, type Query, valueIn } from "./query-clauses.js";
import { lasting } from "./query-text.js";

/** Containers that run a mesh's proxy. */
const proxyContainers = ["istio-proxy", "envoy", "envoy-sidecar", "envoy-proxy"];
const maxIds = 1_000;
const maxWords = 200;

/** A query for everything the filter wants, and for what it may let in besides. */
export interface LogQuery {
  readonly query: Query;
  /**
   * Records that are in the scope by the beginning of their pod's name only. An index cannot tell `reviews-<hash>-<id>` from
   * `reviews-other-<hash>-<id>`; the pods are counted apart and the wrong ones left out. Null when the scope has no such part.
   */
  readonly byPodPrefix: Query | null;
}

/**
 * @param otherPods pods already known not to belong to the scope
 * @throws MESHLENS_ERR_QUERY_INPUT for more than 1,000 ids or pods, or more than 200 words of text
 */
export function logQuery(shape: DocumentShape, filter: LogFilter, otherPods: readonly string[]): LogQuery {
  const { window, scope } = filter;
  const levels = levelQueries(shape);
  const scoped = scope === null ? null : scopeQuery(shape, scope);
  const clauses: Query[] = [
    { range: { [shape.timestamp]: { gt: window.fromMs, lt: window.toMs + 1, format: "epoch_millis" } } },
  ];
  if (scoped !== null) clauses.push(scoped.query);
  if (filter.levels !== null) clauses.push(anyOf(filter.levels.map(levels.of)));
  if (filter.text !== null) clauses.push(textQuery(shape, filter.text));
  if (filter.traceIds !== null) clauses.push(traceIdQuery(shape, filter.traceIds));
  if (filter.requestIds !== null) clauses.push(requestIdQuery(shape, filter.requestIds));
  if (filter.spanIds !== null) clauses.push(spanIdQuery(shape, filter.spanIds));
  if (filter.pods !== null) clauses.push(anyValueIn(shape.exact.pod, checked("pods", filter.pods)));
  if (filter.lines === "access") clauses.push(accessQuery(shape));
  const excluded = filter.lines === "application" ? [accessQuery(shape)] : [];
  if (otherPods.length > 0 && scoped?.byPodPrefix)
    excluded.push(allOf([scoped.byPodPrefix, anyValueIn(shape.exact.pod, otherPods)]));
  return { query: butNot({ bool: { filter: clauses } }, excluded), byPodPrefix: scoped?.byPodPrefix ?? null };
}

/** Fields of the pod's whole name, to count by. */
export function podFields(shape: DocumentShape): readonly string[] {
  return shape.exact.pod.map((field) => field.whole ?? (field.isKeyword ? field.path : null)).filter((p) => p !== null);
}

function scopeQuery(shape: DocumentShape, scope: LogScope): LogQuery {
  const { names } = scope;
  const { namespace, service, pod } = shape.exact;
  if (namespace.length === 0 || names.length === 0) return { query: nothing, byPodPrefix: null };
  const sure = [anyValueIn(service, names), anyValueIn(pod, names)].filter((query) => query !== nothing);
  const prefixes = pod.flatMap((field) => names.map((name) => podPrefix(field, name)));
  const byPrefix = prefixes.length === 0 ? null : butNot(anyOf(prefixes), sure);
  return {
    query: allOf([anyValueIn(namespace, [scope.namespace]), anyOf([...sure, ...prefixes])]),
    byPodPrefix: byPrefix,
  };
}

function podPrefix(field: MappedField, name: string): Query {
  const path = field.whole ?? (field.isKeyword ? field.path : null);
  return path === null ? { match_phrase: { [field.path]: name } } : { prefix: { [path]: { value: `${name}-` } } };
}

/** All words stand in the field a record's message is taken from. Text without a word finds nothing. */
function textQuery(shape: DocumentShape, text: string): Query {
  if (text.split(/\s+/).length > maxWords) throw tooMany("text", `${maxWords} words`);
  return anyOf(
    shape.text.map(({ path }, i) =>
      butNot(
        { match: { [path]: { query: text, operator: "and" } } },
        shape.text.slice(0, i).map((earlier) => exists(earlier.path)),
      ),
    ),
  );
}

function traceIdQuery(shape: DocumentShape, ids: readonly string[]): Query {
  const lower = checked("traceIds", ids).flatMap(traceIdSpellings);
  return anyOf([valuesByFieldOrWord(shape, shape.exact.traceId, lower)]);
}

function spanIdQuery(shape: DocumentShape, ids: readonly string[]): Query {
  const lower = checked("spanIds", ids).map((id) => id.toLowerCase());
  const spellings = lower.flatMap((id) => [id, id.padStart(16, "0"), id.replace(/^0+(?=.)/, "")]);
  return valuesByFieldOrWord(shape, shape.exact.spanId, [...new Set(spellings)]);
}

/** An id is one word of the text: letters and digits are never parted by an analyser. */
function valuesByFieldOrWord(shape: DocumentShape, fields: readonly MappedField[], lower: readonly string[]): Query {
  const both = [...lower, ...lower.map((id) => id.toUpperCase()).filter((id) => !lower.includes(id))];
  return anyOf([
    ...fields.map((field) => valueIn(field, both)),
    ...shape.text.map(({ path }): Query => ({ terms: { [path]: both } })),
  ]);
}

function requestIdQuery(shape: DocumentShape, ids: readonly string[]): Query {
  const values = checked("requestIds", ids);
  return anyOf([
    ...shape.exact.requestId.map((field) => valueIn(field, values)),
    ...shape.text.flatMap(({ path }) => values.map((id): Query => ({ match_phrase: { [path]: id } }))),
  ]);
}

const accessQueries = new WeakMap<DocumentShape, Query>();

function accessQuery(shape: DocumentShape): Query {
  const known = accessQueries.get(shape) ?? lasting(buildAccessQuery(shape));
  accessQueries.set(shape, known);
  return known;
}

/** Lines of a proxy's access log: by their JSON keys as fields, by the keys in the text, or by the text format of a proxy's container. */
function buildAccessQuery(shape: DocumentShape): Query {
  const asFields = shape.accessPrefixes.map((prefix) => exists(`${prefix}${accessMarks[0]}`));
  const asKeys = shape.text.map(({ path }) => allOf(accessMarks.map((key): Query => ({ term: { [path]: key } }))));
  const inText = shape.text
    .filter((field) => field.hasPositions && shape.exact.container.length > 0)
    .map(({ path }) =>
      butNot(allOf([anyValueIn(shape.exact.container, proxyContainers), beginsWithTime(path)]), [
        hasLevelBehindTime(path),
      ]),
    );
  return anyOf([...asFields, ...asKeys, ...inText]);
}

function checked(name: string, values: readonly string[]): readonly string[] {
  if (values.length > maxIds) throw tooMany(name, `${maxIds} values`);
  return values;
}

function tooMany(argument: string, limit: string): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_QUERY_INPUT",
    `${argument} of a log query may have at most ${limit}; ask for fewer`,
    {
      at: argument,
    },
  );
}
