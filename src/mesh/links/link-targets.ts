/** Where links point to: what the configuration says about the UIs people can reach. Nothing configured, no link. */
import type { SourceKind } from "../../telemetry/source.js";

/** The UI of one source. */
export interface SourceUi {
  readonly name: string;
  readonly kind: SourceKind;
  /** `linkUrl` of the source, else its `url`: a backend people reach under the address Meshlens uses needs no second key. */
  readonly baseUrl: string | null;
}

/** What links to Kibana depend on. */
export interface KibanaForm {
  readonly version: 7 | 8 | 9;
  /** Id of the data view (7: index pattern); null for the default one. */
  readonly dataView: string | null;
}

/** Bases of all UIs; null or missing makes no link. */
export interface LinkTargets {
  readonly publicUrl: string | null;
  readonly grafana: string | null;
  readonly kibana: string | null;
  /** How links to Kibana are written; left out for version 8 and its default data view. */
  readonly kibanaForm?: KibanaForm;
  readonly sources: readonly SourceUi[];
}

/** No UI is configured. */
export const noLinkTargets: LinkTargets = { publicUrl: null, grafana: null, kibana: null, sources: [] };

/** A base with a path below it: keeps the base's own path, drops its query, fragment and user. Null where the base is no http(s) URL. */
export function urlBelow(baseUrl: string, path: string): string | null {
  if (!URL.canParse(baseUrl)) return null;
  const parsed = new URL(baseUrl);
  if (!/^https?:$/.test(parsed.protocol)) return null;
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}${path}`;
}

/** `k=v` pairs of a query string, both percent-encoded. */
export function queryString(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeValue(value)}`)
    .join("&");
}

/** Percent-encodes also what RFC 3986 reserves and encodeURIComponent leaves; half a surrogate pair becomes U+FFFD instead of an error. */
export function encodeValue(value: string): string {
  return encodeURIComponent(Buffer.from(value).toString()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
