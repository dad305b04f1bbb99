/** Links of a service over a window: the same question in each UI. */
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Link } from "../mesh.js";
import { kibanaLinks, kqlPhrase } from "./kibana-link.js";
import { type LinkTargets, queryString, urlBelow } from "./link-targets.js";
import { link, zipkinUrl } from "./trace-links.js";

/** The best guess where a backend was not asked for its names: Istio's default. */
function traceServiceName({ name, namespace }: ServiceRef): string {
  return `${name}.${namespace}`;
}

/** Links of one service; `nameIn` says the service's name in a trace source where it was learned. */
export function serviceLinks(
  ref: ServiceRef,
  window: TimeWindow,
  targets: LinkTargets,
  nameIn: (sourceName: string) => string | null,
): readonly Link[] {
  const fromMs = Math.floor(window.fromMs);
  const toMs = Math.ceil(window.toMs);
  const sources = targets.sources.flatMap(({ name, kind, baseUrl }): readonly Link[] => {
    if (baseUrl === null) return [];
    const service = nameIn(name) ?? traceServiceName(ref);
    if (kind === "prometheus") return link("PROMETHEUS", name, prometheusUrl(baseUrl, ref, fromMs, toMs));
    if (kind === "jaeger") {
      const query = { service, start: `${fromMs}000`, end: `${toMs}000`, lookback: "custom", limit: "20" };
      return link("JAEGER", name, urlBelow(baseUrl, `/search?${queryString(query)}`));
    }
    if (kind === "zipkin") {
      const query = {
        serviceName: service.toLowerCase(),
        lookback: "range",
        startTs: String(fromMs),
        endTs: String(toMs),
        limit: "20",
      };
      return link("ZIPKIN", name, zipkinUrl(baseUrl, `/?${queryString(query)}`));
    }
    return [];
  });
  const words = `${kqlPhrase(ref.namespace)} and ${kqlPhrase(ref.name)}`;
  return [
    ...sources,
    ...kibanaLinks(targets, "logs", words, window),
    ...grafanaLinks(targets.grafana, ref, fromMs, toMs),
    ...meshlensLinks(targets.publicUrl, ref, fromMs, toMs),
  ];
}

/** Requests by reporter and code, in Istio's names: what one wants to see first, and easy to change there. */
function requestRateExpression({ namespace, name }: ServiceRef): string {
  const matchers = `destination_service_namespace=${label(namespace)},destination_service_name=${label(name)}`;
  return `sum by (reporter, response_code) (rate(istio_requests_total{${matchers}}[5m]))`;
}

/** A PromQL string: backslash, quote and line ends escaped. */
function label(value: string): string {
  const escaped = value
    .replace(/[\\"]/g, (char) => `\\${char}`)
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r");
  return `"${escaped}"`;
}

function prometheusUrl(baseUrl: string, ref: ServiceRef, fromMs: number, toMs: number): string | null {
  const seconds = Math.max(1, Math.ceil((toMs - fromMs) / 1000));
  const end = new Date(toMs).toISOString().slice(0, 19).replace("T", " ");
  const query = {
    "g0.expr": requestRateExpression(ref),
    "g0.tab": "0",
    "g0.range_input": `${seconds}s`,
    "g0.end_input": end,
  };
  return urlBelow(baseUrl, `/graph?${queryString(query)}`);
}

/** Explore with Grafana's default datasource: its ids are not ours to know. */
function grafanaLinks(grafana: string | null, ref: ServiceRef, fromMs: number, toMs: number): readonly Link[] {
  if (grafana === null) return [];
  const range = { from: String(fromMs), to: String(toMs) };
  const panes = JSON.stringify({ a: { queries: [{ refId: "A", expr: requestRateExpression(ref) }], range } });
  return link(
    "GRAFANA",
    "explore",
    urlBelow(grafana, `/explore?${queryString({ schemaVersion: "1", orgId: "1", panes })}`),
  );
}

/** The service page's variables in our own GraphiQL. */
function meshlensLinks(publicUrl: string | null, ref: ServiceRef, fromMs: number, toMs: number): readonly Link[] {
  if (publicUrl === null) return [];
  const absolute = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  const variables = JSON.stringify({ service: ref, range: { absolute } });
  return link("MESHLENS", "service", urlBelow(publicUrl, `/graphiql?${queryString({ variables })}`));
}
