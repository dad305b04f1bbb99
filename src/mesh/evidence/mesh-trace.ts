/** A merged trace as the mesh shows it: whose spans, how long, what decided it, and nothing the caller may not see. */
import { once } from "../../telemetry/once.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import { strikeNames, strikeTags } from "../../telemetry/strike-names.js";
import type { Span } from "../../telemetry/trace-source.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import type { ClusterNames } from "../identity/cluster-name.js";
import { spanService } from "../identity/span-service.js";
import type { Link, MeshSpan, MeshTrace } from "../mesh.js";
import { criticalPath, type PathStep } from "./critical-path.js";
import type { MergedTrace } from "./merge-traces.js";
import { selfTimeMs } from "./self-time.js";
import { compareSpans, hasMissingParent, spanTree } from "./span-tree.js";

/** What a trace is shown with. */
export interface TraceView {
  readonly visibility: Visibility;
  readonly clusters: ClusterNames;
  readonly linksOf: (trace: {
    readonly traceId: string;
    readonly foundIn: readonly string[];
    readonly startMs: number;
  }) => readonly Link[];
}

/** The operation shown in place of a hidden one. */
export const hiddenOperation = "(not visible to you)";

/**
 * Null when no span is in a namespace the caller may see. Spans of other namespaces keep their time, kind and status only, and those that
 * are shown lose the names of such.
 * The trace's time is that of its root, whatever children did after it had answered; without a root, from the first start to the last end
 * of the spans whose parents are missing.
 */
export function meshTrace(merged: MergedTrace, view: TraceView): MeshTrace | null {
  const owned = merged.spans.map(({ span, sourceCluster }) => {
    const service = spanService(span, sourceCluster, view.clusters);
    return canSee(view.visibility, service?.namespace ?? "")
      ? { span, service }
      : { span: hidden(span), service: null };
  });
  const visible = owned.filter(({ span }) => span.operation !== hiddenOperation);
  const spans = owned.map(({ span }) => span);
  const top = topSpans(spans);
  const [root] = top;
  if (root === undefined || visible.length === 0) return null;
  const serviceOf = new Map(owned.map(({ span, service }) => [span, service]));
  const services = new Map(owned.flatMap(({ service }) => (service === null ? [] : [[serviceKey(service), service]])));
  const tree = once(() => spanTree(spans));
  return {
    traceId: merged.traceId,
    foundIn: merged.foundIn,
    startMs: root.startMs,
    durationMs: root.parentSpanId === null ? root.durationMs : envelopeMs(top),
    root: { service: serviceOf.get(root) ?? null, operation: strikeNames(root.operation, view.visibility) },
    spanCount: spans.length,
    errorCount: spans.filter((span) => span.status === "ERROR").length,
    services: [...services.values()] as readonly ServiceRef[],
    isComplete: !merged.isCut && !hasMissingParent(spans),
    spans: once((): readonly MeshSpan[] =>
      tree().nodes.map((node) => ({
        // Only when they are read: of most traces of a page they are not.
        ...struck(node.span, view.visibility),
        service: serviceOf.get(node.span) ?? null,
        selfMs: selfTimeMs(node),
      })),
    ),
    places: () => spans,
    criticalPath: once((): readonly PathStep[] => {
      const node = tree().nodes.find((one) => one.span === root);
      return node === undefined ? [] : criticalPath(node);
    }),
    links: () => view.linksOf({ traceId: merged.traceId, foundIn: merged.foundIn, startMs: root.startMs }),
  };
}

function struck(span: Span, visibility: Visibility): Span {
  if (visibility.namespaces === "all") return span;
  return {
    ...span,
    operation: strikeNames(span.operation, visibility),
    tags: strikeTags(span.tags, visibility),
    events: span.events.map((event) => ({ ...event, attributes: strikeTags(event.attributes, visibility) })),
  };
}

function hidden(span: Span): Span {
  return { ...span, serviceName: "", operation: hiddenOperation, tags: {}, events: [] };
}

/** The true root, else the spans whose parents are missing, earliest first; never empty unless there are no spans. */
function topSpans(spans: readonly Span[]): readonly Span[] {
  const ordered = [...spans].sort(compareSpans);
  const clientIds = new Set(ordered.filter((span) => !span.isShared).map((span) => span.spanId));
  // Of a shared pair the client is above, whatever the server's clock says.
  const isBelowTwin = (span: Span) => span.isShared && clientIds.has(span.spanId);
  const root = ordered.find((span) => span.parentSpanId === null && !isBelowTwin(span));
  if (root !== undefined) return [root];
  const ids = new Set(ordered.map((span) => span.spanId));
  const orphans = ordered.filter((span) => !ids.has(span.parentSpanId ?? "") && !isBelowTwin(span));
  return orphans.length > 0 ? orphans : ordered.slice(0, 1);
}

/** From the first start (spans come ordered) to the last end. */
function envelopeMs(spans: readonly Span[]): number {
  const startMs = spans[0]?.startMs ?? 0;
  const endMs = spans.reduce((last, span) => Math.max(last, span.startMs + span.durationMs), startMs);
  return Math.round((endMs - startMs) * 1000) / 1000;
}
