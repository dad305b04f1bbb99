/** OpenSLO v1alpha, as far as Sloth reads it: ratios of Prometheus. Called by readOpenSlo. */
import type { Finding } from "../finding.js";
import { nominalPeriodMs } from "../period.js";
import type { DeclaredObjective } from "./declared-objective.js";
import { type ObjectiveDocument, reportInto } from "./objective-document.js";
import { alertingAnnotation, alertingOf } from "./openslo-alerting.js";
import { readSli } from "./openslo-indicator.js";
import { declareOpenSlo, targetOf } from "./openslo-objective.js";
import type { OpenSloObjects } from "./openslo-objects.js";
import { periodOf } from "./openslo-period.js";
import { opensloAlphaSlo } from "./openslo-schema.js";
import { readShape } from "./read-shape.js";
import { below, type Report } from "./report.js";

const units: Readonly<Record<string, string>> = {
  Minute: "m",
  Hour: "h",
  Day: "d",
  Week: "w",
  Month: "M",
  Quarter: "Q",
  Year: "Y",
};

/** Objectives have Sloth's names, the SLO's with an index, and the usual tiers: v1alpha has no alerts of its own. */
export function readOpenSloAlpha(
  document: ObjectiveDocument,
  objects: OpenSloObjects,
  findings: Finding[],
): readonly DeclaredObjective[] {
  const report = reportInto(findings, document);
  if (document.value.kind === "Service") return [];
  if (document.value.kind !== "SLO") {
    report("error", "SLO_SHAPE", ["kind"], "must be SLO or Service in openslo/v1alpha");
    return [];
  }
  const read = readShape(document, opensloAlphaSlo, findings);
  if (read === null) return [];
  const { spec, metadata } = read;
  const [window] = spec.timeWindows;
  const unit = window === undefined ? undefined : units[window.unit];
  if (window === undefined || unit === undefined) {
    report("error", "SLO_WINDOW", ["spec", "timeWindows", 0, "unit"], "seconds are too short for a period: write Day");
    return [];
  }
  const { calendar, isRolling, count } = window;
  const period = periodOf(
    { duration: `${count}${unit}`, calendar, isRolling },
    below(report, "spec", "timeWindows", 0),
  );
  if (period === null) return [];
  const usual = { [alertingAnnotation]: "usual" };
  const alerting = alertingOf({}, usual, objects, nominalPeriodMs(period), report);
  if (spec.budgetingMethod === "Timeslices") {
    report("error", "SLO_SHAPE", ["spec", "budgetingMethod"], "Timeslices of v1alpha have no window: write openslo/v1");
    return [];
  }
  return spec.objectives.flatMap((objective, index): readonly DeclaredObjective[] => {
    const path = ["spec", "objectives", index];
    const at = below(report, ...path);
    if (objective.ratioMetrics === undefined) {
      at("error", "SLO_SLI", [], "has no ratioMetrics: thresholds of v1alpha are not read, write openslo/v1");
      return [];
    }
    const { good, bad, total, counter } = objective.ratioMetrics;
    const metric = ({ source, query }: typeof total) => ({ metricSource: { type: source, spec: { query } } });
    const ratioMetric = {
      ...(good === undefined ? {} : { good: metric(good) }),
      ...(bad === undefined ? {} : { bad: metric(bad) }),
      total: metric(total),
      counter,
    };
    const sli = readSli({ ratioMetric }, objects, asAlpha(at));
    const target = targetOf({ target: objective.target }, at);
    if (target === null || sli?.kind !== "ratio") return [];
    const name = `${metadata.name}-${index}`;
    const made = declareOpenSlo(
      document,
      { name, sli: sli.sli, target, period, alerting },
      {
        description: spec.description ?? null,
        service: spec.service,
        servicePath: ["spec", "service"],
        marks: [{ ...metadata.labels, ...metadata.annotations }],
        path,
        report,
      },
    );
    return made === null ? [] : [{ ...made, names: { ...made.names, spec: "openslo/v1alpha" } }];
  });
}

/** Places of v1's keys in a document of v1alpha, whose metrics are flat. */
function asAlpha(report: Report): Report {
  const v1Only = ["metricSource", "spec"];
  return (level, code, [, ...path], message) =>
    report(level, code, ["ratioMetrics", ...path.filter((step) => !v1Only.includes(String(step)))], message);
}
