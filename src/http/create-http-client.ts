/**
 * The one outbound HTTP client, over axios: keep-alive, size cap, one repeat of a connection that broke before it answered, on the terms
 * of call-guard.ts. Adapters get bytes; decoding is theirs.
 */
import { setMaxListeners } from "node:events";
import http from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import axios, { AxiosHeaders } from "axios";
import { isMeshlensError } from "../errors.js";
import type { Clock } from "../telemetry/clock.js";
import { once } from "../telemetry/once.js";
import { connectionDefaults, urgentPlaces } from "../telemetry/source-connection.js";
import { createCallGuard } from "./call-guard.js";
import type {
  BodyReader,
  HttpAnswer,
  HttpClientConfig,
  HttpObserver,
  HttpRequest,
  StreamingHttpClient,
} from "./http-client.js";
import { brokenAnswerError, connectionError, errnoOf, statusError, tooLargeError } from "./http-error.js";
import { openStream } from "./open-stream.js";
import { retryAfterMs } from "./retry-after.js";

/** What the client needs beside its configuration. */
export interface HttpClientDeps {
  readonly clock: Clock;
  readonly observer?: HttpObserver;
}

// What axios.request adds to its adapter (defaults merged, interceptors, transforms; none used here) made a call two fifths dearer in CPU.
const send = axios.getAdapter("http");

/** A client to one backend; close it to end its sockets. */
export function createHttpClient(config: HttpClientConfig, deps: HttpClientDeps): StreamingHttpClient {
  const { clock } = deps;
  const { maxResponseBytes: maxBytes, maxConcurrent } = { ...connectionDefaults, ...config };
  const asError = (thrown: unknown) =>
    isMeshlensError(thrown) ? thrown : connectionError(config.name, config.url, thrown);
  const guard = createCallGuard(config, { ...deps, asError });
  const agents = createAgents(config, maxConcurrent + urgentPlaces);
  const streamAgents = once(() => createAgents(config, Number.POSITIVE_INFINITY));
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const headers = { ...authorization(config), ...config.headers };

  async function begin(
    request: HttpRequest,
    signal: AbortSignal,
    traceHeaders: Readonly<Record<string, string>>,
    by: ReturnType<typeof createAgents>,
  ) {
    const payload = bodyOf(request);
    const response = await send({
      method: request.method,
      url: urlOf(config.url, request),
      // A backend beside us spends more time squeezing an answer than the network takes for it as it is.
      headers: AxiosHeaders.from({
        accept: "application/json",
        "accept-encoding": "identity",
        ...headers,
        ...payload.headers,
        ...traceHeaders,
        ...request.headers,
      }),
      data: payload.data,
      responseType: "stream",
      validateStatus: null,
      maxRedirects: 0,
      proxy: false,
      signal,
      ...by,
    });
    const data = response.data as Readable;
    const lower = Object.fromEntries(Object.entries(response.headers).map(([k, v]) => [k.toLowerCase(), String(v)]));
    const isAnswer = isOk(response.status) || request.acceptStatus?.includes(response.status) === true;
    if (!isAnswer) {
      data.destroy();
      const pause = retryAfterMs(lower["retry-after"], clock.nowMs());
      throw statusError(config.name, config.url, response.status, pause);
    }
    return { status: response.status, headers: lower, data };
  }

  async function ask(request: HttpRequest, signal: AbortSignal, traceHeaders: Readonly<Record<string, string>>) {
    const startMs = performance.now();
    const { status, headers: answered, data } = await begin(request, signal, traceHeaders, agents);
    const { body, bytes } = await readAll(data, request.reader?.() ?? keepAll(), maxBytes, config, signal);
    const answer: HttpAnswer = { status, headers: answered, body, durationMs: performance.now() - startMs };
    return { answer, bytes };
  }

  async function attempt(request: HttpRequest, signal: AbortSignal, traceHeaders: Readonly<Record<string, string>>) {
    for (let isRepeat = false; ; isRepeat = true) {
      try {
        return await ask(request, signal, traceHeaders);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (isMeshlensError(error)) throw error;
        // A kept-alive connection may have been closed just as it was used again; nothing was answered, so asking again is safe.
        const isStale = ["ECONNRESET", "EPIPE"].includes(errnoOf(error));
        if (isRepeat || !isStale) throw connectionError(config.name, config.url, error);
      }
    }
  }

  return {
    request: (request, options) =>
      guard.run(request.operation, options, async (signal, traceHeaders) => {
        const { answer, bytes } = await attempt(request, signal, traceHeaders);
        return { value: answer, status: answer.status, bytes };
      }),
    stream: (request, options) =>
      guard.run(request.operation, options, async (signal, traceHeaders) => {
        const { status, data } = await begin(request, signal, traceHeaders, streamAgents());
        return { value: openStream(config, status, data, [options.signal, closing.signal]), status, bytes: 0 };
      }),
    async close() {
      guard.close();
      closing.abort();
      for (const { httpAgent, httpsAgent } of [agents, streamAgents()]) {
        httpAgent.destroy();
        httpsAgent.destroy();
      }
    },
  };
}

