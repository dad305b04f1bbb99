/** What the Elasticsearch adapter needs from the configuration. */

/** Field names for documents of a shape Meshlens does not know; each replaces what it would learn. */
export interface LogFieldNames {
  readonly timestamp?: string | undefined;
  readonly message?: string | undefined;
  readonly level?: string | undefined;
  readonly namespace?: string | undefined;
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
  /** One or several, best first. */
  readonly service?: string | readonly string[] | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
  readonly requestId?: string | undefined;
}

/** One Elasticsearch cluster (8.x or 9.x). An API key comes as an `Authorization: ApiKey ...` header. */
export interface ElasticsearchSourceConfig {
  readonly name: string;
  readonly url: string;
  readonly cluster?: string;
  readonly isShard?: boolean;
  /** Indices, data streams, aliases, wildcards, a comma list of them. Default `logstash-*`. */
  readonly index?: string;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly bearerToken?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: {
    /** PEM text. */
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
    readonly insecureSkipVerify?: boolean;
  };
  /** The longest one call may take, ms. Default 8,000. */
  readonly timeoutMs?: number;
  /** Default 64 MiB. */
  readonly maxResponseBytes?: number;
  /** Calls under way at once. Default 16. */
  readonly maxConcurrent?: number;
  readonly fields?: LogFieldNames;
}

/** Index pattern asked when none is configured: what Fluentd's daemonset writes. */
export const defaultIndex = "logstash-*";
