/** Pyrra's objects → objectives, with Pyrra's own ladder of windows. Source: Pyrra's v1alpha1 types and its rules. */
import { durationMs } from "../../config/duration.js";
import { type BurnTier, defaultHold, defaultMinFailedEvents, type Severity, tierName } from "../burn-tier.js";
import { checkObjective } from "../check-objective.js";
import { eachOnce, type Finding, type ReadObjectives } from "../finding.js";
import { labelled, type Objective, objectiveId, type Sli, wholeService } from "../objective.js";
import { parseSelector } from "../promql/parse-user-query.js";
import { parsePercent, percentOf } from "../target.js";
import type { AlertTexts, DeclaredObjective } from "./declared-objective.js";
import { type ObjectiveDocument, reportInto } from "./objective-document.js";
import { pyrraObject } from "./pyrra-schema.js";
import { eventsIndicator, ratioIndicator } from "./query-indicator.js";
import { readShape } from "./read-shape.js";
import { below, type Report } from "./report.js";
import { serviceAnnotation, serviceOf } from "./service-of.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const ladderPeriodMs = 28 * dayMs;

interface Rung {
  readonly severity: Severity;
  readonly longMs: number;
  readonly shortMs: number;
  readonly factor: number;
}

/** At 28 days; lengths grow with the window, factors do not. */
const ladder: readonly Rung[] = [
  { severity: "PAGE", longMs: hourMs, shortMs: 5 * minuteMs, factor: 14 },
  { severity: "PAGE", longMs: 6 * hourMs, shortMs: 30 * minuteMs, factor: 7 },
  { severity: "TICKET", longMs: dayMs, shortMs: 2 * hourMs, factor: 2 },
  { severity: "TICKET", longMs: 4 * dayMs, shortMs: 6 * hourMs, factor: 1 },
];

/** Pyrra waits for each tier on its own; here a severity waits as its quickest tier does. */
const hold = {
  PAGE: { forMs: 2 * minuteMs, keepFiringMs: defaultHold.PAGE.keepFiringMs },
  TICKET: { forMs: hourMs, keepFiringMs: defaultHold.TICKET.keepFiringMs },
};

/** Reads a document. Never throws for any value. */
export function readPyrra(document: ObjectiveDocument): ReadObjectives<DeclaredObjective> {
  const findings: Finding[] = [];
  const object = readShape(document, pyrraObject, findings);
  if (object === null) return { objectives: [], findings };
  const report = reportInto(findings, document);
  const { metadata, spec } = object;
  const periodMs = durationMs(spec.window);
  const target = parsePercent(spec.target);
  if (target === null)
    report("error", "SLO_TARGET", ["spec", "target"], "must be percent above 0 and below 100, such as '99.5'");
  if (periodMs === null || periodMs < hourMs) {
    report("error", "SLO_WINDOW", ["spec", "window"], "must be a duration of at least 1h such as 4w");
  }
  const indicator = readIndicator(spec.indicator, below(report, "spec", "indicator"));
  const labels = pyrraLabels(metadata.labels ?? {});
  const marks = [metadata.annotations ?? {}, metadata.labels ?? {}];
  const name = metadata.name;
  const service = serviceOf(
    { name: serviceName(marks, name), path: ["metadata"], marks, namespace: metadata.namespace ?? null },
    indicator,
    report,
  );
  if (target === null || periodMs === null || periodMs < hourMs || indicator === null || service === null) {
    return { objectives: [], findings: eachOnce(findings) };
  }
  const { alerting } = spec;
  const isQuiet = alerting?.disabled === true || alerting?.burnrates === false;
  const objective: Objective = {
    id: objectiveId(service, name),
    name,
    description: spec.description ?? null,
    ...labelled(metadata.labels, labels),
    service,
    scope: wholeService,
    sli: indicator,
    target,
    period: { kind: "rolling", durationMs: periodMs },
    alerting: { tiers: isQuiet ? [] : tiersOf(periodMs), minFailedEvents: defaultMinFailedEvents, hold },
    origin: { kind: "pyrra", file: document.file, line: document.placeOf([]).line },
  };
  for (const problem of checkObjective(objective, false))
    report(problem.level, problem.code, ["spec"], problem.message);
  const texts: AlertTexts | null = isQuiet ? null : { labels: {}, annotations: {} };
  const declared: DeclaredObjective = {
    objective,
    names: {
      service: serviceName(marks, name),
      slo: name,
      labels,
      alertName: alerting?.name ?? null,
      page: texts,
      ticket: texts,
      targetPercent: percentOf(target),
      spec: "pyrra.dev/v1alpha1",
    },
  };
  return { objectives: [declared], findings: eachOnce(findings) };
}

