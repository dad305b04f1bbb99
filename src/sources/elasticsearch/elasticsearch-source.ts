/** The Elasticsearch adapter of the log port. Composition builds one per configured source. */
import type { Clock } from "../../telemetry/clock.js";
import type { LogAnswer, LogRequest, LogSource } from "../../telemetry/log-source.js";
import type { CallOptions, SourceProbe } from "../../telemetry/source.js";
import { isJsonObject, type JsonObject } from "./document-decode.js";
import type { DocumentShape } from "./document-shape.js";
import { createElasticsearchClient, type ElasticsearchClientDeps } from "./elasticsearch-client.js";
import { defaultIndex, type ElasticsearchSourceConfig } from "./elasticsearch-config.js";
import { isShapeError, itemError } from "./elasticsearch-error.js";
import { fieldCandidates } from "./field-candidates.js";
import { readIndexFacts } from "./index-facts.js";
import { judgeForbidden, judgeIndex } from "./judge-index.js";
import type { LogTask, TaskDeps } from "./log-task.js";
import { isForbidden, readMissingRights } from "./missing-rights.js";
import { createPatternsTask } from "./patterns-task.js";
import { jsonText } from "./query-text.js";
import { decodeError, searchAnswerOf } from "./search-answer.js";
import { createSearchTask } from "./search-task.js";
import { createShapeCache } from "./shape-cache.js";
import { createVolumeTask } from "./volume-task.js";

/** Query text kept for `debug`. */
const shownQueryLength = 8_000;
/** Pods of other workloads remembered; beyond that they are found again. */
const keptOtherPods = 2_000;

/** What the adapter needs beside the configuration. */
export interface ElasticsearchSourceDeps extends ElasticsearchClientDeps {
  readonly config: ElasticsearchSourceConfig;
  readonly clock: Clock;
}

