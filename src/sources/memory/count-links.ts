/** Calls between services within one trace. Called when a trace is kept in memory. */
import type { DependencyLink, Span } from "../../telemetry/trace-source.js";

/** A call is a span whose parent, or the client it shares an id with, belongs to another service. */
export function countLinks(spans: readonly Span[]): readonly DependencyLink[] {
  const links = new Map<string, DependencyLink>();
  const unshared = new Map(spans.filter((span) => !span.isShared).map((span) => [span.spanId, span]));
  const all = new Map(spans.map((span) => [span.spanId, span]));
  for (const span of spans) {
    const parentId = span.isShared ? span.spanId : (span.parentSpanId ?? "");
    // The children of a shared pair belong to its server half, the shared half itself to the client.
    const parent = span.isShared ? unshared.get(parentId) : all.get(parentId);
    if (parent === undefined || parent.serviceName === span.serviceName) continue;
    addLink(links, { source: parent.serviceName, destination: span.serviceName, callCount: 1 });
  }
  return [...links.values()];
}

/** Counts of the same pair become one. */
export function joinLinks(links: Iterable<DependencyLink>): DependencyLink[] {
  const joined = new Map<string, DependencyLink>();
  for (const link of links) addLink(joined, link);
  return [...joined.values()];
}

function addLink(links: Map<string, DependencyLink>, link: DependencyLink): void {
  const key = JSON.stringify([link.source, link.destination]);
  const callCount = (links.get(key)?.callCount ?? 0) + link.callCount;
  links.set(key, { ...link, callCount });
}
