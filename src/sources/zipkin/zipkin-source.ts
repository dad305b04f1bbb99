/** TraceSource over Zipkin's v2 API. Built by server/compose. */
import { MeshlensError } from "../../errors.js";
import { callUpstream } from "../../http/call-upstream.js";
import { dateSkewMs } from "../../http/date-skew.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../http/http-client.js";
import { createOffLoop } from "../../http/off-loop.js";
import { asNumber, asObject, asText, decodeError, isObject, parseJson } from "../../http/read-json.js";
import { newestFirst } from "../../telemetry/assemble-trace.js";
import type { Clock } from "../../telemetry/clock.js";
import { inTurns } from "../../telemetry/in-turns.js";
import type { DecodedTraces } from "../../telemetry/packed-traces.js";
import type { CallOptions } from "../../telemetry/source.js";
import { traceIdSpellings, uniqueTraceIds } from "../../telemetry/trace-id.js";
import type { TraceBatch, TraceSource } from "../../telemetry/trace-source.js";
import { decodeTraces, type ZipkinAnswerForm } from "./zipkin-answer.js";
import { isAskable, searchParameters, spanConditions } from "./zipkin-query.js";

/** What the adapter needs of a source's configuration. */
export interface ZipkinSourceConfig {
  readonly name: string;
  readonly cluster: string | null;
  readonly isShard: boolean;
}

/** Ids in one traceMany: their line stays below the server's 4,096 bytes. */
const maxIdsPerCall = 50;
const maxIds = 200;
const callsAtOnce = 4;

const nothing: TraceBatch = { traces: [], isCut: false, warnings: [] };

