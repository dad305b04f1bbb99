/** Objectives → OpenSLO v1: an SLO each, with its indicator and alerts in place. Called by `slo convert`. */
import type { BurnTier } from "../burn-tier.js";
import type { SelectorText } from "../failed-ratio.js";
import { formatDuration } from "../format-duration.js";
import type { CalendarUnit, ObjectivePeriod } from "../period.js";
import type { DeclaredObjective } from "../readers/declared-objective.js";
import { severityAnnotation, shortWindowAnnotation } from "../readers/openslo-alerting.js";
import { serviceAnnotation } from "../readers/service-of.js";
import type { Converted, Loss } from "./converted.js";
import { type IndicatorTexts, noQueries, textsOf } from "./query-texts.js";

/** The documents, and what OpenSLO cannot say. */
export function toOpenSlo(declared: readonly DeclaredObjective[], selectorText: SelectorText): Converted {
  const losses: Loss[] = [];
  const documents = declared.flatMap(({ objective, names }): readonly object[] => {
    const lose = (message: string, isWhole = false) => losses.push({ objective, isWhole, message });
    const texts = textsOf(objective.sli, selectorText);
    if (texts === null) {
      lose(noQueries, true);
      return [];
    }
    const { service, alerting, description, target } = objective;
    if (Object.keys(names.labels).length > 0) lose("the labels of its rules");
    const timeWindow = windowOf(objective.period);
    if (timeWindow === null) {
      lose("has a period that OpenSLO's durations cannot say (m, h, d, w, M, Q or Y)", true);
      return [];
    }
    const name = rfcName(`${service.name}-${objective.name}`);
    const policies = alerting.tiers.map((tier) => policyOf(name, tier, alerting.hold[tier.severity].forMs));
    return [
      {
        apiVersion: "openslo/v1",
        kind: "SLO",
        metadata: { name, annotations: { [serviceAnnotation]: `${service.namespace}/${service.name}` } },
        spec: {
          ...(description === null ? {} : { description }),
          service: rfcName(service.name),
          indicator: { metadata: { name: rfcName(`${name}-sli`) }, spec: { ratioMetric: ratioOf(texts) } },
          timeWindow: [timeWindow],
          budgetingMethod: "Occurrences",
          objectives: [{ target: target.ratio }],
          ...(policies.length === 0 ? {} : { alertPolicies: policies }),
        },
      },
    ];
  });
  return { documents, losses };
}

function ratioOf(texts: IndicatorTexts): object {
  const metric = (query: string) => ({ metricSource: { type: "Prometheus", spec: { query } } });
  if (texts.kind === "ratio") return { counter: false, rawType: "failure", raw: metric(texts.failedRatio) };
  const { partIs, part, total } = texts;
  return { counter: true, [partIs === "good" ? "good" : "bad"]: metric(part), total: metric(total) };
}

function policyOf(slo: string, { name, severity, longMs, shortMs, factor }: BurnTier, forMs: number): object {
  const word = severity.toLowerCase();
  const own = rfcName(`${slo}-${word}-${name.replace("/", "-")}`);
  const condition = {
    kind: "AlertCondition",
    metadata: {
      name: own,
      annotations: { [shortWindowAnnotation]: formatDuration(shortMs), [severityAnnotation]: word },
    },
    spec: {
      severity: word,
      condition: {
        kind: "burnrate",
        op: "gte",
        threshold: factor,
        lookbackWindow: shorthandOf(longMs),
        alertAfter: forMs === 0 ? "0m" : shorthandOf(forMs),
      },
    },
  };
  return {
    kind: "AlertPolicy",
    metadata: { name: own },
    spec: {
      alertWhenBreaching: true,
      alertWhenResolved: true,
      conditions: [condition],
      notificationTargets: [{ kind: "AlertNotificationTarget", metadata: { name: word }, spec: { target: word } }],
    },
  };
}

const calendarUnits: Readonly<Record<CalendarUnit, string>> = {
  day: "d",
  week: "w",
  month: "M",
  quarter: "Q",
  year: "Y",
};

function windowOf(period: ObjectivePeriod): object | null {
  if (period.kind === "rolling") {
    const duration = shorthandOf(period.durationMs);
    return duration === "" ? null : { duration, isRolling: true };
  }
  const { unit, count, zone, anchor } = period;
  return {
    duration: `${count}${calendarUnits[unit]}`,
    isRolling: false,
    calendar: { startTime: anchor.replace("T", " "), timeZone: zone },
  };
}

/** A length in the largest single unit that divides it, as OpenSLO has no `1h30m`; "" where a minute does not. */
function shorthandOf(ms: number): string {
  for (const [unit, size] of [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return "";
}

/** OpenSLO's names are RFC 1123 labels. */
function rfcName(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, "");
  return name === "" ? "slo" : name;
}
