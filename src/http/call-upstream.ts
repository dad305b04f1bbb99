/** One upstream call as adapters make it: asked, read, and told to `onUpstreamCall` whatever came of it. */
import type { Clock } from "../telemetry/clock.js";
import type { CallOptions } from "../telemetry/source.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "./http-client.js";

/** Who calls: the source's name and its means. */
export interface Upstream {
  readonly source: string;
  readonly http: HttpClient;
  readonly clock: Clock;
}

/**
 * Sends a request and reads its answer; `durationMs` of the report covers both.
 * @param read makes the value of the answer and says how many rows it holds
 * @param text what the report shows as the query; path and parameters unless told
 * @throws what the client or `read` throws, after the call was reported with `rows: null`
 */
export async function callUpstream<T>(
  upstream: Upstream,
  request: HttpRequest,
  options: CallOptions,
  read: (answer: HttpAnswer) => Promise<{ value: T; rows: number }> | { value: T; rows: number },
  text: string = queryText(request),
): Promise<T> {
  const startMs = upstream.clock.nowMs();
  let rows: number | null = null;
  try {
    const result = await read(await upstream.http.request(request, options));
    rows = result.rows;
    return result.value;
  } finally {
    options.onUpstreamCall?.({
      source: upstream.source,
      operation: request.operation,
      query: text,
      rows,
      durationMs: upstream.clock.nowMs() - startMs,
      isShared: false,
    });
  }
}

/** Path and parameters as they go out. */
function queryText({ path, query = {} }: HttpRequest): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of typeof value === "string" ? [value] : value) params.append(key, one);
  }
  return params.size === 0 ? path : `${path}?${params}`;
}