/** Logs of one Elasticsearch cluster, 8.x or 9.x. Needs index rights `read` and `view_index_metadata`, no cluster rights. */
export function createElasticsearchSource(deps: ElasticsearchSourceDeps): LogSource {
  const { config, clock } = deps;
  const index = config.index ?? defaultIndex;
  const candidates = fieldCandidates(config.fields);
  const client = createElasticsearchClient(config, deps);
  const shapes = createShapeCache(client, candidates, { name: config.name, index }, clock);
  const otherPods = new Set<string>();

  async function msearch(bodies: readonly JsonObject[], options: CallOptions): Promise<readonly unknown[]> {
    const header = { index, ignore_unavailable: true, allow_no_indices: true, allow_partial_search_results: true };
    const text = bodies.map((body) => `${JSON.stringify(header)}\n${jsonText(body)}\n`).join("");
    const startMs = performance.now();
    const report = (rows: number | null) =>
      options.onUpstreamCall?.({
        source: config.name,
        operation: "msearch",
        query: shown(text),
        rows,
        durationMs: performance.now() - startMs,
        isShared: false,
      });
    try {
      // Judged inside the call, so that an item refused with 429 or 503 pauses the source as a whole answer would.
      const responses = await client.call("msearch", options, async (api, send) =>
        checkedItems(await api.transport.request(searchesOf(text), send), bodies.length),
      );
      report(responses.reduce((sum: number, item: unknown) => sum + rowsOf(item), 0));
      return responses;
    } catch (error) {
      report(null);
      throw error;
    }
  }

  function checkedItems(answer: unknown, count: number): readonly unknown[] {
    const responses = isJsonObject(answer) ? answer["responses"] : undefined;
    if (!Array.isArray(responses) || responses.length !== count) throw decodeError(config.name, "responses");
    for (const item of responses) {
      if (isJsonObject(item) && item["error"] !== undefined)
        throw itemError(config, typeof item["status"] === "number" ? item["status"] : 500, item["error"]);
    }
    return responses;
  }

  async function answerAll(requests: readonly LogRequest[], shape: DocumentShape, options: CallOptions) {
    const taskDeps: TaskDeps = { sourceName: config.name, shape, candidates, otherPods };
    const tasks = requests.map((request) => createTask(request, taskDeps));
    for (;;) {
      const open = tasks.flatMap((task) => {
        const body = task.body();
        return body === null ? [] : [{ task, body }];
      });
      if (open.length === 0) return tasks.map((task): LogAnswer => task.answer());
      const items = await msearch(
        open.map(({ body }) => body),
        options,
      );
      open.forEach(({ task }, i) => {
        task.take(searchAnswerOf(items[i], config.name, index));
      });
    }
  }

  return {
    name: config.name,
    kind: "elasticsearch",
    cluster: config.cluster ?? null,
    isShard: config.isShard ?? false,

    async ask(requests, options) {
      if (requests.length === 0) return [];
      if (otherPods.size > keptOtherPods) otherPods.clear();
      const shape = await shapes.get(options);
      try {
        return await answerAll(requests, shape, options);
      } catch (error) {
        if (!isShapeError(error)) throw error;
        shapes.forget();
        return await answerAll(requests, await shapes.get(options), options);
      }
    },

    async probe(options) {
      shapes.forget();
      const shape = await shapes.get(options);
      return { version: await versionOf(options), ...describeShape(shape, index) };
    },

    async inspect(options) {
      let shape: DocumentShape;
      try {
        shape = await shapes.get(options);
      } catch (error) {
        if (!isForbidden(error)) throw error;
        const finding = judgeForbidden(index, await readMissingRights(client, index, options));
        if (finding === null) throw error;
        return { clockSkewMs: null, findings: [finding] };
      }
      const facts = await readIndexFacts(client, { index, shape, nowMs: () => clock.nowMs() }, options);
      const { clockSkewMs, oldestMs } = facts;
      return { clockSkewMs, ...(oldestMs !== null && { oldestMs }), findings: judgeIndex(facts) };
    },

    close: () => client.close(),
  };

  /** From the nodes' information: `GET /` needs a cluster right too and is missing from small servers. Null without that right. */
  async function versionOf(options: CallOptions): Promise<string | null> {
    try {
      const answer: unknown = await client.call("version", options, (api, send) =>
        api.nodes.info({ node_id: "_local", metric: "http", filter_path: "nodes.*.version" }, send),
      );
      const nodes = isJsonObject(answer) && isJsonObject(answer["nodes"]) ? Object.values(answer["nodes"]) : [];
      const [first] = nodes;
      return isJsonObject(first) && typeof first["version"] === "string" ? first["version"] : null;
    } catch {
      return null;
    }
  }
}

function createTask(request: LogRequest, deps: TaskDeps): LogTask {
  if (request.kind === "search") return createSearchTask(request, deps);
  return request.kind === "volume" ? createVolumeTask(request, deps) : createPatternsTask(request, deps);
}

function describeShape(shape: DocumentShape, index: string): Omit<SourceProbe, "version"> {
  const names = shape.names.length === 0 && shape.hasIndex ? ["other"] : shape.names;
  const hasLevel = shape.level.length + shape.severityNumber.length > 0;
  const found = shape.hasIndex
    ? `documents of shape ${names.join(", ")} in ${index}; levels from ${hasLevel ? "a field" : "the lines"}`
    : `no index matches ${index}`;
  return {
    capabilities: [
      ...names.map((name) => `shape:${name}`),
      hasLevel ? "level-field" : "level-in-text",
      ...(shape.exact.traceId.length > 0 ? ["trace-id-field"] : []),
      ...(shape.accessPrefixes.length > 0 ? ["access-log-fields"] : []),
    ],
    found,
  };
}

/** Asked by path, because the client's own method takes searches as objects only. */
function searchesOf(text: string) {
  return { method: "POST", path: "/_msearch", bulkBody: text };
}

function shown(text: string): string {
  if (text.length <= shownQueryLength) return text.trimEnd();
  // A mere slice would hold the whole text in memory for as long as the answer is kept.
  return `${Buffer.from(text.slice(0, shownQueryLength)).toString()}…`;
}

function rowsOf(item: unknown): number {
  const hits = isJsonObject(item) && isJsonObject(item["hits"]) ? item["hits"]["hits"] : undefined;
  return Array.isArray(hits) ? hits.length : 0;
}
