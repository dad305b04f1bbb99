/** Calls to one Elasticsearch cluster through its own client, with retries off and on the terms of all sources (http/call-guard.ts). */
import { Client, errors } from "@elastic/elasticsearch";
import { createCallGuard } from "../../http/call-guard.js";
import type { HttpObserver } from "../../http/http-client.js";
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import { connectionDefaults, urgentPlaces } from "../../telemetry/source-connection.js";
import type { ElasticsearchSourceConfig } from "./elasticsearch-config.js";
import { elasticsearchError } from "./elasticsearch-error.js";
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
  const { timeoutMs, maxResponseBytes: maxBytes, maxConcurrent } = { ...connectionDefaults, ...config };
  const client = createClient(config, timeoutMs, maxConcurrent + urgentPlaces);
  const asError = (thrown: unknown) => elasticsearchError(config, thrown, deps.clock.nowMs());
  const guard = createCallGuard(config, { ...deps, asError });

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
    call: (operation, options, send) =>
      guard.run(operation, options, async (signal, headers) => {
        const sendOptions = {
          signal,
          headers: { ...headers },
          maxResponseSize: maxBytes,
          maxCompressedResponseSize: maxBytes,
          openTelemetry: { enabled: false } as const,
        };
        return { value: await attempt(() => send(client, sendOptions), signal), status: 200, bytes: 0 };
      }),
    async close() {
      guard.close();
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
    ...(config.apiKey !== undefined && { auth: { apiKey: config.apiKey } }),
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
