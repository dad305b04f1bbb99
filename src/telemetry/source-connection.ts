/** Where a backend is and how to talk to it: what the configuration gives and every client over a network takes. */

/** Address and terms of one source. All of headers, basicAuth, bearerToken, apiKey and tls.key are secret. */
export interface SourceConnection {
  /** Name of the source, for errors and metrics. */
  readonly name: string;
  /** Base URL; a path in it is kept in front of every request's path. */
  readonly url: string;
  /** Sent with every request (`X-Scope-OrgID`). */
  readonly headers?: Readonly<Record<string, string>>;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly bearerToken?: string;
  /** Elasticsearch only. */
  readonly apiKey?: string;
  readonly tls?: {
    /** PEM text. */
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
    readonly insecureSkipVerify?: boolean;
  };
  /** The longest one call may take, ms; the request's own deadline may be sooner. */
  readonly timeoutMs?: number;
  /** Bytes of body after decompression at which reading stops. */
  readonly maxResponseBytes?: number;
  /** Calls under way at once; more wait in a queue bounded by their deadline. */
  readonly maxConcurrent?: number;
}

/** Places beside `maxConcurrent` that only urgent calls are given. */
export const urgentPlaces = 2;

/** What holds where a connection does not say. */
export const connectionDefaults = { timeoutMs: 8_000, maxResponseBytes: 64 * 1_048_576, maxConcurrent: 16 } as const;
