/** OpenSLO documents of all files → objectives. References are found in every file given. Source: the OpenSLO specification, v1 and v1alpha. */
import { eachOnce, type Finding, type ReadObjectives } from "../finding.js";
import { nominalPeriodMs } from "../period.js";
import type { DeclaredObjective } from "./declared-objective.js";
import type { ObjectiveDocument } from "./objective-document.js";
import { alertingOf, conditionOf, conditionsOf } from "./openslo-alerting.js";
import { indicatorOf, type ReadSli, readSli } from "./openslo-indicator.js";
import { declareOpenSlo, targetOf } from "./openslo-objective.js";
import { type OpenSloObject, type OpenSloObjects, openSloObjects } from "./openslo-objects.js";
import { periodOf } from "./openslo-period.js";
import type { SloSpec } from "./openslo-schema.js";
import { readOpenSloAlpha } from "./read-openslo-alpha.js";
import { below, type Report } from "./report.js";

/** Reads the documents. Never throws for any value. */
export function readOpenSlo(documents: readonly ObjectiveDocument[]): ReadObjectives<DeclaredObjective> {
  const findings: Finding[] = [];
  const objects = openSloObjects(
    documents.filter(({ format }) => format === "openslo"),
    findings,
  );
  checkUnused(objects);
  const objectives = [
    ...objects.all("SLO").flatMap((slo) => readSlo(slo, objects)),
    ...documents
      .filter(({ format }) => format === "openslo-alpha")
      .flatMap((one) => readOpenSloAlpha(one, objects, findings)),
  ];
  return { objectives, findings: eachOnce(findings) };
}

/** Objects that no SLO refers to are looked at too: what is wrong with them is found before somebody does. */
function checkUnused(objects: OpenSloObjects): void {
  for (const { spec, report } of objects.all("SLI")) readSli(spec, objects, below(report, "spec"));
  for (const { spec, metadata, report } of objects.all("AlertCondition")) {
    conditionOf(spec, metadata.annotations ?? {}, below(report, "spec"));
  }
  for (const { spec, metadata, report } of objects.all("AlertPolicy")) {
    conditionsOf(spec, metadata.annotations ?? {}, objects, below(report, "spec"));
  }
}

function readSlo(slo: OpenSloObject<SloSpec>, objects: OpenSloObjects): readonly DeclaredObjective[] {
  const { spec, metadata, document } = slo;
  const report = below(slo.report, "spec");
  const window = Array.isArray(spec.timeWindow) ? spec.timeWindow[0] : spec.timeWindow;
  const windowPath = Array.isArray(spec.timeWindow) ? ["timeWindow", 0] : ["timeWindow"];
  const period = window === undefined ? null : periodOf(window, below(report, ...windowPath));
  if (window === undefined) {
    report("error", "SLO_WINDOW", [], "needs timeWindow, such as timeWindow: [{ duration: 28d, isRolling: true }]");
  }
  if (isComposite(spec)) {
    report(
      "warning",
      "SLO_SOURCE",
      ["objectives"],
      "is a composite of several indicators, which is not read: write an SLO for each",
    );
    return [];
  }
  const read = sloIndicator(spec, objects, report);
  if (period === null) return [];
  const annotations = { ...metadata.labels, ...metadata.annotations };
  const alerting = alertingOf(spec, annotations, objects, nominalPeriodMs(period), report);
  return spec.objectives.flatMap((objective, index): readonly DeclaredObjective[] => {
    const at = below(report, "objectives", index);
    const target = targetOf(objective, at);
    const sli = read === null ? null : indicatorOf(read, objective, spec.budgetingMethod, at);
    if (target === null || sli === null) return [];
    const name = spec.objectives.length === 1 ? metadata.name : `${metadata.name}-${index}`;
    const made = declareOpenSlo(
      document,
      { name, sli, target, period, alerting },
      {
        description: spec.description ?? metadata.displayName ?? null,
        service: spec.service,
        servicePath: ["spec", "service"],
        marks: [
          annotations,
          objects.all("Service").find((one) => one.metadata.name === spec.service)?.metadata.annotations ?? {},
        ],
        namespace: metadata.namespace,
        path: ["spec", "objectives", index],
        report: slo.report,
      },
    );
    return made === null ? [] : [made];
  });
}

function isComposite({ objectives }: SloSpec): boolean {
  return objectives.some(
    ({ indicator, indicatorRef, compositeWeight }) =>
      indicator !== undefined || indicatorRef !== undefined || compositeWeight !== undefined,
  );
}

function sloIndicator({ indicator, indicatorRef }: SloSpec, objects: OpenSloObjects, report: Report): ReadSli | null {
  if ((indicator === undefined) === (indicatorRef === undefined)) {
    const words =
      indicator === undefined ? "needs indicator or indicatorRef" : "has indicator and indicatorRef: leave one out";
    report("error", "SLO_REFERENCE", [], words);
    return null;
  }
  if (indicator !== undefined) return readSli(indicator.spec, objects, below(report, "indicator", "spec"));
  const found = objects.find("SLI", indicatorRef ?? "", report, ["indicatorRef"]);
  return found === null ? null : readSli(found.spec, objects, below(found.report, "spec"));
}
