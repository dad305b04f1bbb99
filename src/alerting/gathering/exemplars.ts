/** Which traces show an incident best: one per kind of fault, the commonest kind first. Pure. */
import type { MeshTrace } from "../../mesh/mesh.js";
import type { EvidenceTrace } from "../evidence.js";
import { type FaultPath, faultPath } from "./fault-path.js";

/** At most `limit` of different shapes; of one shape the slowest. Fewer shapes are filled up with the next slowest. */
export function exemplars(traces: readonly MeshTrace[], isSlowness: boolean, limit: number): readonly EvidenceTrace[] {
  const shapes = new Map<string, { readonly trace: MeshTrace; readonly path: FaultPath }[]>();
  for (const trace of traces) {
    const path = faultPath(trace, isSlowness);
    const group = shapes.get(path.shape);
    if (group === undefined) shapes.set(path.shape, [{ trace, path }]);
    else group.push({ trace, path });
  }
  const groups = [...shapes.values()]
    .map((group) => group.toSorted((a, b) => b.trace.durationMs - a.trace.durationMs))
    .sort((a, b) => b.length - a.length);
  const firsts = groups.flatMap(([first]) => (first === undefined ? [] : [first]));
  const rest = groups.flatMap(([, ...others]) => others);
  return [...firsts, ...rest].slice(0, limit).map(({ trace, path }) => ({
    traceId: trace.traceId,
    startMs: trace.startMs,
    durationMs: trace.durationMs,
    errorCount: trace.errorCount,
    summary: path.summary,
    detail: path.detail,
    faultAt: path.end,
    links: trace.links(),
  }));
}
