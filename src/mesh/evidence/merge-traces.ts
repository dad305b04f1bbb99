/**
 * One trace out of the copies several backends hold: Jaeger and Zipkin store the same span with different spelling, clock and ids.
 * Called by trace search and lookup after all sources have answered.
 */

import { groupBy } from "../../telemetry/group-by.js";
import type { Span, SpanEvent, Trace } from "../../telemetry/trace-source.js";
import { compareSpans } from "./span-tree.js";

/** A trace as one source holds it. */
export interface FoundTrace {
  readonly source: { readonly name: string; readonly cluster: string | null };
  readonly trace: Trace;
}

/** A span with the cluster of the source that had it first, for spans that do not say theirs. */
export interface MergedSpan {
  readonly span: Span;
  readonly sourceCluster: string | null;
}

/** A trace with each span once, earliest start first. */
export interface MergedTrace {
  readonly traceId: string;
  /** Names of the sources, in the order of the answers. */
  readonly foundIn: readonly string[];
  readonly spans: readonly MergedSpan[];
  /** True when a source cut its copy. */
  readonly isCut: boolean;
}

/** Unites copies of the same trace; a 64-bit id is the same as the 128-bit id that ends in it. In order of first appearance. */
export function mergeTraces(found: readonly FoundTrace[]): readonly MergedTrace[] {
  const groups = groupBy(found, canonicalIds(found.map(({ trace }) => trace.traceId)));
  return [...groups].map(([traceId, copies]) => ({
    traceId,
    foundIn: [...new Set(copies.map((copy) => copy.source.name))],
    spans: mergeCopies(copies),
    isCut: copies.some((copy) => !copy.trace.isComplete),
  }));
}

const zeros = "0".repeat(16);

/** Maps a 64-bit id to the one long id with the same tail, where there is exactly one. */
function canonicalIds(ids: readonly string[]): (found: FoundTrace) => string {
  const longIds = new Set(ids.filter((id) => !id.startsWith(zeros)));
  const byTail = groupBy(longIds, (id) => id.slice(16));
  return ({ trace: { traceId } }) => {
    if (!traceId.startsWith(zeros)) return traceId;
    const long = byTail.get(traceId.slice(16)) ?? [];
    return long.length === 1 && long[0] !== undefined ? long[0] : traceId;
  };
}

interface Slot {
  span: Span;
  readonly sourceCluster: string | null;
  /** Copies that are in this slot: a copy has each span once. */
  readonly copies: Set<number>;
}

function mergeCopies(copies: readonly FoundTrace[]): readonly MergedSpan[] {
  const slots: Slot[] = [];
  const newIds = new Map<string, string>();
  for (const [copy, { source, trace }] of copies.entries()) {
    const known = { bySide: groupBy(slots, sideKey), servers: slots.filter((slot) => isServerSide(slot.span)) };
    const countOf = groupBy(trace.spans, (span) => sideKey({ span }));
    for (const span of trace.spans) {
      const peers = (known.bySide.get(sideKey({ span })) ?? []).filter((slot) => !slot.copies.has(copy));
      const isOnlyPair = peers.length === 1 && countOf.get(sideKey({ span }))?.length === 1;
      const same = isOnlyPair ? peers[0] : (nearest(peers, span) ?? splitTwin(known.servers, span, copy));
      if (same === undefined) {
        slots.push({ span, sourceCluster: source.cluster, copies: new Set([copy]) });
        continue;
      }
      // Jaeger gives the server half of a shared span an id of its own; its children name that one.
      if (same.span.spanId !== span.spanId) {
        const [from, to] = same.span.isShared ? [span, same.span] : [same.span, span];
        newIds.set(from.spanId, to.spanId);
      }
      same.span = unite(same.span, span);
      same.copies.add(copy);
    }
  }
  return slots
    .map(({ span, sourceCluster }) => ({ span: withSharedParent(span, newIds), sourceCluster }))
    .sort((a, b) => compareSpans(a.span, b.span));
}

function isServerSide(span: Span): boolean {
  return span.kind === "SERVER" || span.kind === "CONSUMER";
}

/** A shared id stands for two spans, the client's and the server's. */
function sideKey({ span }: { readonly span: Span }): string {
  return `${span.spanId} ${isServerSide(span)}`;
}

/** Backends keep whole µs, of durations at least one. */
const sameMs = 0.0021;

function nearest(slots: readonly Slot[], span: Span): Slot | undefined {
  return slots
    .filter((slot) => Math.abs(slot.span.durationMs - span.durationMs) < sameMs)
    .sort((a, b) => Math.abs(a.span.startMs - span.startMs) - Math.abs(b.span.startMs - span.startMs))[0];
}

/** The other form of a shared server span: one copy has it under its client's id, the other as a child of that id. */
function splitTwin(servers: readonly Slot[], span: Span, copy: number): Slot | undefined {
  if (!isServerSide(span)) return undefined;
  return servers.find((slot) => {
    const [shared, split] = slot.span.isShared ? [slot.span, span] : [span, slot.span];
    return (
      !slot.copies.has(copy) &&
      shared.isShared &&
      !split.isShared &&
      split.parentSpanId === shared.spanId &&
      sameName(shared.serviceName, split.serviceName) &&
      Math.abs(shared.startMs - split.startMs) < sameMs &&
      Math.abs(shared.durationMs - split.durationMs) < sameMs
    );
  });
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** One span of two copies; where both say something the first is kept, but never the lower-cased spelling of the other. */
function unite(a: Span, b: Span): Span {
  const identity = b.isShared && !a.isShared ? b : a;
  return {
    spanId: identity.spanId,
    parentSpanId: identity.parentSpanId ?? (identity.spanId === b.spanId ? b.parentSpanId : null),
    isShared: a.isShared || b.isShared,
    serviceName: spelling(a.serviceName, b.serviceName),
    operation: spelling(a.operation, b.operation),
    kind: a.kind ?? b.kind,
    startMs: a.startMs,
    durationMs: Math.max(a.durationMs, b.durationMs),
    status: a.status === "ERROR" || b.status === "ERROR" ? "ERROR" : a.status === "UNSET" ? b.status : a.status,
    tags: { ...b.tags, ...a.tags },
    events: uniteEvents(a.events, b.events),
  };
}

function spelling(a: string, b: string): string {
  return a === "" || (sameName(a, b) && a === a.toLowerCase()) ? b : a;
}

function uniteEvents(a: readonly SpanEvent[], b: readonly SpanEvent[]): readonly SpanEvent[] {
  const isNew = (event: SpanEvent) =>
    !a.some((other) => Math.abs(other.atMs - event.atMs) < sameMs && sameName(other.name, event.name));
  return [...a, ...b.filter(isNew)].sort((x, y) => x.atMs - y.atMs);
}

function withSharedParent(span: Span, newIds: ReadonlyMap<string, string>): Span {
  const parentSpanId = span.parentSpanId === null ? undefined : newIds.get(span.parentSpanId);
  return parentSpanId === undefined ? span : { ...span, parentSpanId };
}
