/** Objectives → Sloth's `prometheus/v1`, one document a service. Called by `slo convert`. */

import { groupBy } from "../../telemetry/group-by.js";
import { usualTiers } from "../burn-tier.js";
import type { SelectorText } from "../failed-ratio.js";
import { nominalPeriodMs } from "../period.js";
import type { AlertTexts, DeclaredObjective } from "../readers/declared-objective.js";
import { serviceAnnotation } from "../readers/service-of.js";
import type { Converted, Loss } from "./converted.js";
import { noQueries, textsOf } from "./query-texts.js";

const slothPeriodMs = 30 * 86_400_000;

/** The documents, and what Sloth's format cannot say. */
export function toSloth(declared: readonly DeclaredObjective[], selectorText: SelectorText): Converted {
  const losses: Loss[] = [];
  const documents = [...groupBy(declared, ({ names }) => names.service)].flatMap(([, own]) => {
    const [first] = own;
    const slos = own.flatMap((one) => sloOf(one, selectorText, losses) ?? []);
    if (first === undefined || slos.length === 0) return [];
    const { namespace, name } = first.objective.service;
    const labels = { [serviceAnnotation]: `${namespace}/${name}` };
    return [{ version: "prometheus/v1", service: name, labels, slos }];
  });
  return { documents, losses };
}

function sloOf({ objective, names }: DeclaredObjective, selectorText: SelectorText, losses: Loss[]): object | null {
  const lose = (message: string, isWhole = false) => losses.push({ objective, isWhole, message });
  const texts = textsOf(objective.sli, selectorText);
  if (texts === null) {
    lose(noQueries, true);
    return null;
  }
  const { period, alerting } = objective;
  if (period.kind === "calendar" || nominalPeriodMs(period) !== slothPeriodMs) {
    lose("its period: Sloth's is a flag of the program, 30 days unless told");
  }
  const usual = usualTiers(nominalPeriodMs(period)).map(({ name }) => name);
  const severities = new Set(alerting.tiers.map(({ severity }) => severity));
  if (alerting.tiers.some(({ name }) => !usual.includes(name)))
    lose("its tiers: Sloth's are the usual four for every SLO");
  const alert = (texts: AlertTexts | null, isThere: boolean) =>
    texts === null || !isThere
      ? { disable: true }
      : { ...filled("labels", texts.labels), ...filled("annotations", texts.annotations) };
  return {
    name: objective.name,
    objective: Number(names.targetPercent),
    ...(objective.description === null ? {} : { description: objective.description }),
    ...filled("labels", names.labels),
    sli:
      texts.kind === "ratio"
        ? { raw: { error_ratio_query: texts.failedRatio } }
        : {
            events: {
              error_query: texts.partIs === "failed" ? texts.part : `(${texts.total}) - (${texts.part})`,
              total_query: texts.total,
            },
          },
    alerting: {
      ...(names.alertName === null ? {} : { name: names.alertName }),
      page_alert: alert(names.page, severities.has("PAGE")),
      ticket_alert: alert(names.ticket, severities.has("TICKET")),
    },
  };
}

function filled(key: string, texts: Readonly<Record<string, string>>): object {
  return Object.keys(texts).length === 0 ? {} : { [key]: texts };
}
