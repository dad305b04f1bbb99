/** OpenSLO's alert policies and conditions → tiers. A condition has one window; the short one beside it is ours. */

import { durationMs } from "../../config/duration.js";
import {
  type BurnTier,
  defaultHold,
  defaultMinFailedEvents,
  type HoldTimes,
  type Severity,
  tierName,
  usualTiers,
} from "../burn-tier.js";
import { formatDuration } from "../format-duration.js";
import type { AlertingRules } from "../objective.js";
import type { OpenSloObjects } from "./openslo-objects.js";
import { shorthandMs } from "./openslo-period.js";
import type { ConditionSpec, Marks, PolicySpec, SloSpec } from "./openslo-schema.js";
import { below, type Report } from "./report.js";

/** Annotation of a condition or policy: the short window of the pair, such as `5m`; without it a twelfth of the long one. */
export const shortWindowAnnotation = "meshlens.dev/short-window";
/** Annotation of a condition or policy: `page` or `ticket`, where the severity's own word does not say it. */
export const severityAnnotation = "meshlens.dev/severity";
/** Annotation of an SLO without alert policies: `usual` gives it the usual tiers. */
export const alertingAnnotation = "meshlens.dev/alerting";

const pageWords = /^(page|pager|critical|crit|emergency|high|urgent|fatal|(sev|s|p|prio|priority)?-?[01])$/i;
const minuteMs = 60_000;

interface Condition {
  readonly tier: BurnTier;
  readonly forMs: number;
}

/** The rules of an SLO. Without policies it has a budget and no incidents, as OpenSLO means it. */
export function alertingOf(
  spec: Pick<SloSpec, "alertPolicies">,
  annotations: Marks,
  objects: OpenSloObjects,
  periodMs: number,
  report: Report,
): AlertingRules {
  const policies = spec.alertPolicies ?? [];
  if (policies.length === 0) {
    const isUsual = annotations[alertingAnnotation] === "usual";
    if (!isUsual) {
      const words = `has no alertPolicies: it has a budget and raises no incident; the annotation ${alertingAnnotation}: usual gives it the usual tiers`;
      report("warning", "SLO_ALERTING", [], words);
    }
    return { tiers: isUsual ? usualTiers(periodMs) : [], minFailedEvents: defaultMinFailedEvents, hold: defaultHold };
  }
  let isUnknown = false;
  const conditions = policies.flatMap((policy, index): readonly Condition[] => {
    const found = policyOf(policy, objects, below(report, "alertPolicies", index));
    if (found === null) isUnknown = true;
    return found ?? [];
  });
  if (isUnknown && conditions.length === 0) {
    report(
      "warning",
      "SLO_ALERTING",
      ["alertPolicies"],
      "none of its policies could be read: it has the usual tiers until they can",
    );
    return { tiers: usualTiers(periodMs), minFailedEvents: defaultMinFailedEvents, hold: defaultHold };
  }
  return {
    tiers: tiersOf(conditions, report),
    minFailedEvents: defaultMinFailedEvents,
    hold: { PAGE: holdOf("PAGE", conditions, report), TICKET: holdOf("TICKET", conditions, report) },
  };
}

/** Conditions on the same windows: of one severity the stricter says all that the other does; of two severities both stay. */
function tiersOf(conditions: readonly Condition[], report: Report): readonly BurnTier[] {
  const tiers: BurnTier[] = [];
  for (const { tier } of conditions) {
    const at = tiers.findIndex(({ name, severity }) => name.startsWith(tier.name) && severity === tier.severity);
    const known = tiers[at];
    if (known === undefined) {
      const isTaken = tiers.some(({ name }) => name === tier.name);
      tiers.push(isTaken ? { ...tier, name: `${tier.name} ${tier.severity.toLowerCase()}` } : tier);
      continue;
    }
    const words = `two conditions look back over ${formatDuration(tier.longMs)} for the same severity: read as the one with the lower threshold`;
    report("warning", "SLO_ALERTING", ["alertPolicies"], words);
    if (tier.factor < known.factor) tiers[at] = { ...known, factor: tier.factor };
  }
  return tiers;
}

/** A severity waits as its quickest condition does. */
function holdOf(severity: Severity, conditions: readonly Condition[], report: Report): HoldTimes {
  const waits = conditions.filter(({ tier }) => tier.severity === severity).map(({ forMs }) => forMs);
  if (waits.length === 0) return defaultHold[severity];
  const forMs = Math.min(...waits);
  if (Math.max(...waits) > forMs) {
    const words = `conditions of one severity wait differently (alertAfter): read as the shortest, ${forMs / minuteMs} m`;
    report("warning", "SLO_ALERTING", ["alertPolicies"], words);
  }
  return { forMs, keepFiringMs: defaultHold[severity].keepFiringMs };
}

type WrittenPolicy = NonNullable<SloSpec["alertPolicies"]>[number];

