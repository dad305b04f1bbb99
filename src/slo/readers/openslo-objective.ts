/** One objective of an OpenSLO document → the model, once its indicator, period and alerts are known. Shared by both versions. */
import { checkObjective } from "../check-objective.js";
import { type AlertingRules, labelled, type Objective, objectiveId, type Sli, wholeService } from "../objective.js";
import type { ObjectivePeriod } from "../period.js";
import { parsePercent, parseTarget, percentOf, type Target } from "../target.js";
import { type DeclaredObjective, usualNames } from "./declared-objective.js";
import type { ObjectiveDocument } from "./objective-document.js";
import type { Marks, SloObjective } from "./openslo-schema.js";
import type { Report } from "./report.js";
import { serviceOf } from "./service-of.js";

/** The target of an objective; null when something was reported. */
export function targetOf(
  { target, targetPercent }: Pick<SloObjective, "target" | "targetPercent">,
  report: Report,
): Target | null {
  if ((target === undefined) === (targetPercent === undefined)) {
    const words =
      target === undefined ? "needs target or targetPercent" : "has target and targetPercent: leave one out";
    report("error", "SLO_TARGET", target === undefined ? [] : ["targetPercent"], words);
    return null;
  }
  const parsed = target === undefined ? parsePercent(targetPercent ?? "") : parseTarget(target);
  if (parsed !== null) return parsed;
  const words =
    target === undefined ? "must be above 0 and below 100, such as 99.9" : "must be above 0 and below 1, such as 0.999";
  report("error", "SLO_TARGET", [target === undefined ? "targetPercent" : "target"], words);
  return null;
}

/** What an objective is made of. */
export interface Made {
  readonly name: string;
  readonly sli: Sli;
  readonly target: Target;
  readonly period: ObjectivePeriod;
  readonly alerting: AlertingRules;
}

/** What its document says around it. */
export interface Written {
  readonly description: string | null;
  readonly service: string;
  readonly servicePath: readonly PropertyKey[];
  readonly marks: readonly Marks[];
  /** Of an object of Kubernetes. */
  readonly namespace?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly report: Report;
}

/** The objective with its names; null when something was reported. */
export function declareOpenSlo(document: ObjectiveDocument, made: Made, written: Written): DeclaredObjective | null {
  const { name, sli, target, period, alerting } = made;
  const { description, service: serviceName, servicePath, marks, namespace = null, path, report } = written;
  const service = serviceOf({ name: serviceName, path: servicePath, marks, namespace }, sli, report);
  if (service === null) return null;
  const objective: Objective = {
    id: objectiveId(service, name),
    name,
    description,
    ...labelled(...marks.toReversed()),
    service,
    scope: wholeService,
    sli,
    target,
    period,
    alerting,
    origin: { kind: "openslo", file: document.file, line: document.placeOf(path).line },
  };
  for (const problem of checkObjective(objective, false)) {
    report(problem.level, problem.code, problem.code === "SLO_WINDOW" ? ["spec", "timeWindow"] : path, problem.message);
  }
  return {
    objective,
    names: { ...usualNames(objective), service: serviceName, targetPercent: percentOf(target) },
  };
}