/** Makes the adapter; nothing is asked before the first question. */
export function createZipkinSource(deps: {
  readonly config: ZipkinSourceConfig;
  readonly http: HttpClient;
  readonly clock: Clock;
}): TraceSource {
  const { config, http, clock } = deps;
  const source = config.name;
  const offLoop = createOffLoop({ name: source, clock });

  type Question = Pick<HttpRequest, "path" | "query" | "operation" | "acceptStatus">;
  const get = <T>(
    question: Question,
    options: CallOptions,
    read: (answer: HttpAnswer) => Promise<{ value: T; rows: number }> | { value: T; rows: number },
  ): Promise<T> =>
    callUpstream(
      { source, http, clock },
      { method: "GET", ...question, acceptStatus: [400, ...(question.acceptStatus ?? [])] },
      options,
      (answer) => {
        if (answer.status === 400) throw refused(source, answer);
        return read(answer);
      },
    );
  const getList = (question: Question, options: CallOptions): Promise<readonly unknown[]> =>
    get(question, options, ({ body }) => {
      const value = parseJson(source, body);
      if (!Array.isArray(value)) throw decodeError(source, "", "no list");
      return { value: value as readonly unknown[], rows: value.length };
    });
  const getTraces = (
    question: Question,
    form: Omit<ZipkinAnswerForm, "source">,
    options: CallOptions,
  ): Promise<DecodedTraces> =>
    get(question, options, async (answer) => {
      const none: DecodedTraces = { traces: [], receivedCount: 0, warnings: [] };
      if (answer.status === 404 && !isTraceNotFound(answer)) throw missingRoute(source, question.path);
      const value =
        answer.status === 404 ? none : await decodeTraces(answer.body, { source, ...form }, offLoop, options);
      return { value, rows: value.receivedCount };
    });
  const services = async (options: CallOptions): Promise<readonly string[]> => {
    const names = await getList({ path: "/api/v2/services", operation: "services" }, options);
    return names.map((name, i) => asText(source, `[${i}]`, name));
  };
  const lookUp = (ids: readonly string[], options: CallOptions): Promise<DecodedTraces> => {
    const [only = ""] = ids;
    if (ids.length > 1) {
      const question = { path: "/api/v2/traceMany", query: { traceIds: ids.join(",") }, operation: "traces" };
      return getTraces(question, { isOneTrace: false, conditions: null }, options);
    }
    const question = { path: `/api/v2/trace/${only}`, operation: "trace", acceptStatus: [404] };
    return getTraces(question, { isOneTrace: true, conditions: null }, options);
  };

  return {
    name: source,
    kind: "zipkin",
    cluster: config.cluster,
    isShard: config.isShard,
    async probe(options) {
      const [names, version] = await Promise.all([services(options), readVersion(options)]);
      return { version, capabilities: ["api-v2"], found: `${names.length} services` };
    },
    inspect: (options) =>
      get({ path: "/api/v2/services", operation: "probe" }, options, (answer) => {
        return { value: { clockSkewMs: dateSkewMs(answer, clock.nowMs()), findings: [] }, rows: 0 };
      }),
    services,
    async search(query, options) {
      if (query.serviceName.trim() === "") return nothing;
      if (!isAskable(query.serviceName)) {
        return {
          ...nothing,
          warnings: ["Zipkin cannot be asked for this service: its name is too long or holds a `..` path."],
        };
      }
      const question = { path: "/api/v2/traces", query: searchParameters(query), operation: "search" };
      const found = await getTraces(question, { isOneTrace: false, conditions: spanConditions(query) }, options);
      return {
        traces: found.traces.slice(0, query.limit),
        isCut: found.receivedCount >= query.limit,
        warnings: found.warnings,
      };
    },
    async getTraces(traceIds, _window, options) {
      const ids = uniqueTraceIds(traceIds);
      if (ids.length === 0) return nothing;
      const asked = ids.slice(0, maxIds);
      const calls: (readonly string[])[] = [];
      for (let i = 0; i < asked.length; i += maxIdsPerCall) calls.push(asked.slice(i, i + maxIdsPerCall).map(shortId));
      const answers = await inTurns(calls, callsAtOnce, (part) => lookUp(part, options));
      const warnings = [...new Set(answers.flatMap((answer) => answer.warnings))];
      const leftOut = ids.length - asked.length;
      if (leftOut > 0)
        warnings.push(`${leftOut} further traces were not asked for: one lookup takes at most ${maxIds}.`);
      return { traces: newestFirst(answers.flatMap((answer) => answer.traces)), isCut: leftOut > 0, warnings };
    },
    async dependencies(window, options) {
      const endTs = Math.ceil(window.toMs);
      const query = { endTs: String(endTs), lookback: String(Math.max(1, endTs - Math.floor(window.fromMs))) };
      const links = await getList({ path: "/api/v2/dependencies", query, operation: "dependencies" }, options);
      return links.map((value, i) => {
        const { parent, child, callCount } = asObject(source, `[${i}]`, value);
        return {
          source: asText(source, `[${i}].parent`, parent),
          destination: asText(source, `[${i}].child`, child),
          callCount: asNumber(source, `[${i}].callCount`, callCount),
        };
      });
    },
    async close() {
      await Promise.all([offLoop.close(), http.close()]);
    },
  };

  /** `/info` of Zipkin's own server; other servers of the same API have none. */
  function readVersion(options: CallOptions): Promise<string | null> {
    return get({ path: "/info", operation: "probe" }, options, ({ body }) => {
      const info = parseJson(source, body);
      const zipkin = isObject(info) ? info["zipkin"] : undefined;
      const version = isObject(zipkin) ? zipkin["version"] : undefined;
      return { value: typeof version === "string" ? version : null, rows: 0 };
    }).catch(() => null);
  }
}

/** 64-bit ids as a server without STRICT_TRACE_ID=false keeps them: 16 digits, which Zipkin also cuts padded ones to. */
function shortId(traceId: string): string {
  return traceIdSpellings(traceId).find((spelling) => spelling.length === 16) ?? traceId;
}

/** Zipkin's words for an unknown trace are text; a proxy's page is not. */
function isTraceNotFound({ body }: HttpAnswer): boolean {
  return /^[0-9a-f]+ not found/.test(body.toString("utf8"));
}

function refused(source: string, { body }: HttpAnswer): MeshlensError {
  const words = body.toString("utf8").trim();
  const said = words === "" || words.startsWith("<") ? "" : `: ${words.slice(0, 200)}`;
  const message = `Zipkin source ${source} refused the query${said}.`;
  return new MeshlensError("MESHLENS_ERR_SOURCE_QUERY_REFUSED", message, { source, status: 400 });
}

function missingRoute(source: string, path: string): MeshlensError {
  const message = `Zipkin source ${source} has no ${path.replace(/[^/]+$/, "{id}")} (status 404); check its URL and base path.`;
  return new MeshlensError("MESHLENS_ERR_SOURCE_STATUS", message, { source, status: 404 });
}
