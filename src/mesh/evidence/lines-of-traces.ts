/** Log lines of many traces by few questions: for comparisons, which need no line by its span. Called by the evidence reader. */
import type { LogFilter } from "../../telemetry/log-source.js";
import { traceIdSpellings } from "../../telemetry/trace-id.js";
import type { Visibility } from "../../telemetry/visibility.js";
import type { JoinedLogs, MeshLogRecord, MeshTrace, Pillar } from "../mesh.js";
import { allPillars, mapPillar, mergeStatuses, notConfigured } from "../pillar.js";
import type { EvidenceDeps } from "./evidence-deps.js";
import { joinToTrace, requestIdsOf } from "./join-logs.js";
import type { AskLogs } from "./log-asker.js";
import { anyLine, marginAfterMs, marginBeforeMs, readLines, windowOf } from "./trace-logs.js";

/** Traces of one question, and lines it may answer with: a trace of some hundred lines takes none from the others. */
const [tracesEach, linesEach] = [10, 1_000];

/** In the order of the traces, each with its oldest lines; all questions of one tick go out as one call per source. */
export async function linesOfTraces(
  traces: readonly MeshTrace[],
  limitEach: number,
  deps: EvidenceDeps,
  visibility: Visibility,
  ask: AskLogs,
): Promise<Pillar<readonly JoinedLogs[]>> {
  if (deps.logSources.length === 0) return notConfigured("elasticsearch", "logs");
  const groups = Array.from({ length: Math.ceil(traces.length / tracesEach) }, (_, i) =>
    traces.slice(i * tracesEach, (i + 1) * tracesEach),
  );
  const pillars = await Promise.all(groups.map((group) => linesOfGroup(group, limitEach, deps, visibility, ask)));
  return mapPillar(allPillars(pillars), (values) => values.flat());
}

async function linesOfGroup(
  traces: readonly MeshTrace[],
  limitEach: number,
  deps: EvidenceDeps,
  visibility: Visibility,
  ask: AskLogs,
): Promise<Pillar<readonly JoinedLogs[]>> {
  const spans = traces.map((trace) => trace.places());
  const window = windowOf(spans.flat(), marginBeforeMs, marginAfterMs);
  const requestIds = spans.map((own) => requestIdsOf(own));
  const read = (ids: Partial<Pick<LogFilter, "traceIds" | "requestIds">>) =>
    readLines({ ...anyLine, ...ids, window }, linesEach, deps, visibility, ask);
  const [byId, byRequest] = await Promise.all([
    read({ traceIds: traces.map(({ traceId }) => traceId) }),
    requestIds.every((ids) => ids.length === 0) ? null : read({ requestIds: [...new Set(requestIds.flat())] }),
  ]);
  const lines = byId.value;
  if (lines === null) return { ...byId, value: null };
  const value = traces.map(({ traceId }, i): JoinedLogs => {
    const own = requestIds[i] ?? [];
    const spellings = traceIdSpellings(traceId);
    const byTraceId = lines.filter((line) => tellsOf(line, line.traceId, spellings));
    const byRequestId = (byRequest?.value ?? []).filter((line) => tellsOf(line, line.requestId, own));
    const joined = joinToTrace(spans[i] ?? [], { byTraceId, byRequestId, byTime: [] });
    return { match: joined.match, records: joined.records.slice(0, limitEach) };
  });
  return { value, sources: mergeStatuses(byId.sources, byRequest?.sources ?? []), errors: byId.errors };
}

/** The line has one of the ids as a field, in any length, or as a word of its text. */
function tellsOf({ message }: MeshLogRecord, field: string | null, ids: readonly string[]): boolean {
  if (field !== null && ids.includes(field)) return true;
  const text = message.toLowerCase();
  return ids.some((id) => text.includes(id.toLowerCase()));
}
