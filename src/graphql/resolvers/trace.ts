/** Resolvers of traces and their spans. */
import type { MeshTrace } from "../../mesh/mesh.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { take } from "../context.js";
import { traceCursor } from "../cursors.js";
import type {
  SpanEventResolvers,
  SpanResolvers,
  TraceConnectionResolvers,
  TraceEdgeResolvers,
  TraceResolvers,
  TraceRootResolvers,
} from "../generated/resolver-types.js";
import type { TraceConnectionParent, TraceParent } from "../parents.js";

/** How far around a trace that was asked for by id alone its services are looked at. */
const aroundTraceMs = 900_000;

/** The range services of a trace inherit when nothing gives one: a quarter of an hour around it. */
export function traceWindow(trace: Pick<MeshTrace, "startMs" | "durationMs">): TimeWindow {
  const { startMs, durationMs } = trace;
  return {
    fromMs: Math.floor(startMs - aroundTraceMs),
    toMs: Math.ceil(startMs + durationMs + aroundTraceMs),
  };
}

export const traceConnectionResolvers: TraceConnectionResolvers = {
  sources: async (parent) => (await parent.page()).sources,
  nodes: async (parent, _, context, info) => tracesOf(parent, take(context, info, await parent.page())?.traces),
  edges: async (parent, _, context, info) => {
    const traces = tracesOf(parent, take(context, info, await parent.page())?.traces);
    return traces?.map((trace) => ({ trace })) ?? null;
  },
  pageInfo: async (parent) => {
    const page = (await parent.page()).value;
    const last = page?.traces.at(-1);
    const end = page?.next ?? (last === undefined ? null : positionOf(last));
    return { hasNextPage: page !== null && page.next !== null, endCursor: end && traceCursor(end) };
  },
};

export const traceEdgeResolvers: TraceEdgeResolvers = {
  cursor: ({ trace }) => traceCursor(positionOf(trace.trace)),
  node: ({ trace }) => trace,
};

export const traceResolvers: TraceResolvers = {
  sources: (parent) => parent.sources(),
  traceId: ({ trace }) => trace.traceId,
  foundIn: ({ trace }) => trace.foundIn,
  startedAt: ({ trace }) => trace.startMs,
  durationMs: ({ trace }) => trace.durationMs,
  complete: ({ trace }) => trace.isComplete,
  root: ({ trace, window }) => ({ root: trace.root, window }),
  spanCount: ({ trace }) => trace.spanCount,
  errorCount: ({ trace }) => trace.errorCount,
  services: ({ trace, window }) => trace.services.map((ref) => ({ ref, window })),
  criticalPath: ({ trace }) => trace.criticalPath(),
  spans: ({ trace, window }) => trace.spans().map((span) => ({ span, trace, window })),
  logs: async ({ trace, window }, args, context) => ({
    window,
    pillar: await context.reader.logsOfTrace(trace, args.first ?? 20),
  }),
  links: ({ trace }) => trace.links(),
};

export const traceRootResolvers: TraceRootResolvers = {
  service: ({ root, window }) => root.service && { ref: root.service, window },
  operation: ({ root }) => root.operation,
};

export const spanResolvers: SpanResolvers = {
  spanId: ({ span }) => span.spanId,
  parentSpanId: ({ span }) => span.parentSpanId,
  service: ({ span, window }) => span.service && { ref: span.service, window },
  operation: ({ span }) => span.operation,
  kind: ({ span }) => span.kind,
  startedAt: ({ span }) => span.startMs,
  durationMs: ({ span }) => span.durationMs,
  selfMs: ({ span }) => span.selfMs,
  status: ({ span }) => span.status,
  tags: ({ span }) => tagsOf(span.tags),
  events: ({ span }) => span.events,
  logs: async ({ span, trace, window }, args, context) => ({
    window,
    pillar: await context.reader.logsOfSpan(trace, span, args.first ?? 20),
  }),
};

export const spanEventResolvers: SpanEventResolvers = {
  at: ({ atMs }) => atMs,
  name: ({ name }) => name,
  attributes: ({ attributes }) => tagsOf(attributes),
};

function tracesOf({ page, window }: TraceConnectionParent, traces: readonly MeshTrace[] | undefined) {
  const sources = async () => (await page()).sources;
  return traces?.map((trace): TraceParent => ({ trace, window, sources })) ?? null;
}

function positionOf({ startMs, traceId }: MeshTrace) {
  return { startMs, traceId };
}

function tagsOf(tags: Readonly<Record<string, string>>) {
  return Object.keys(tags)
    .sort()
    .map((key) => ({ key, value: tags[key] ?? "" }));
}
