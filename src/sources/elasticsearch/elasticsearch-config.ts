/** What the Elasticsearch adapter needs from the configuration. */
import type { SourceConnection } from "../../telemetry/source-connection.js";

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

/** One Elasticsearch cluster (8.x or 9.x). */
export interface ElasticsearchSourceConfig extends SourceConnection {
  readonly cluster?: string;
  readonly isShard?: boolean;
  /** Indices, data streams, aliases, wildcards, a comma list of them. Default `logstash-*`. */
  readonly index?: string;
  readonly fields?: LogFieldNames;
}

/** Index pattern asked when none is configured: what Fluentd's daemonset writes. */
export const defaultIndex = "logstash-*";
