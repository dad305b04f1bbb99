/**
 * Calls to one Elasticsearch cluster through its own client, with retries off and our own deadline, limit, pause and circuit breaker:
 * the same terms as the HTTP client of the other sources.
 */
import { setMaxListeners } from "node:events";
import { Client, errors } from "@elastic/elasticsearch";
import { MeshlensError } from "../../errors.js";
import { createCallSignal } from "../../http/call-signal.js";
import { createCircuitBreaker } from "../../http/circuit-breaker.js";
import { createConcurrencyLimit } from "../../http/concurrency-limit.js";
import type { HttpObserver } from "../../http/http-client.js";
import { statusError } from "../../http/http-error.js";
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { ElasticsearchSourceConfig } from "./elasticsearch-config.js";
import { defaultMaxResponseBytes, elasticsearchError } from "./elasticsearch-error.js";
import { ProductConnection } from "./product-connection.js";

/** Options every API method of the client takes beside its parameters. */
export interface SendOptions {
  readonly signal: AbortSignal;
  readonly headers: Record<string, string>;
  readonly maxResponseSize: number;
  readonly maxCompressedResponseSize: number;
  /** The client's own spans would stand beside ours and hold what users typed. */
  readonly openTelemetry: { readonly enabled: false };
}

/** One cluster. */
export interface ElasticsearchClient {
  /**
   * Sends one API call within the caller's deadline.
   * @throws MESHLENS_ERR_SOURCE_UNREACHABLE · _TIMEOUT · _UNAUTHORIZED · _RATE_LIMITED · _STATUS · _QUERY_REFUSED · _DECODE ·
   * _TOO_LARGE · _UNSUPPORTED · _CIRCUIT_OPEN · _ABORTED
   */
  call<T>(
    operation: string,
    options: CallOptions,
    send: (client: Client, sendOptions: SendOptions) => Promise<T>,
  ): Promise<T>;
  close(): Promise<void>;
}

/** What the client needs beside its configuration. */
export interface ElasticsearchClientDeps {
  readonly clock: Clock;
  readonly observer?: HttpObserver;
}

/** Sockets open lazily; close to end them. */
export function createElasticsearchClient(
  config: ElasticsearchSourceConfig,
  deps: ElasticsearchClientDeps,
): ElasticsearchClient {
  const { clock, observer } = deps;
  const timeoutMs = config.timeoutMs ?? 8_000;
  const maxBytes = config.maxResponseBytes ?? defaultMaxResponseBytes;
  const maxConcurrent = config.maxConcurrent ?? 16;
  const client = createClient(config, timeoutMs, maxConcurrent);
  const limit = createConcurrencyLimit(maxConcurrent);
  const breaker = createCircuitBreaker({ clock, failureThreshold: 5, firstPauseMs: 1_000, maxPauseMs: 15_000 });
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  let pausedUntilMs = 0;

  /** Only what speaks of the backend's health moves the breaker. */
  function judge(error: MeshlensError): void {
    if (error.code === "MESHLENS_ERR_SOURCE_RATE_LIMITED")
      pausedUntilMs = clock.nowMs() + (error.details.retryAfterMs ?? 1_000);
    if (error.code === "MESHLENS_ERR_SOURCE_ABORTED") breaker.abandoned();
    else if (
      ["MESHLENS_ERR_SOURCE_UNREACHABLE", "MESHLENS_ERR_SOURCE_TIMEOUT"].includes(error.code) ||
      (error.details.status ?? 0) >= 500
    )
      breaker.failed();
    else breaker.succeeded();
  }

  async function attempt<T>(send: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await send();
    } catch (error) {
      // A kept-alive connection may have been closed just as it was used again; the client's note of the socket says nothing was answered.
      if (signal.aborted || !(error instanceof errors.ConnectionError) || !error.message.includes(" - Local: "))
        throw error;
      return await send();
    }
  }

  return {
    async call(operation, options, send) {
      const pause = pausedUntilMs - clock.nowMs();
      if (pause > 0) throw statusError(config.name, config.url, 429, pause);
      const openMs = breaker.pauseMs();
      if (openMs > 0) throw circuitOpen(config.name, openMs);
      const left = Math.min(timeoutMs, options.deadlineMs - clock.nowMs());
      const call = createCallSignal(config.name, left, [options.signal, closing.signal]);
      const seen = observer?.start({ source: config.name, operation });
      let release: (() => void) | undefined;
      try {
        release = await limit.acquire(call.signal);
        // The client dispatches events of its own on the signal it is given and may listen to it longer than the call lasts.
        const sendOptions = {
          signal: call.signal,
          headers: { ...seen?.headers },
          maxResponseSize: maxBytes,
          maxCompressedResponseSize: maxBytes,
          openTelemetry: { enabled: false } as const,
        };
        const answer = await attempt(() => send(client, sendOptions), call.signal);
        breaker.succeeded();
        seen?.end({ status: 200, errorCode: null, bytes: 0 });
        return answer;
      } catch (thrown) {
        const cause: unknown = call.signal.aborted ? call.signal.reason : thrown;
        const error = elasticsearchError(config, cause, clock.nowMs());
        judge(error);
        seen?.end({ status: error.details.status ?? null, errorCode: error.code, bytes: 0 });
        throw error;
      } finally {
        release?.();
        call.dispose();
      }
    },
    async close() {
      closing.abort();
      await client.close();
    },
  };
}

function createClient(config: ElasticsearchSourceConfig, timeoutMs: number, connections: number): Client {
  const url = new URL(config.url);
  // User and password in a URL would stand in errors and spans of the client; the configuration has auth for them.
  url.username = "";
  url.password = "";
  const { tls } = config;
  return new Client({
    node: url.href,
    Connection: ProductConnection,
    maxRetries: 0,
    // Ours is sooner; the client's own time limit ends with the headers.
    requestTimeout: timeoutMs + 30_000,
    compression: false,
    sniffOnStart: false,
    sniffOnConnectionFault: false,
    disablePrototypePoisoningProtection: false,
    headers: { ...config.headers },
    agent: { keepAlive: true, maxSockets: connections, maxFreeSockets: connections, scheduling: "lifo" },
    ...(config.basicAuth !== undefined && { auth: { ...config.basicAuth } }),
    ...(config.bearerToken !== undefined && { auth: { bearer: config.bearerToken } }),
    ...(tls !== undefined && {
      tls: {
        ...(tls.ca !== undefined && { ca: tls.ca }),
        ...(tls.cert !== undefined && { cert: tls.cert }),
        ...(tls.key !== undefined && { key: tls.key }),
        ...(tls.serverName !== undefined && { servername: tls.serverName }),
        rejectUnauthorized: tls.insecureSkipVerify !== true,
      },
    }),
  });
}

function circuitOpen(source: string, openMs: number): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_SOURCE_CIRCUIT_OPEN",
    `${source} failed several times in a row; it is asked again in ${Math.ceil(openMs / 1000)} s`,
    { source, retryAfterMs: openMs },
  );
}
