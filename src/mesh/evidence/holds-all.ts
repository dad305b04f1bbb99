/** Whether one trace backend holds all that several do. Pure; called by trace-search.ts. */
import type { Source } from "../../telemetry/source.js";
import type { TraceBatch } from "../../telemetry/trace-source.js";
import type { MergedTrace } from "./merge-traces.js";

/** Fewer traces may be alike by chance. */
const fewestTraces = 5;

/**
 * True when every trace that the source shares with others has all its spans here, under the same names and with the same status, and when
 * every trace of the others that is missing here may be one its own limit cut off.
 */
export function holdsAll(
  { source, batch }: { readonly source: Pick<Source, "name">; readonly batch: TraceBatch },
  merged: readonly MergedTrace[],
): boolean {
  const here = merged.filter(({ foundIn }) => foundIn.includes(source.name));
  if (here.length < fewestTraces || 2 * here.length < merged.length) return false;
  if (here.length < merged.length && !batch.isCut) return false;
  const own = new Map(batch.traces.map((trace) => [tailOf(trace.traceId), trace.spans]));
  return here.every(({ traceId, spans, foundIn }) => {
    if (foundIn.length === 1) return true;
    const copy = own.get(tailOf(traceId)) ?? [];
    return copy.length === spans.length && wordsOf(copy) === wordsOf(spans.map(({ span }) => span));
  });
}

function wordsOf(spans: TraceBatch["traces"][number]["spans"]): string {
  return spans
    .map(({ serviceName, operation, status }) => `${serviceName} ${operation} ${status}`)
    .sort()
    .join("\n");
}

/** Backends may hold the last 64 bits of an id only. */
function tailOf(traceId: string): string {
  return traceId.slice(16);
}
