/** Turns what the Elasticsearch client throws, and the errors inside an `_msearch` answer, into one sentence with a code. */
import { errors } from "@elastic/elasticsearch";
import { isMeshlensError, MeshlensError } from "../../errors.js";
import { connectionError, errnoOf, originOf, statusError, tooLargeError } from "../../http/http-error.js";
import { retryAfterMs } from "../../http/retry-after.js";
import { connectionDefaults } from "../../telemetry/source-connection.js";
import { isJsonObject } from "./document-decode.js";
import type { ElasticsearchSourceConfig } from "./elasticsearch-config.js";
import { decodeError } from "./search-answer.js";

/** An error of the client, as ours. Messages name the source and never hold a body. */
export function elasticsearchError(config: ElasticsearchSourceConfig, error: unknown, nowMs: number): MeshlensError {
  if (isMeshlensError(error)) return error;
  const { name, url } = config;
  if (error instanceof errors.ResponseError) {
    const status = error.statusCode ?? 0;
    const header: unknown = error.headers?.["retry-after"];
    const pauseMs = retryAfterMs(typeof header === "string" ? header : undefined, nowMs);
    const type = isJsonObject(error.body) ? errorTypeOf(error.body["error"]) : null;
    return refused(config, status, type, pauseMs, error);
  }
  if (error instanceof errors.ProductNotSupportedError)
    return new MeshlensError(
      "MESHLENS_ERR_SOURCE_UNSUPPORTED",
      `${name} at ${originOf(url)} is not Elasticsearch (OpenSearch perhaps): Meshlens reads logs from Elasticsearch 8 and 9 only`,
      { source: name },
      error,
    );
  if (error instanceof errors.DeserializationError) return decodeError(name, "the whole body", error);
  if (error instanceof errors.RequestAbortedError && error.message.includes("content length"))
    return tooLargeError(name, config.maxResponseBytes ?? connectionDefaults.maxResponseBytes);
  if (error instanceof errors.TimeoutError)
    return new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", `${name} did not answer in time`, { source: name }, error);
  return connectionError(name, url, withErrno(error));
}

/** The error of one question of a batch. */
export function itemError(config: ElasticsearchSourceConfig, status: number, error: unknown): MeshlensError {
  return refused(config, status, errorTypeOf(error), 1_000, undefined);
}

/** Whether the error may come from a shape that has changed since it was learnt. */
export function isShapeError(error: unknown): boolean {
  return isMeshlensError(error) && error.code === "MESHLENS_ERR_SOURCE_QUERY_REFUSED";
}

function refused(
  config: ElasticsearchSourceConfig,
  status: number,
  type: string | null,
  pauseMs: number,
  cause: unknown,
): MeshlensError {
  const { name, url } = config;
  const details = { source: name, status };
  if (type === "index_not_found_exception")
    return new MeshlensError(
      "MESHLENS_ERR_SOURCE_STATUS",
      `${name} at ${originOf(url)} has no index of that name; check \`index\` of this source`,
      details,
      cause,
    );
  const plain = statusError(name, url, status, pauseMs);
  const message = type === null ? plain.message : `${plain.message} (${type})`;
  return new MeshlensError(plain.code, message, plain.details, cause);
}

/** The type of the first root cause, a word of Elasticsearch's own; reasons may quote what users typed. */
function errorTypeOf(error: unknown): string | null {
  if (!isJsonObject(error)) return null;
  const causes = error["root_cause"];
  const first: unknown = Array.isArray(causes) ? causes[0] : undefined;
  for (const type of [isJsonObject(first) ? first["type"] : undefined, error["type"]]) {
    if (typeof type === "string" && /^[a-z_]{1,80}$/.test(type)) return type;
  }
  return null;
}

/** The client keeps a failure's short code in its message only. */
function withErrno(error: unknown): unknown {
  if (!(error instanceof Error) || errnoOf(error) !== "") return error;
  const code = /\b(E[A-Z_]{4,}|CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_[A-Z_]+|UNABLE_TO_[A-Z_]+)\b/.exec(
    error.message,
  )?.[1];
  const isTls = /certificate|altname|SSL|TLS/i.test(error.message);
  const known = code ?? (isTls ? "TLS_FAILED" : /other side closed|socket/i.test(error.message) ? "ECONNRESET" : null);
  return known === null ? error : Object.assign(new Error(error.message, { cause: error }), { code: known });
}