function createAgents(config: HttpClientConfig, maxSockets: number) {
  const options = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, scheduling: "lifo" as const };
  const { tls } = config;
  return {
    httpAgent: new http.Agent(options),
    httpsAgent: new https.Agent({
      ...options,
      ...(tls?.ca !== undefined && { ca: tls.ca }),
      ...(tls?.cert !== undefined && { cert: tls.cert }),
      ...(tls?.key !== undefined && { key: tls.key }),
      ...(tls?.serverName !== undefined && { servername: tls.serverName }),
      rejectUnauthorized: tls?.insecureSkipVerify !== true,
    }),
  };
}

function authorization(config: HttpClientConfig): Record<string, string> {
  if (config.bearerToken !== undefined) return { authorization: `Bearer ${config.bearerToken}` };
  if (config.basicAuth === undefined) return {};
  const { username, password } = config.basicAuth;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}

function urlOf(base: string, request: HttpRequest): string {
  const url = new URL(base);
  // User and password in a URL would stand in errors and spans of libraries; the configuration has auth for them.
  url.username = "";
  url.password = "";
  url.pathname = url.pathname.replace(/\/+$/, "") + request.path;
  url.search = request.query === undefined ? "" : encodeParams(request.query).toString();
  return url.href;
}

function bodyOf(request: HttpRequest): { data?: string | Buffer; headers: Record<string, string> } {
  if (request.form !== undefined)
    return {
      data: encodeParams(request.form).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
  if (request.json !== undefined)
    return { data: JSON.stringify(request.json), headers: { "content-type": "application/json" } };
  if (request.body !== undefined)
    return { data: request.body.bytes, headers: { "content-type": request.body.contentType } };
  return { headers: {} };
}

function encodeParams(values: Readonly<Record<string, string | readonly string[]>>): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of typeof value === "string" ? [value] : value) params.append(name, one);
  }
  return params;
}

function keepAll(): BodyReader {
  const pieces: Buffer[] = [];
  return {
    take: (bytes) => void pieces.push(bytes),
    end: () => Buffer.concat(pieces),
  };
}

/** By events: an iterator over the stream costs several promises a piece. */
function readAll(
  stream: Readable,
  reader: BodyReader,
  maxBytes: number,
  config: HttpClientConfig,
  signal: AbortSignal,
): Promise<{ readonly body: Buffer; readonly bytes: number }> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const cut = () => stream.destroy();
    const end = () => {
      signal.removeEventListener("abort", cut);
      stream.destroy();
    };
    const fail = (error: unknown) => {
      end();
      if (isMeshlensError(error)) reject(error);
      else if (signal.aborted) reject(signal.reason);
      // The status line had come, so the query may be heavy: no repeat, unlike a connection that broke before it answered.
      else reject(brokenAnswerError(config.name, config.url, error));
    };
    signal.addEventListener("abort", cut, { once: true });
    stream.on("data", (bytes: Buffer) => {
      size += bytes.length;
      if (size > maxBytes) fail(tooLargeError(config.name, maxBytes));
      else reader.take(bytes);
    });
    stream.on("error", fail);
    stream.on("end", () => {
      end();
      resolve({ body: reader.end(), bytes: size });
    });
    // After an end or an error this changes nothing any more.
    stream.on("close", () => fail(new Error("closed before its end")));
    if (signal.aborted) cut();
  });
}

const isOk = (status: number): boolean => status >= 200 && status < 300;
