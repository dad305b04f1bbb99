/** Reads one item of an `_msearch` answer: its hits, totals and aggregations, and what was missing from it. */
import { MeshlensError } from "../../errors.js";
import { isJsonObject, type JsonObject, type SearchHit } from "./document-decode.js";

/** One item, checked. */
export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  /** Null when no total was asked. */
  readonly total: { readonly value: number; readonly isExact: boolean } | null;
  readonly aggregations: JsonObject;
  /** One sentence per part that is missing; empty for a whole answer. */
  readonly warnings: readonly string[];
}

/** @throws MESHLENS_ERR_SOURCE_DECODE when the item is no search answer */
export function searchAnswerOf(item: unknown, sourceName: string, index: string): SearchAnswer {
  if (!isJsonObject(item) || !isJsonObject(item["hits"]) || !isJsonObject(item["_shards"]))
    throw decodeError(sourceName, "responses[].hits");
  const { hits, total } = item["hits"];
  if (!Array.isArray(hits)) throw decodeError(sourceName, "responses[].hits.hits");
  const aggregations = item["aggregations"];
  return {
    hits: hits.map((hit: unknown) => hitOf(hit, sourceName)),
    total:
      isJsonObject(total) && typeof total["value"] === "number"
        ? { value: total["value"], isExact: total["relation"] === "eq" }
        : null,
    aggregations: isJsonObject(aggregations) ? aggregations : {},
    warnings: warningsOf(item, item["_shards"], sourceName, index),
  };
}

/** Buckets of a named aggregation as [key, bucket]; [] where it has none. Keyed and listed forms are both read. */
export function bucketsOf(aggregations: unknown, name: string): readonly (readonly [string | number, JsonObject])[] {
  const aggregation = isJsonObject(aggregations) ? aggregations[name] : undefined;
  const buckets = isJsonObject(aggregation) ? aggregation["buckets"] : undefined;
  if (isJsonObject(buckets))
    return Object.entries(buckets).flatMap(([key, bucket]) => (isJsonObject(bucket) ? [[key, bucket] as const] : []));
  if (!Array.isArray(buckets)) return [];
  return buckets.flatMap((bucket: unknown) => {
    const key = isJsonObject(bucket) ? bucket["key"] : undefined;
    return isJsonObject(bucket) && (typeof key === "string" || typeof key === "number") ? [[key, bucket] as const] : [];
  });
}

/** `doc_count` of a bucket; 0 where it is missing. */
export function countOf(bucket: unknown): number {
  const count = isJsonObject(bucket) ? bucket["doc_count"] : undefined;
  return typeof count === "number" ? count : 0;
}

/** The sentence for an answer that is not Elasticsearch's. */
export function decodeError(sourceName: string, at: string, cause?: unknown): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_SOURCE_DECODE",
    `${sourceName} answered something else than Elasticsearch's API says at ${at}; check that its url points to Elasticsearch`,
    { source: sourceName, at },
    cause,
  );
}

function hitOf(hit: unknown, sourceName: string): SearchHit {
  if (!isJsonObject(hit)) throw decodeError(sourceName, "responses[].hits.hits[]");
  const { _index: index, _id: id, _source: source, sort } = hit;
  const sortMs: unknown = Array.isArray(sort) ? sort[0] : undefined;
  if (typeof index !== "string" || typeof id !== "string" || typeof sortMs !== "number")
    throw decodeError(sourceName, "responses[].hits.hits[]");
  return { index, id, sortMs, source: isJsonObject(source) ? source : {} };
}

function warningsOf(item: JsonObject, shards: JsonObject, name: string, index: string): readonly string[] {
  const warnings: string[] = [];
  const failed = numberAt(shards, "failed");
  const total = numberAt(shards, "total");
  if (total === 0)
    warnings.push(`${name}: no index matches "${index}"; check \`index\` of this source and whether logs are shipped`);
  if (failed > 0)
    warnings.push(`${name}: ${failed} of ${total} shards failed${firstReason(shards)}; their records are missing`);
  if (item["timed_out"] === true) warnings.push(`${name} stopped at its time limit; the answer is partial`);
  const clusters = item["_clusters"];
  const skipped = isJsonObject(clusters) ? numberAt(clusters, "skipped") : 0;
  if (skipped > 0) warnings.push(`${name}: ${skipped} remote clusters were skipped; their records are missing`);
  return warnings;
}

function firstReason(shards: JsonObject): string {
  const failures = shards["failures"];
  const first: unknown = Array.isArray(failures) ? failures[0] : undefined;
  const reason = isJsonObject(first) ? first["reason"] : undefined;
  const type = isJsonObject(reason) ? reason["type"] : undefined;
  return typeof type === "string" ? ` (${type})` : "";
}

function numberAt(object: JsonObject, key: string): number {
  const value = object[key];
  return typeof value === "number" ? value : 0;
}
