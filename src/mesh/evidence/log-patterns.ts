/** Groups of alike log lines of a service that became more: one window against another. */
import type { LogPattern, LogSource } from "../../telemetry/log-source.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import { strikeNames } from "../../telemetry/strike-names.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import type { LogPatternChange } from "../log-pattern-change.js";
import type { LogSelection, Pillar } from "../mesh.js";
import { type Asked, notConfigured, pillarOf } from "../pillar.js";
import type { EvidenceDeps } from "./evidence-deps.js";
import type { AskLogs } from "./log-asker.js";
import { serviceLogFilter } from "./log-search.js";

/** Patterns asked for; a window that has as many may have more. */
const mostPatterns = 200;

/** Grown most first; both windows go out as one call per source. */
export async function logPatterns(
  ref: ServiceRef,
  { window, baseline }: { readonly window: TimeWindow; readonly baseline: TimeWindow },
  selection: LogSelection,
  limit: number,
  deps: EvidenceDeps,
  visibility: Visibility,
  ask: AskLogs,
): Promise<Pillar<readonly LogPatternChange[]>> {
  if (deps.logSources.length === 0) return notConfigured("elasticsearch", "logs");
  if (!canSee(visibility, ref.namespace)) return { value: [], sources: [], errors: [] };
  const askIn = (part: TimeWindow) => {
    const filter = serviceLogFilter(ref, part, selection, deps.workloadsOf(ref));
    return ask("patterns", () => ({ kind: "patterns", filter, limit: mostPatterns }));
  };
  const [now, before] = await Promise.all([askIn(window), askIn(baseline)]);
  const known = before.answers.length === 0 ? null : patternsOf(before);
  return pillarOf(now, () =>
    grown(patternsOf(now), known, limit).map((one) => ({
      ...one,
      pattern: strikeNames(one.pattern, visibility),
      sample: strikeNames(one.sample, visibility),
    })),
  );
}

function patternsOf({ answers }: Asked<LogSource, { readonly patterns: readonly LogPattern[] } | null>) {
  return answers.flatMap(({ value }) => value?.patterns ?? []);
}

/** Those that became more than they were; `before` null is not known. */
export function grown(
  now: readonly LogPattern[],
  before: readonly LogPattern[] | null,
  limit: number,
): readonly LogPatternChange[] {
  const counts = summed(before ?? []);
  const isAll = before !== null && before.length < mostPatterns;
  const samples = new Map(now.map(({ pattern, sample }) => [pattern, sample]));
  return [...summed(now)]
    .map(([pattern, count]) => {
      const baselineCount = counts.get(pattern) ?? (isAll ? 0 : null);
      return { pattern, count, baselineCount, sample: samples.get(pattern) ?? "" };
    })
    .filter(({ count, baselineCount }) => count > (baselineCount ?? 0))
    .sort((a, b) => growthOf(b) - growthOf(a) || (a.pattern < b.pattern ? -1 : 1))
    .slice(0, limit);
}

function growthOf({ count, baselineCount }: LogPatternChange): number {
  return count - (baselineCount ?? 0);
}

function summed(patterns: readonly LogPattern[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { pattern, count } of patterns) sums.set(pattern, (sums.get(pattern) ?? 0) + count);
  return sums;
}
