/**
 * The one outbound HTTP client's face: what adapters ask for and what they get. createHttpClient (create-http-client.ts) builds it.
 * Everything that can go wrong on a network becomes one of MESHLENS_ERR_SOURCE_*.
 */
import type { CallOptions } from "../telemetry/source.js";
import type { SourceConnection } from "../telemetry/source-connection.js";

/** What a client is made of. */
export type HttpClientConfig = SourceConnection;

/** One request. Exactly one of `form`, `json`, `body` may be given. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path below the base URL, beginning with "/"; segments already encoded by the caller. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly form?: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: unknown;
  readonly body?: { readonly contentType: string; readonly bytes: string | Buffer };
  readonly headers?: Readonly<Record<string, string>>;
  /** Kind of question, from a small fixed set per adapter; a span name and a metric label. */
  readonly operation: string;
  /** Statuses other than 2xx that are an answer to this question (404 = nothing found; 400 whose body explains). */
  readonly acceptStatus?: readonly number[];
  /** Reads the body while it comes, in place of keeping it: one reader for each time the request is sent. */
  readonly reader?: () => BodyReader;
}

/** Takes a body piece by piece. It throws nothing: what it cannot read it keeps. */
export interface BodyReader {
  take(bytes: Buffer): void;
  /** Called once after the last piece: the bytes that stand for the body in the answer. */
  end(): Buffer;
}

/** A whole answer: status 2xx or one of acceptStatus. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly durationMs: number;
}

/** A keep-alive client to one backend. */
export interface HttpClient {
  /**
   * Sends one request and reads its body to the end. Repeats once, and only a GET or a read-only POST whose connection failed before any answer.
   * @throws MESHLENS_ERR_SOURCE_UNREACHABLE refused, DNS, TLS, reset · _TIMEOUT · _UNAUTHORIZED 401, 403 · _RATE_LIMITED 429 (and
   * until its Retry-After has passed) · _STATUS other statuses · _TOO_LARGE · _CIRCUIT_OPEN · _ABORTED
   */
  request(request: HttpRequest, options: CallOptions): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** An answer that goes on: a watch. */
export interface HttpStream {
  readonly status: number;
  /**
   * Its bytes as they come, once. Ends when the backend ends it or `close` is called.
   * @throws MESHLENS_ERR_SOURCE_UNREACHABLE when the connection breaks · _ABORTED when the caller's signal or the client's close ends it
   */
  readonly chunks: AsyncIterable<Buffer>;
  /** Ends it from this side; harmless when it has ended. */
  close(): void;
}

/** A client that can also listen. */
export interface StreamingHttpClient extends HttpClient {
  /**
   * Sends one request and returns when its answer begins; `deadlineMs` and the source's timeout end there, `signal` ends the stream too.
   * A stream has a connection of its own beside `maxConcurrent`, and no cap on its bytes.
   * @throws as `request` does
   */
  stream(request: HttpRequest, options: CallOptions): Promise<HttpStream>;
}

/** Observes each finished call: self-metrics and spans are made from it in `server/`. */
export interface HttpObserver {
  /** Called when a call starts; the returned function is called once when it ends, with the error code or null. */
  start(call: { readonly source: string; readonly operation: string }): {
    /** Headers to send along (W3C traceparent). */
    readonly headers: Readonly<Record<string, string>>;
    end(outcome: { readonly status: number | null; readonly errorCode: string | null; readonly bytes: number }): void;
  };
}