/** A Pyrra object has a name of its own and none of its service, unless a label says it. */
function serviceName(marks: readonly Readonly<Record<string, string>>[], name: string): string {
  for (const label of [serviceAnnotation, "pyrra.dev/service", "app.kubernetes.io/name", "app"]) {
    const value = marks.map((one) => one[label]).find((one) => one !== undefined);
    if (value !== undefined) return value;
  }
  return name;
}

/** Only labels with this prefix reach Pyrra's rules, without it. */
function pyrraLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const prefix = "pyrra.dev/";
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

function tiersOf(periodMs: number): readonly BurnTier[] {
  const scaled = (lengthMs: number) =>
    Math.max(minuteMs, Math.round((lengthMs * periodMs) / ladderPeriodMs / minuteMs) * minuteMs);
  return ladder.map(({ severity, longMs, shortMs, factor }) => {
    const [long, short] = [scaled(longMs), scaled(shortMs)];
    return { name: tierName(long, short), severity, longMs: long, shortMs: short, factor };
  });
}

interface WrittenIndicator {
  readonly ratio?: Pair<"errors"> | undefined;
  readonly latency?: Pair<"success"> | undefined;
  readonly latencyNative?:
    | { readonly total: Metric; readonly latency: string; readonly grouping?: Grouping }
    | undefined;
  readonly bool_gauge?: { readonly metric: string; readonly grouping?: Grouping } | undefined;
}
interface Metric {
  readonly metric: string;
}
type Grouping = readonly string[] | undefined;
type Pair<Part extends string> = Readonly<Record<Part | "total", Metric>> & { readonly grouping?: Grouping };

const kinds = ["ratio", "latency", "latencyNative", "bool_gauge"] as const;

function readIndicator(written: WrittenIndicator, report: Report): Sli | null {
  const found = kinds.filter((kind) => written[kind] !== undefined);
  const [only, second] = found;
  if (only === undefined || second !== undefined) {
    const words =
      only === undefined ? `needs one of ${kinds.join(", ")}` : `has ${found.join(" and ")}: it has one of them`;
    report("error", "SLO_SLI", [], words);
    return null;
  }
  const grouping = written[only]?.grouping ?? [];
  if (grouping.length > 0) {
    const words = `groups by ${grouping.join(", ")}: read as one objective over all groups; write one object per group to keep them apart`;
    report("warning", "SLO_GROUPING", [only, "grouping"], words);
  }
  const { ratio, latency, latencyNative, bool_gauge } = written;
  if (ratio !== undefined) return counts("failed", "ratio", "errors", ratio.errors, ratio.total, report);
  if (latency !== undefined) return counts("good", "latency", "success", latency.success, latency.total, report);
  if (latencyNative !== undefined) return nativeLatency(latencyNative, below(report, "latencyNative"));
  const gauge = bool_gauge === undefined ? null : parseSelector(bool_gauge.metric);
  if (gauge !== null) return { kind: "GAUGE", gauge };
  report("error", "SLO_QUERY", ["bool_gauge", "metric"], notSelector);
  return null;
}

const notSelector = 'is not a plain selector such as up{job="api"}';

function counts(
  side: "good" | "failed",
  kind: string,
  part: string,
  partMetric: Metric,
  totalMetric: Metric,
  report: Report,
): Sli | null {
  const [partPath, totalPath] = [
    [kind, part, "metric"],
    [kind, "total", "metric"],
  ];
  const query = ({ metric }: Metric, path: readonly PropertyKey[]) => {
    if (parseSelector(metric) !== null) return { text: `sum(increase(${metric}[{{.window}}]))`, path };
    report("error", "SLO_QUERY", path, notSelector);
    return null;
  };
  const [partQuery, totalQuery] = [query(partMetric, partPath), query(totalMetric, totalPath)];
  return partQuery === null || totalQuery === null ? null : eventsIndicator(side, partQuery, totalQuery, report);
}

/** Native histograms have no buckets to count; Prometheus itself tells the fraction below the threshold. */
function nativeLatency(
  { total, latency }: { readonly total: Metric; readonly latency: string },
  report: Report,
): Sli | null {
  const thresholdMs = durationMs(latency);
  if (thresholdMs === null) report("error", "SLO_SHAPE", ["latency"], "is not a duration such as 1s or 250ms");
  if (parseSelector(total.metric) === null) report("error", "SLO_QUERY", ["total", "metric"], notSelector);
  if (thresholdMs === null || parseSelector(total.metric) === null) return null;
  const text = `histogram_fraction(0, ${thresholdMs / 1000}, sum(rate(${total.metric}[{{.window}}])))`;
  return ratioIndicator("good", { text, path: ["total", "metric"] }, report);
}