function policyOf(policy: WrittenPolicy, objects: OpenSloObjects, report: Report): readonly Condition[] | null {
  if (typeof policy === "string") return referred(policy, [], objects, report);
  const { alertPolicyRef, spec, metadata } = policy;
  if ((alertPolicyRef === undefined) === (spec === undefined)) {
    const words =
      spec === undefined
        ? "needs alertPolicyRef or a policy in place"
        : "has alertPolicyRef and a policy in place: leave one out";
    report("error", "SLO_REFERENCE", [], words);
    return null;
  }
  if (spec !== undefined) return conditionsOf(spec, metadata?.annotations ?? {}, objects, below(report, "spec"));
  return referred(alertPolicyRef ?? "", ["alertPolicyRef"], objects, report);
}

function referred(
  name: string,
  path: readonly PropertyKey[],
  objects: OpenSloObjects,
  report: Report,
): readonly Condition[] | null {
  const found = objects.find("AlertPolicy", name, report, path);
  return found === null
    ? null
    : conditionsOf(found.spec, found.metadata.annotations ?? {}, objects, below(found.report, "spec"));
}

/** The conditions of a policy; [] for one that is not to alert on a breach, null when one could not be found. */
export function conditionsOf(
  policy: PolicySpec,
  annotations: Marks,
  objects: OpenSloObjects,
  report: Report,
): readonly Condition[] | null {
  for (const [index, { targetRef, spec }] of policy.notificationTargets.entries()) {
    const path = ["notificationTargets", index];
    if ((targetRef === undefined) === (spec === undefined)) {
      report(
        "error",
        "SLO_REFERENCE",
        path,
        spec === undefined
          ? "needs targetRef or a target in place"
          : "has targetRef and a target in place: leave one out",
      );
    }
  }
  const conditions = policy.conditions.map(({ conditionRef, spec, metadata }, index): Condition | null => {
    const path = ["conditions", index];
    if ((conditionRef === undefined) === (spec === undefined)) {
      report(
        "error",
        "SLO_REFERENCE",
        path,
        spec === undefined
          ? "needs conditionRef or a condition in place"
          : "has conditionRef and a condition in place: leave one out",
      );
      return null;
    }
    if (spec !== undefined) {
      return conditionOf(spec, { ...annotations, ...metadata?.annotations }, below(report, ...path, "spec"));
    }
    const found = objects.find("AlertCondition", conditionRef ?? "", report, [...path, "conditionRef"]);
    if (found === null) return null;
    return conditionOf(found.spec, { ...annotations, ...found.metadata.annotations }, below(found.report, "spec"));
  });
  if (policy.alertWhenBreaching === false) return [];
  return conditions.some((one) => one === null) ? null : conditions.filter((one) => one !== null);
}

/** A condition; null when something was reported that leaves none. */
export function conditionOf(
  { severity, condition }: ConditionSpec,
  annotations: Marks,
  report: Report,
): Condition | null {
  const { op, threshold, lookbackWindow, alertAfter = "0m" } = condition;
  if (op === "lt" || op === "lte") {
    const words = `op ${op} alerts while the budget is not burnt; read as ${op === "lt" ? "gt" : "gte"}, as OpenSLO's own example means it`;
    report("warning", "SLO_ALERTING", ["condition", "op"], words);
  }
  const longMs = shorthandMs(lookbackWindow);
  const forMs = alertAfter === "0m" ? 0 : shorthandMs(alertAfter);
  if (longMs === null)
    report("error", "SLO_ALERTING", ["condition", "lookbackWindow"], "must be a duration such as 1h");
  if (forMs === null) report("error", "SLO_ALERTING", ["condition", "alertAfter"], "must be a duration such as 5m");
  if (!(threshold > 0))
    report("error", "SLO_ALERTING", ["condition", "threshold"], "must be above 0: it is a burn rate");
  if (longMs === null || forMs === null || !(threshold > 0)) return null;
  const written = annotations[shortWindowAnnotation];
  const asked = written === undefined ? null : (shorthandMs(String(written)) ?? durationMs(String(written)));
  if (written !== undefined && (asked === null || asked >= longMs)) {
    report(
      "error",
      "SLO_ALERTING",
      [],
      `${shortWindowAnnotation} must be a duration shorter than lookbackWindow, such as 5m`,
    );
    return null;
  }
  const shortMs = asked ?? Math.max(minuteMs, Math.round(longMs / 12 / 30_000) * 30_000);
  if (shortMs >= longMs) {
    report("error", "SLO_ALERTING", ["condition", "lookbackWindow"], "must be longer than a minute");
    return null;
  }
  const says = annotations[severityAnnotation] ?? severity;
  const isPage = pageWords.test(String(says).trim());
  return {
    tier: { name: tierName(longMs, shortMs), severity: isPage ? "PAGE" : "TICKET", longMs, shortMs, factor: threshold },
    forMs,
  };
}
