/** Self time: how long a span itself kept its caller waiting. Read by mesh-trace.ts and by diagnosis. */
import type { SpanNode } from "./span-tree.js";

/**
 * The node's own time in ms: its part that was waited for (see SpanNode) less what its children cover, overlapping children counted once.
 * 0 <= selfTimeMs <= the span's durationMs. A call of 7 s below a server that gave up after 3 s has at most 3 s.
 */
export function selfTimeMs(node: SpanNode): number {
  let coveredUs = 0;
  let reachedUs = node.fromUs;
  for (const child of [...node.children].sort((a, b) => a.fromUs - b.fromUs)) {
    const toUs = Math.min(child.toUs, node.toUs);
    const fromUs = Math.max(child.fromUs, reachedUs);
    if (toUs <= fromUs) continue;
    coveredUs += toUs - fromUs;
    reachedUs = toUs;
  }
  return Math.min((node.toUs - node.fromUs - coveredUs) / 1000, node.span.durationMs);
}
