/** Objectives → Pyrra's ServiceLevelObjective, one each. Called by `slo convert`. */
import type { SelectorText } from "../failed-ratio.js";
import { formatDuration } from "../format-duration.js";
import type { Sli } from "../objective.js";
import { nominalPeriodMs } from "../period.js";
import type { DeclaredObjective } from "../readers/declared-objective.js";
import { serviceAnnotation } from "../readers/service-of.js";
import type { CountedQuery } from "../user-query.js";
import type { Converted, Loss } from "./converted.js";
import { noQueries } from "./query-texts.js";

/** The documents, and what Pyrra's format cannot say. */
export function toPyrra(declared: readonly DeclaredObjective[], selectorText: SelectorText): Converted {
  const losses: Loss[] = [];
  const documents = declared.flatMap(({ objective, names }): readonly object[] => {
    const lose = (message: string, isWhole = false) => losses.push({ objective, isWhole, message });
    const indicator = indicatorOf(objective.sli, selectorText);
    if (typeof indicator === "string") {
      lose(indicator, true);
      return [];
    }
    if (objective.period.kind === "calendar") lose("its calendar period: written as a rolling one of the same length");
    if (objective.origin.kind !== "pyrra" && objective.alerting.tiers.length > 0) {
      lose("its tiers: Pyrra has a ladder of its own (14, 7, 2 and 1 at 28 days)");
    }
    const { namespace, name } = objective.service;
    const labels = Object.fromEntries(
      Object.entries(names.labels).map(([label, value]) => [`pyrra.dev/${label}`, value]),
    );
    const metadata = {
      name: objective.name,
      namespace,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      annotations: { [serviceAnnotation]: `${namespace}/${name}` },
    };
    const spec = {
      target: names.targetPercent,
      window: formatDuration(nominalPeriodMs(objective.period)),
      ...(objective.description === null ? {} : { description: objective.description }),
      ...(objective.alerting.tiers.length === 0 ? { alerting: { disabled: true } } : {}),
      indicator,
    };
    return [{ apiVersion: "pyrra.dev/v1alpha1", kind: "ServiceLevelObjective", metadata, spec }];
  });
  return { documents, losses };
}

/** The indicator, or why there is none. */
function indicatorOf(sli: Sli, selectorText: SelectorText): object | string {
  const only = ({ terms }: CountedQuery) => {
    const [term, ...more] = terms;
    return term === undefined || more.length > 0 || term.sign < 0 ? null : { metric: selectorText(term.selector) };
  };
  switch (sli.kind) {
    case "EVENTS": {
      const [part, total] = [only(sli.part), only(sli.total)];
      if (part === null || total === null) return "adds several counters, and Pyrra takes one selector for each side";
      if (sli.partIs === "failed") return { ratio: { errors: part, total } };
      const isBucket = sli.part.terms[0]?.selector.metric.endsWith("_bucket") === true;
      return isBucket
        ? { latency: { success: part, total } }
        : "counts good events, and Pyrra's ratio wants the failed ones as a selector";
    }
    case "GAUGE":
      return { bool_gauge: { metric: selectorText(sli.gauge) } };
    case "RATIO":
      return "is a ratio by a query, and Pyrra takes selectors only";
    default:
      return noQueries;
  }
}
