/** Traces of a service: one search per source, copies merged, newest first, page by page. */
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Span, TraceBatch, TraceSource } from "../../telemetry/trace-source.js";
import { canSee } from "../../telemetry/visibility.js";
import { spanNamespace, spanService } from "../identity/span-service.js";
import type { MeshTrace, Pillar, ReadContext, TracePage, TracePosition, TraceSelection } from "../mesh.js";
import { askSources, notConfigured, pillarOf } from "../pillar.js";
import { callOptions, type EvidenceDeps, isSameService } from "./evidence-deps.js";
import { holdsAll } from "./holds-all.js";
import { type FoundTrace, type MergedSpan, type MergedTrace, mergeTraces } from "./merge-traces.js";
import { meshTrace, type TraceView } from "./mesh-trace.js";

/** What is searched for. */
export interface TraceQuestion {
  readonly ref: ServiceRef;
  readonly window: TimeWindow;
  readonly selection: TraceSelection;
  readonly limit: number;
  readonly after: TracePosition | null;
}

const nothing: TraceBatch = { traces: [], isCut: false, warnings: [] };

/**
 * Backends place a trace by when it reached the service, pages by when it began: a later page looks this much past its own end, or it would
 * lose slow traces, which began before that instant and reached the service after it.
 */
const reachMs = 10_000;

/** A page, and the source that needs no other. */
export interface SearchedPage {
  readonly page: Pillar<TracePage>;
  /** Holds all that was found; null where none does, or too little was found to tell. */
  readonly holder: TraceSource | null;
  /** All that was found, also what the page does not show. */
  readonly found: readonly MergedTrace[];
}

/**
 * One page by one search per source; a second one only where a later page's first found nothing but traces already shown. A source whose
 * backend has no name for the service answers with no traces. @param sources those asked
 */
export async function searchTraces(
  question: TraceQuestion,
  sources: readonly TraceSource[],
  deps: EvidenceDeps,
  context: ReadContext,
  view: TraceView,
): Promise<SearchedPage> {
  const { ref, after } = question;
  if (sources.length === 0) return { page: notConfigured("jaeger", "traces"), holder: null, found: [] };
  if (!canSee(context.visibility, ref.namespace))
    return { page: { value: { traces: [], next: null }, sources: [], errors: [] }, holder: null, found: [] };
  const asked = await askSources(sources, callOptions(context), deps.clock, async (source, options) => {
    const name = await deps.names.nameIn(source, ref, deps.workloadsOf(ref), options);
    if (name === null) return { value: { batch: nothing, name: "" }, warnings: [] };
    const search = (reach: number) => searchBackTo(question, reach, name, source, options);
    const first = await search(reachMs);
    const isSpent =
      after !== null && first.isCut && first.traces.every((trace) => startOf(trace.spans) > after.startMs);
    const batch = isSpent ? await search(0) : first;
    return { value: { batch, name }, warnings: batch.warnings };
  });
  let holder: TraceSource | null = null;
  let merged: readonly MergedTrace[] = [];
  const page = pillarOf(asked, (answers) => {
    const found: FoundTrace[] = answers.flatMap(({ source, value }) =>
      value.batch.traces.map((trace) => ({ source, trace })),
    );
    const names = new Set(answers.flatMap(({ value }) => (value.name === "" ? [] : [value.name.toLowerCase()])));
    const belongs = (one: MergedTrace) =>
      one.spans.some((span) => isOfService(span, question, names, deps)) && hasOperation(one, question, names, deps);
    merged = mergeTraces(found);
    const batches = answers.map(({ source, value }) => ({ source, batch: value.batch }));
    if (batches.length > 1) holder = batches.find((one) => holdsAll(one, merged))?.source ?? null;
    const traces = merged
      .filter(belongs)
      .flatMap((one) => meshTrace(one, view) ?? [])
      .filter((trace) => context.visibility.namespaces === "all" || showsTags(trace, question.selection.tags))
      .sort(newestFirst);
    const cut = answers.filter(({ value }) => value.batch.isCut).map(({ value }) => value.batch);
    return pageOf(traces, cut, merged, question.limit, after);
  });
  return { page, holder, found: merged };
}

