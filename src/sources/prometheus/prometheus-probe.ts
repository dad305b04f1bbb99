/** What a server of Prometheus's API says about itself. Called by the source's probe. */
import type { HttpAnswer } from "../../http/http-client.js";
import { isObject } from "../../http/read-json.js";

/** The program and its version; both null where the server does not tell. */
export interface PrometheusIdentity {
  readonly version: string | null;
  /** `thanos`, `mimir` or `victoriametrics` where recognised; null is Prometheus or unknown. */
  readonly product: string | null;
}

/** Histograms of the dialects that may be native; asking for all names would read every series of the server. */
export const nativeHistogramNames: readonly string[] = [
  "istio_request_duration_milliseconds",
  "traces_span_metrics_duration_milliseconds",
  "traces_span_metrics_duration_seconds",
  "http_server_request_duration_seconds",
];

/** Reads `/api/v1/status/buildinfo`: Mimir names itself, Thanos is still at 0.x, VictoriaMetrics adds a header of its own. */
export function identityOf(answer: HttpAnswer, data: unknown): PrometheusIdentity {
  const { version, application } = isObject(data) ? data : {};
  const text = typeof version === "string" && version !== "" ? version : null;
  if (typeof application === "string" && /mimir/i.test(application)) return { version: text, product: "mimir" };
  if ("x-server-hostname" in answer.headers) return { version: text, product: "victoriametrics" };
  if (text !== null && /^v?0\./.test(text)) return { version: text, product: "thanos" };
  return { version: text, product: null };
}
