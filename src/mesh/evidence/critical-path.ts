/** The chain of spans that decided how long a trace took. Read by mesh-trace.ts. */
import type { SpanNode } from "./span-tree.js";

/** A stretch of the path: at this time the trace waited for this span and for none of its children. */
export interface PathSegment {
  readonly node: SpanNode;
  readonly fromUs: number;
  readonly toUs: number;
}

/** A span of the path with its share. */
export interface PathStep {
  readonly spanId: string;
  readonly selfMs: number;
}

/**
 * Segments of the path through `root`, in order of time, not overlapping, together exactly the root's duration. Walked back from the end:
 * the child that ended last was waited for, then the one that had ended when that began, and so on; a child that ran beside it was not.
 */
export function pathSegments(root: SpanNode): readonly PathSegment[] {
  const segments: PathSegment[] = [];
  const pending: SpanNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    let cursorUs = node.toUs;
    for (const child of [...node.children].sort(lastEndFirst)) {
      if (child.toUs > cursorUs || child.toUs <= child.fromUs || child.fromUs < node.fromUs) continue;
      if (child.toUs < cursorUs) segments.push({ node, fromUs: child.toUs, toUs: cursorUs });
      pending.push(child);
      cursorUs = child.fromUs;
    }
    if (cursorUs > node.fromUs) segments.push({ node, fromUs: node.fromUs, toUs: cursorUs });
  }
  return segments.sort((a, b) => a.fromUs - b.fromUs);
}

/**
 * The path as one step per span, callers before callees; a span the path only passes through has selfMs 0.
 * selfMs add up to the root's duration.
 */
export function criticalPath(root: SpanNode): readonly PathStep[] {
  const selfUs = new Map<SpanNode, number>();
  const onPath = new Set<SpanNode>([root]);
  for (const { node, fromUs, toUs } of pathSegments(root)) {
    selfUs.set(node, (selfUs.get(node) ?? 0) + toUs - fromUs);
    for (let at: SpanNode | null = node; at !== null && !onPath.has(at); at = at.parent) onPath.add(at);
  }
  return [...onPath]
    .sort((a, b) => a.fromUs - b.fromUs || depth(a) - depth(b))
    .map((node) => ({ spanId: node.span.spanId, selfMs: (selfUs.get(node) ?? 0) / 1000 }));
}

function lastEndFirst(a: SpanNode, b: SpanNode): number {
  return b.toUs - a.toUs || a.fromUs - b.fromUs;
}

function depth(node: SpanNode): number {
  let count = 0;
  for (let at = node.parent; at !== null; at = at.parent) count += 1;
  return count;
}
