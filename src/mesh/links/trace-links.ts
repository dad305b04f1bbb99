/** Links of a trace: itself in each UI that holds it, and its lines in Kibana. */
import { traceIdSpellings } from "../../telemetry/trace-id.js";
import type { Link } from "../mesh.js";
import { kibanaLinks, kqlPhrase } from "./kibana-link.js";
import { type LinkTargets, urlBelow } from "./link-targets.js";

const marginMs = 15 * 60_000;

/** Links to one trace; `startMs` is about when it happened. */
export function traceLinks(
  trace: { readonly traceId: string; readonly foundIn: readonly string[]; readonly startMs: number },
  targets: LinkTargets,
): readonly Link[] {
  const id = encodeURIComponent(shortest(trace.traceId));
  const own = targets.sources.flatMap(({ name, kind, baseUrl }): readonly Link[] => {
    if (baseUrl === null || !trace.foundIn.includes(name)) return [];
    if (kind === "jaeger") return link("JAEGER", name, urlBelow(baseUrl, `/trace/${id}`));
    if (kind === "zipkin") return link("ZIPKIN", name, zipkinUrl(baseUrl, `/traces/${id}`));
    return [];
  });
  const query = traceIdSpellings(trace.traceId).map(kqlPhrase).join(" or ");
  const window = { fromMs: trace.startMs - marginMs, toMs: trace.startMs + marginMs };
  return [...own, ...kibanaLinks(targets, "logs of the trace", query, window)];
}

/** Zipkin's UI lives under /zipkin, which a configured base may already name. */
export function zipkinUrl(baseUrl: string, path: string): string | null {
  return urlBelow(baseUrl.replace(/\/zipkin\/*$/, ""), `/zipkin${path}`);
}

/** A link, or none where the base is no URL. */
export function link(kind: Link["kind"], name: string, url: string | null): readonly Link[] {
  return url === null ? [] : [{ kind, name, url }];
}

/** 64-bit ids are stored without the zeros we pad them with. */
function shortest(traceId: string): string {
  return traceId.startsWith("0".repeat(16)) ? traceId.slice(16) : traceId;
}
