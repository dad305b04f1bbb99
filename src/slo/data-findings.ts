/** What the data say about an objective that its file cannot: `slo lint --config`. Pure. */
import { explainObjective } from "./explain.js";
import type { Finding, FindingCode } from "./finding.js";
import { formatDuration } from "./format-duration.js";
import type { Measurement } from "./measurement.js";
import type { Objective } from "./objective.js";
import { nominalPeriodMs } from "./period.js";
import { percentOf } from "./target.js";

/** How far back the source has data at all, epoch ms; null: it has none. */
export interface DataExtent {
  readonly endMs: number;
  readonly dataFromMs: number | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Warnings about one objective, at the place it is written. */
export function dataFindings(objective: Objective, measured: Measurement, extent: DataExtent): readonly Finding[] {
  const { dataState, dataReason, isApproximate, period } = measured;
  if (dataState === "UNKNOWN")
    return [at(objective, "SLO_DATA_NONE", `could not be measured: ${dataReason ?? "no reason was given"}`)];
  if (dataState === "NO_DATA") {
    const words = `selects no series: ${dataReason ?? "nothing is there"} Compare its service or its query with what the source has`;
    return [at(objective, "SLO_DATA_NONE", words)];
  }
  return [
    ...(isApproximate && objective.sli.kind === "LATENCY" ? [offEdge(objective, objective.sli.thresholdMs)] : []),
    ...tooShort(objective, extent),
    ...tooQuiet(objective, measured),
    ...(period === null ? [] : missed(objective, period.errorRatio, extent)),
  ];
}

function offEdge(objective: Objective, thresholdMs: number): Finding {
  const words = `${thresholdMs} ms is no edge of its histogram's buckets, so the share below it is interpolated: choose an edge, or add a bucket to the proxies`;
  return at(objective, "SLO_DATA_BUCKET", words);
}

function tooShort(objective: Objective, { endMs, dataFromMs }: DataExtent): readonly Finding[] {
  const periodMs = nominalPeriodMs(objective.period);
  if (dataFromMs === null || endMs - dataFromMs >= periodMs - hourMs) return [];
  const words = `the source has data of the last ${rough(endMs - dataFromMs)} only, less than the period of ${formatDuration(periodMs)}: its budget is partial until there is more; if the source forgets sooner, lengthen its retention or shorten window`;
  return [at(objective, "SLO_DATA_RETENTION", words)];
}

/** Only what was measured is judged: traffic so low that a single failure is over the quickest tier's threshold. */
function tooQuiet(objective: Objective, { windows }: Measurement): readonly Finding[] {
  const { tiers } = explainObjective(objective, []);
  for (const [index, { name, loneFailureBelow, errorRatio }] of tiers.entries()) {
    const longMs = objective.alerting.tiers[index]?.longMs;
    const events = windows.find(({ windowMs }) => windowMs === longMs)?.totalCount ?? null;
    if (events === null || events === 0 || events >= loneFailureBelow) continue;
    const one = Number((100 / events).toPrecision(2));
    const wanted = Number((100 * errorRatio).toPrecision(2));
    const words = `${Math.round(events)} events in ${formatDuration(longMs ?? 0)}: one failure is ${one} %, and ${name} burns from ${wanted} %. It waits for ${objective.alerting.minFailedEvents} failures; a lower target or longer windows fit such traffic better`;
    return [at(objective, "SLO_DATA_TRAFFIC", words)];
  }
  return [];
}

function missed(
  objective: Objective,
  errorRatio: number | null,
  { endMs, dataFromMs }: DataExtent,
): readonly Finding[] {
  if (errorRatio === null || errorRatio <= objective.target.budgetRatio) return [];
  const reached = Number((100 * (1 - errorRatio)).toPrecision(6));
  const span = Math.min(nominalPeriodMs(objective.period), dataFromMs === null ? 0 : endMs - dataFromMs);
  const words = `the last ${rough(span)} had ${reached} %, below the target of ${percentOf(objective.target)} %: its budget is spent from the start`;
  return [at(objective, "SLO_DATA_MISSED", words)];
}

function rough(ms: number): string {
  return ms >= 2 * dayMs ? `${Math.floor(ms / dayMs)} days` : `${Math.max(1, Math.round(ms / hourMs))} h`;
}

function at({ origin, name, service }: Objective, code: FindingCode, words: string): Finding {
  return {
    level: "warning",
    code,
    file: origin.file ?? "slo.defaults",
    line: origin.line,
    column: 1,
    path: `${service.namespace}/${service.name} ${name}`,
    message: words,
  };
}