/** Order of traces: newest start first, then id. */
export function newestFirst(a: TracePosition, b: TracePosition): number {
  return b.startMs - a.startMs || (a.traceId < b.traceId ? -1 : a.traceId > b.traceId ? 1 : 0);
}

async function searchBackTo(
  question: TraceQuestion,
  reach: number,
  serviceName: string,
  source: TraceSource,
  options: CallOptions,
): Promise<TraceBatch> {
  const { window, selection, after } = question;
  // Backends keep whole ms of a window: up, so that traces of the same instant stay in it.
  const toMs = after === null ? window.toMs : Math.min(window.toMs, Math.ceil(after.startMs + reach));
  if (toMs <= window.fromMs) return nothing;
  const { minDurationMs, maxDurationMs, errorsOnly, tags } = selection;
  const limits = { minDurationMs, maxDurationMs, errorsOnly, tags, limit: searchLimit(question) };
  return source.search({ serviceName, window: { fromMs: window.fromMs, toMs }, ...limits }, options);
}

/** One more than the page tells whether more follows; traces filtered here or already shown use up places. */
function searchLimit({ limit, selection, after }: TraceQuestion): number {
  const spare = (selection.operation === null ? 0 : limit * 3) + (after === null ? 0 : Math.max(20, limit));
  return Math.min(1000, limit + 1 + spare);
}

/** Equal names in two namespaces must not mix: a span's own namespace decides, its name where it has none. */
function isOfService(
  merged: MergedSpan,
  { ref }: TraceQuestion,
  names: ReadonlySet<string>,
  deps: EvidenceDeps,
): boolean {
  const service = spanService(merged.span, merged.sourceCluster, deps.clusters);
  if (service !== null && isSameService(ref, service, deps.clusters)) return true;
  const namespace = spanNamespace(merged.span);
  return names.has(merged.span.serviceName.toLowerCase()) && (namespace === null || namespace === ref.namespace);
}

/** Backends find tags on any span: one that is hidden, or a name that is struck out, must not be found by guessing it. */
function showsTags(trace: MeshTrace, tags: TraceSelection["tags"]): boolean {
  return Object.entries(tags).every(([key, value]) => trace.spans().some((span) => span.tags[key] === value));
}

function hasOperation(
  merged: MergedTrace,
  question: TraceQuestion,
  names: ReadonlySet<string>,
  deps: EvidenceDeps,
): boolean {
  const wanted = question.selection.operation?.toLowerCase();
  if (wanted === undefined) return true;
  return merged.spans.some(
    (one) => one.span.operation.toLowerCase() === wanted && isOfService(one, question, names, deps),
  );
}

/**
 * The first `limit` traces after the position. Below the oldest trace of a source that stopped at its limit other traces may be missing, so
 * they wait for the next page.
 */
function pageOf(
  traces: readonly MeshTrace[],
  cut: readonly TraceBatch[],
  all: readonly MergedTrace[],
  limit: number,
  after: TracePosition | null,
): TracePage {
  const fresh = traces.filter((trace) => after === null || newestFirst(after, trace) < 0);
  const startsMs = new Map(all.map((merged) => [merged.traceId, startOf(merged.spans.map(({ span }) => span))]));
  const horizons = cut.flatMap((batch) => {
    const oldest = Math.min(...batch.traces.map((trace) => startsMs.get(trace.traceId) ?? Number.POSITIVE_INFINITY));
    return Number.isFinite(oldest) ? [oldest] : [];
  });
  const horizonMs = horizons.length === 0 ? null : Math.max(...horizons);
  const sure = horizonMs === null ? fresh : fresh.filter((trace) => trace.startMs >= horizonMs);
  const page = sure.slice(0, limit);
  const last = page.at(-1);
  if (page.length < fresh.length && last !== undefined) return { traces: page, next: positionOf(last) };
  if (horizonMs === null || (after !== null && horizonMs >= after.startMs)) return { traces: page, next: null };
  return { traces: page, next: last === undefined ? { startMs: horizonMs, traceId: "" } : positionOf(last) };
}

/** When a trace began, as meshTrace tells it where it has a root. */
function startOf(spans: readonly Span[]): number {
  return (spans.find((span) => span.parentSpanId === null) ?? spans[0])?.startMs ?? Number.POSITIVE_INFINITY;
}

function positionOf({ startMs, traceId }: MeshTrace): TracePosition {
  return { startMs, traceId };
}
