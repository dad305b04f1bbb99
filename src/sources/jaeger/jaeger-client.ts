/**
 * The calls to Jaeger's two APIs, each as the server wants it, and the choice between them.
 * v3 is taken where it is whole (from 2.19 on, when it honours tags), the old JSON where it is all there is.
 */
import { isMeshlensError, MeshlensError } from "../../errors.js";
import { callUpstream, type Upstream } from "../../http/call-upstream.js";
import { dateSkewMs } from "../../http/date-skew.js";
import type { HttpAnswer, HttpRequest } from "../../http/http-client.js";
import type { OffLoop } from "../../http/off-loop.js";
import { asList, asObject, asText, decodeError, isObject, parseJson } from "../../http/read-json.js";
import type { DecodedTraces } from "../../telemetry/packed-traces.js";
import type { CallOptions } from "../../telemetry/source.js";
import { decodeTraces, type JaegerApi } from "./jaeger-answer.js";

/** Statuses whose body says more than the status: refused, nothing found (or no such route). */
const explained = [400, 404];

/** The calls, over one API or the other. */
export interface JaegerClient {
  /** Finds out anew which API the server has. @throws MESHLENS_ERR_SOURCE_DECODE when it has neither */
  probe(options: CallOptions): Promise<JaegerApi>;
  /**
   * Runs a call over the chosen API. One that meets a missing route or HTML has found another server than before (an upgrade): the choice
   * is made anew and the call repeated once; a broken connection or a 5xx makes the next call choose anew.
   */
  withApi<T>(options: CallOptions, call: (api: JaegerApi) => Promise<T>): Promise<T>;
  services(api: JaegerApi, options: CallOptions): Promise<readonly string[]>;
  /** Traces of one request; a v3 "nothing found" is no traces. */
  traces(
    api: JaegerApi,
    request: Pick<HttpRequest, "path" | "query" | "operation">,
    options: CallOptions,
  ): Promise<DecodedTraces>;
  /** Any other JSON; `rows` counts the entries of `data`. */
  data(request: Pick<HttpRequest, "path" | "query" | "operation">, options: CallOptions): Promise<readonly unknown[]>;
  /** The version the UI's page names; null when there is no such page. */
  version(options: CallOptions): Promise<string | null>;
  /** How far the server's clock is ahead of ours, ms; null when it does not tell. */
  clockSkewMs(options: CallOptions): Promise<number | null>;
}

/** Makes the calls of one source. */
export function createJaegerClient(upstream: Upstream, offLoop: OffLoop): JaegerClient {
  const { source } = upstream;
  let chosen: JaegerApi | null = null;

  const get = async <T>(
    request: Pick<HttpRequest, "path" | "query" | "operation">,
    options: CallOptions,
    read: (answer: HttpAnswer) => Promise<{ value: T; rows: number }> | { value: T; rows: number },
  ): Promise<T> => callUpstream(upstream, { method: "GET", ...request, acceptStatus: explained }, options, read);

  /** Whether a route exists: its answer is Jaeger's JSON, refusal included; a page or a plain "404 page not found" is not. */
  const has = (path: string, options: CallOptions, isAnswer: (body: unknown) => boolean): Promise<boolean> =>
    get({ path, operation: "probe" }, options, ({ body }) => {
      const json = tryParse(source, body);
      return { value: json !== undefined && isAnswer(json), rows: 0 };
    });

  const probe = async (options: CallOptions): Promise<JaegerApi> => {
    chosen = null;
    // Without its required times this route refuses at once: cheap, and in a form no other route has.
    if (await has("/api/v3/trace-summaries", options, (json) => isV3Error(json))) chosen = "v3";
    else if (await has("/api/services", options, (json) => isObject(json) && "data" in json)) chosen = "json";
    else if (await has("/api/v3/services", options, isObject)) chosen = "v3";
    else throw notJaeger(source);
    return chosen;
  };

  return {
    probe,
    async withApi(options, call) {
      const before = chosen;
      if (before === null) return call(await probe(options));
      try {
        return await call(before);
      } catch (error) {
        if (!mayHaveRestarted(error)) throw error;
        chosen = null;
        if (!isOtherServer(error)) throw error;
        const now = await probe(options);
        if (now === before) throw error;
        return await call(now);
      }
    },
    services(api, options) {
      const path = api === "v3" ? "/api/v3/services" : "/api/services";
      return get({ path, operation: "services" }, options, (answer) => {
        const body = asObject(source, "", readAnswer(source, path, answer));
        const key = api === "v3" ? "services" : "data";
        const names = asList(source, key, body[key]).map((name, i) => asText(source, `${key}[${i}]`, name));
        return { value: names, rows: names.length };
      });
    },
    traces(api, request, options) {
      return get(request, options, async (answer) => {
        const isEmpty = answer.status !== 200 && isNothingFound(source, request.path, answer);
        const none: DecodedTraces = { traces: [], receivedCount: 0, warnings: [] };
        const value = isEmpty ? none : await decodeTraces(answer.body, { source, api }, offLoop, options);
        return { value, rows: value.receivedCount };
      });
    },
    data(request, options) {
      return get(request, options, (answer) => {
        const value = asList(source, "data", asObject(source, "", readAnswer(source, request.path, answer))["data"]);
        return { value, rows: value.length };
      });
    },
    version(options) {
      return get({ path: "/", operation: "probe" }, options, ({ body }) => {
        const found = /"gitVersion":\s*"v?([^"]+)"/.exec(body.toString("utf8"));
        return { value: found?.[1] ?? null, rows: 0 };
      }).catch(() => null);
    },
    clockSkewMs(options) {
      return get({ path: "/", operation: "probe" }, options, (answer) => {
        return { value: dateSkewMs(answer, upstream.clock.nowMs()), rows: 0 };
      });
    },
  };
}

