/** How far back a source goes, found by looking at a few ages, and what that means. */
import { amiss, type Inspection, lengthWords, passed } from "../telemetry/inspection.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import { baselineReachMs, type NeededWindows } from "./needed-windows.js";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What is looked at where less is needed, so that the answer says more than "not so far". */
const usualAgesMs = [hourMs, 6 * hourMs, dayMs, 3 * dayMs] as const;

/** How far back records were found, ms: at least `foundMs`, and not at `goneMs`. */
export interface Reach {
  /** Null: not even an hour ago. */
  readonly foundMs: number | null;
  readonly goneMs: number | null;
}

/** What somebody needs, with whose need it is. */
export interface Need {
  readonly reachMs: number;
  readonly of: string;
  /** What is missing without it. */
  readonly without: string;
}

/** Looks an hour deep at each age, oldest need included; all at once. @throws what `hasAny` throws */
export async function findReach(
  needs: readonly Need[],
  nowMs: number,
  hasAny: (window: TimeWindow) => Promise<boolean>,
): Promise<Reach> {
  const mostMs = needs.reduce((most, { reachMs }) => Math.max(most, reachMs), 0);
  const ages = [...new Set([...usualAgesMs.filter((age) => age < mostMs), ...needs.map(({ reachMs }) => reachMs)])];
  const found = await Promise.all(
    ages.map(async (age) => ((await hasAny({ fromMs: nowMs - age, toMs: nowMs - age + hourMs })) ? age : null)),
  );
  const foundMs = found.reduce((most: number | null, age) => (age !== null && age > (most ?? 0) ? age : most), null);
  const gone = ages.filter((age) => age > (foundMs ?? 0));
  return { foundMs, goneMs: gone.length === 0 ? null : Math.min(...gone) };
}

/** One finding. A source that has just been installed goes no further back than its first day: hence never more than WARN. */
export function judgeRetention(needs: readonly Need[], { foundMs, goneMs }: Reach, remedy: string): Inspection {
  const unmet = needs.filter(({ reachMs }) => reachMs > (foundMs ?? 0));
  const words = foundMs === null ? "has nothing from an hour ago" : `goes back at least ${lengthWords(foundMs)}`;
  const end = goneMs === null || foundMs === null ? "" : ` and not ${lengthWords(goneMs)}`;
  if (unmet.length === 0) return passed("retention", `${words}${end}`);
  const lacking = unmet.map(({ reachMs, of, without }) => `${of} needs ${lengthWords(reachMs)} (${without})`);
  return amiss("retention", "WARN", `${words}${end}; ${lacking.join("; ")}`, remedy);
}

/** What metrics are needed for. */
export function metricNeeds({ longestMs }: NeededWindows): readonly Need[] {
  const ofObjectives =
    longestMs === null
      ? []
      : [
          {
            reachMs: longestMs,
            of: "the longest objective",
            without: "its first budget is of a shorter stretch; Meshlens keeps its own counts from its start on",
          },
        ];
  const baselines = { reachMs: baselineReachMs.lastWeek, of: "diagnosis", without: "it compares with last week too" };
  return [...ofObjectives, baselines];
}

/** What traces are needed for; few keep them for a week, and one day to compare with is enough. */
export const traceNeeds = (): readonly Need[] => [
  { reachMs: baselineReachMs.yesterday, of: "diagnosis", without: "it compares with yesterday" },
];

/** What log lines are needed for. */
export const logNeeds = (): readonly Need[] => [
  { reachMs: dayMs, of: "a look at yesterday's incident", without: "its lines and patterns are gone" },
];
