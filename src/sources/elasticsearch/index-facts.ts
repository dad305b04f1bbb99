/** What is asked of a cluster for `meshlens check --deep`: rights, the mapping of the instant, and how its lines are. */
import type { CallOptions } from "../../telemetry/source.js";
import { isJsonObject, type JsonObject } from "./document-decode.js";
import type { DocumentShape } from "./document-shape.js";
import type { ElasticsearchClient } from "./elasticsearch-client.js";
import { isForbidden, type MissingRight, readMissingRights } from "./missing-rights.js";
import { countOf } from "./search-answer.js";

/** Of one index pattern. Instants are epoch ms. */
export interface IndexFacts {
  readonly index: string;
  readonly shape: DocumentShape;
  /** Wanted rights the user lacks; null where the cluster does not tell (security is off). */
  readonly missingRights: readonly MissingRight[] | null;
  /** The user may see the mappings and search no line: what follows is empty. */
  readonly isSearchForbidden: boolean;
  /** Types of the field of the instant over all indices; [] where none has it. */
  readonly timestampTypes: readonly string[];
  readonly newestMs: number | null;
  readonly oldestMs: number | null;
  readonly linesOfHour: number;
  readonly tracedLinesOfHour: number;
  /** Lines of more than a minute from now. */
  readonly futureLines: number;
  /** The cluster's clock against ours; null where the user may not ask. */
  readonly clockSkewMs: number | null;
  readonly askedAtMs: number;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** @throws MESHLENS_ERR_SOURCE_* when lines cannot be searched; what only some users may ask is null instead */
export async function readIndexFacts(
  client: ElasticsearchClient,
  { index, shape, nowMs }: { readonly index: string; readonly shape: DocumentShape; readonly nowMs: () => number },
  options: CallOptions,
): Promise<IndexFacts> {
  const field = shape.timestamp;
  const askedAtMs = nowMs();
  const [missingRights, timestampTypes, clockSkewMs] = await Promise.all([
    readMissingRights(client, index, options),
    timestampTypesOf(),
    clockSkew(),
  ]);
  const isDate = timestampTypes.length > 0 && timestampTypes.every((type) => type === "date" || type === "date_nanos");
  const found = isDate ? await linesOf() : {};
  const lines = found ?? {};
  return {
    index,
    shape,
    missingRights,
    isSearchForbidden: found === null,
    timestampTypes,
    newestMs: numberOf(lines["newest"]),
    oldestMs: numberOf(lines["oldest"]),
    linesOfHour: countOf(lines["hour"]),
    tracedLinesOfHour: countOf(isJsonObject(lines["hour"]) ? lines["hour"]["traced"] : undefined),
    futureLines: countOf(lines["future"]),
    clockSkewMs,
    askedAtMs,
  };

  async function timestampTypesOf(): Promise<readonly string[]> {
    const caps: unknown = await client.call("field_caps", options, (api, send) =>
      api.fieldCaps({ index, fields: [field], ignore_unavailable: true, allow_no_indices: true }, send),
    );
    const fields = isJsonObject(caps) && isJsonObject(caps["fields"]) ? caps["fields"] : {};
    const types = fields[field];
    return isJsonObject(types) ? Object.keys(types).filter((type) => type !== "unmapped") : [];
  }

  /** Null where the user may not search. */
  async function linesOf(): Promise<JsonObject | null> {
    const traced = shape.exact.traceId.map(({ path }) => ({ exists: { field: path } }));
    const since = (range: JsonObject) => ({ range: { [field]: { ...range, format: "epoch_millis" } } });
    const aggregations = {
      newest: { max: { field } },
      oldest: { min: { field } },
      hour: {
        filter: since({ gte: askedAtMs - hourMs, lte: askedAtMs + minuteMs }),
        aggs: traced.length === 0 ? {} : { traced: { filter: { bool: { should: traced, minimum_should_match: 1 } } } },
      },
      future: { filter: since({ gt: askedAtMs + minuteMs }) },
    };
    const search = {
      method: "POST",
      path: `/${index.split(",").map(encodeURIComponent).join(",")}/_search`,
      querystring: { ignore_unavailable: "true", allow_no_indices: "true" },
      body: { size: 0, track_total_hits: false, aggs: aggregations },
    };
    let answer: unknown;
    try {
      answer = await client.call("lines", options, (api, send) => api.transport.request(search, send));
    } catch (error) {
      if (isForbidden(error)) return null;
      throw error;
    }
    return isJsonObject(answer) && isJsonObject(answer["aggregations"]) ? answer["aggregations"] : {};
  }

  /** Elasticsearch sends no Date; its nodes' statistics carry their time, for those who may read them. */
  async function clockSkew(): Promise<number | null> {
    const startMs = nowMs();
    try {
      const answer: unknown = await client.call("clock", options, (api, send) =>
        api.nodes.stats({ node_id: "_local", metric: "http", filter_path: "nodes.*.timestamp" }, send),
      );
      const nodes = isJsonObject(answer) && isJsonObject(answer["nodes"]) ? Object.values(answer["nodes"]) : [];
      const [first] = nodes;
      const theirsMs = isJsonObject(first) ? first["timestamp"] : undefined;
      return typeof theirsMs === "number" ? Math.round(theirsMs - (startMs + nowMs()) / 2) : null;
    } catch {
      return null;
    }
  }
}

function numberOf(aggregation: unknown): number | null {
  const value = isJsonObject(aggregation) ? aggregation["value"] : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