/** The JSON of an answer that must be a success. @throws QUERY_REFUSED with the server's words · STATUS · DECODE */
function readAnswer(source: string, path: string, answer: HttpAnswer): unknown {
  if (answer.status === 400) throw refused(source, messageOf(tryParse(source, answer.body)));
  if (answer.status !== 200) throw missingRoute(source, path, answer.status);
  return parseJson(source, answer.body);
}

/** True for v3's 404 "nothing found". @throws for every other non-success */
function isNothingFound(source: string, path: string, answer: HttpAnswer): boolean {
  const json = tryParse(source, answer.body);
  if (answer.status === 404 && json !== undefined && messageOf(json) !== null) return true;
  readAnswer(source, path, answer);
  throw decodeError(source, "", `status ${answer.status}`);
}

function tryParse(source: string, body: Uint8Array): unknown {
  try {
    return parseJson(source, body);
  } catch {
    return undefined;
  }
}

function isV3Error(json: unknown): boolean {
  return isObject(json) && (isObject(json["error"]) || "summaries" in json);
}

/** The server's own words in either API's error form; null when there are none. */
function messageOf(json: unknown): string | null {
  if (!isObject(json)) return null;
  const { error, errors } = json;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const message = isObject(error) ? error["message"] : isObject(first) ? first["msg"] : undefined;
  return typeof message === "string" ? message.slice(0, 200) : null;
}

/** Failures after which another version may stand at the same address; a slow or busy server is still the same. */
function mayHaveRestarted(error: unknown): boolean {
  return isMeshlensError(error) && /_(UNREACHABLE|STATUS|DECODE)$/.test(error.code);
}

function isOtherServer(error: unknown): boolean {
  if (!isMeshlensError(error)) return false;
  return (
    error.code === "MESHLENS_ERR_SOURCE_DECODE" ||
    (error.code === "MESHLENS_ERR_SOURCE_STATUS" && error.details.status === 404)
  );
}

function refused(source: string, words: string | null): MeshlensError {
  const message = `Jaeger source ${source} refused the query${words === null ? "" : `: ${words}`}.`;
  return new MeshlensError("MESHLENS_ERR_SOURCE_QUERY_REFUSED", message, { source, status: 400 });
}

function missingRoute(source: string, path: string, status: number): MeshlensError {
  const message = `Jaeger source ${source} has no ${path} (status ${status}); check its URL and base path.`;
  return new MeshlensError("MESHLENS_ERR_SOURCE_STATUS", message, { source, status });
}

function notJaeger(source: string): MeshlensError {
  return decodeError(source, "", "neither Jaeger's /api/v3 nor its old JSON (is a base path missing?)");
}
