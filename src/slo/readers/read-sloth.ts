/** Sloth's files and objects → objectives. Source: Sloth's prometheus/v1 and sloth.slok.dev/v1 specifications. */
import { defaultHold, defaultMinFailedEvents, usualTiers } from "../burn-tier.js";
import { checkObjective } from "../check-objective.js";
import { eachOnce, type Finding, type ReadObjectives } from "../finding.js";
import { labelled, type Objective, objectiveId, type Sli, wholeService } from "../objective.js";
import { parsePercent, withoutSign } from "../target.js";
import type { AlertTexts, DeclaredObjective } from "./declared-objective.js";
import { type ObjectiveDocument, reportInto } from "./objective-document.js";
import { eventsIndicator, ratioIndicator, type WrittenQuery } from "./query-indicator.js";
import { readShape } from "./read-shape.js";
import { below, type Report } from "./report.js";
import { serviceOf } from "./service-of.js";
import { slothFile, slothObject } from "./sloth-schema.js";

/** Sloth's default; a process flag there, not a key of the file. */
const periodMs = 30 * 86_400_000;

type Texts = Readonly<Record<string, string>>;

interface SlothAlert {
  readonly disable?: boolean | undefined;
  readonly labels?: Texts | undefined;
  readonly annotations?: Texts | undefined;
}

/** An SLO with its keys brought to one spelling. */
interface SlothSlo {
  readonly name: string;
  readonly description: string | undefined;
  readonly objective: number | string;
  readonly labels: Texts;
  readonly events: { readonly error: WrittenQuery; readonly total: WrittenQuery } | null;
  readonly raw: WrittenQuery | null;
  readonly plugin: string | null;
  readonly plugins: readonly string[];
  readonly alerting: {
    readonly name: string | undefined;
    readonly labels: Texts;
    readonly annotations: Texts;
    readonly page: SlothAlert;
    readonly ticket: SlothAlert;
  };
}

interface SlothService {
  readonly service: string;
  readonly servicePath: readonly PropertyKey[];
  readonly labels: Texts;
  readonly namespace: string | null;
  readonly marks: readonly Texts[];
  readonly slosPath: readonly PropertyKey[];
  readonly slos: readonly SlothSlo[];
  readonly plugins: readonly string[];
  readonly pluginsPath: readonly PropertyKey[];
  readonly spec: string;
}

/** Reads a document of either form. Never throws for any value. */
export function readSloth(document: ObjectiveDocument): ReadObjectives<DeclaredObjective> {
  const findings: Finding[] = [];
  const read = document.format === "sloth" ? plainFile(document, findings) : kubernetesObject(document, findings);
  if (read === null) return { objectives: [], findings };
  const report = reportInto(findings, document);
  for (const id of read.plugins) refusePlugin(id, read.pluginsPath, report);
  const objectives = read.slos.flatMap((slo, index): readonly DeclaredObjective[] => {
    const path = [...read.slosPath, index];
    const declared = readSlo(slo, read, document, path, report);
    return declared === null ? [] : [declared];
  });
  return { objectives, findings: eachOnce(findings) };
}

function plainFile(document: ObjectiveDocument, findings: Finding[]): SlothService | null {
  const file = readShape(document, slothFile, findings);
  if (file === null) return null;
  return {
    service: file.service,
    servicePath: ["service"],
    labels: file.labels ?? {},
    namespace: null,
    marks: [file.labels ?? {}],
    slosPath: ["slos"],
    plugins: file.slo_plugins?.chain?.map(({ id }) => id) ?? [],
    pluginsPath: ["slo_plugins"],
    spec: "prometheus/v1",
    slos: file.slos.map(({ sli: { events, raw, plugin }, alerting, plugins, ...slo }) => ({
      ...common(slo, plugin, plugins, alerting, alerting?.page_alert, alerting?.ticket_alert),
      events: events ? pair("error_query", events.error_query, "total_query", events.total_query) : null,
      raw: raw ? { text: raw.error_ratio_query, path: ["sli", "raw", "error_ratio_query"] } : null,
    })),
  };
}

function kubernetesObject(document: ObjectiveDocument, findings: Finding[]): SlothService | null {
  const object = readShape(document, slothObject, findings);
  if (object === null) return null;
  const { metadata, spec } = object;
  return {
    service: spec.service,
    servicePath: ["spec", "service"],
    labels: spec.labels ?? {},
    namespace: metadata.namespace ?? null,
    marks: [metadata.annotations ?? {}, metadata.labels ?? {}, spec.labels ?? {}],
    slosPath: ["spec", "slos"],
    plugins: spec.sloPlugins?.chain?.map(({ id }) => id) ?? [],
    pluginsPath: ["spec", "sloPlugins"],
    spec: "sloth.slok.dev/v1",
    slos: spec.slos.map(({ sli: { events, raw, plugin }, alerting, plugins, ...slo }) => ({
      ...common(slo, plugin, plugins, alerting, alerting?.pageAlert, alerting?.ticketAlert),
      events: events ? pair("errorQuery", events.errorQuery, "totalQuery", events.totalQuery) : null,
      raw: raw ? { text: raw.errorRatioQuery, path: ["sli", "raw", "errorRatioQuery"] } : null,
    })),
  };
}

function pair(errorKey: string, error: string, totalKey: string, total: string) {
  return {
    error: { text: error, path: ["sli", "events", errorKey] },
    total: { text: total, path: ["sli", "events", totalKey] },
  };
}

function common(
  slo: {
    readonly name: string;
    readonly description?: string | undefined;
    readonly objective: number | string;
    readonly labels?: Texts | undefined;
  },
  plugin: { readonly id: string } | undefined,
  plugins: { readonly chain?: readonly { readonly id: string }[] | undefined } | undefined,
  alerting:
    | {
        readonly name?: string | undefined;
        readonly labels?: Texts | undefined;
        readonly annotations?: Texts | undefined;
      }
    | undefined,
  page: SlothAlert | undefined,
  ticket: SlothAlert | undefined,
) {
  const { name, description, objective, labels = {} } = slo;
  return {
    name,
    description,
    objective,
    labels,
    plugin: plugin?.id ?? null,
    plugins: plugins?.chain?.map(({ id }) => id) ?? [],
    alerting: {
      name: alerting?.name,
      labels: alerting?.labels ?? {},
      annotations: alerting?.annotations ?? {},
      page: page ?? {},
      ticket: ticket ?? {},
    },
  };
}

function readSlo(
  slo: SlothSlo,
  read: SlothService,
  document: ObjectiveDocument,
  path: readonly PropertyKey[],
  reportInDocument: Report,
): DeclaredObjective | null {
  const report = below(reportInDocument, ...path);
  const name = slo.name;
  if (!/^[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/.test(name)) {
    report("error", "SLO_SHAPE", ["name"], "must be letters, digits, . _ - within, at most 128 of them");
    return null;
  }
  const target = parsePercent(slo.objective);
  if (target === null)
    report("error", "SLO_TARGET", ["objective"], "must be percent above 0 and below 100, such as 99.9");
  for (const id of slo.plugins) refusePlugin(id, ["plugins"], report);
  const sli = indicatorOf(slo, report);
  const marks = [slo.labels, ...read.marks];
  const { namespace, servicePath } = read;
  const service = serviceOf({ name: read.service, path: servicePath, marks, namespace }, sli, reportInDocument);
  if (target === null || sli === null || service === null) return null;
  const { page, ticket } = slo.alerting;
  const tiers = usualTiers(periodMs).filter(({ severity }) => !(severity === "PAGE" ? page : ticket).disable);
  const objective: Objective = {
    id: objectiveId(service, name),
    name,
    description: slo.description ?? null,
    ...labelled(read.labels, slo.labels),
    service,
    scope: wholeService,
    sli,
    target,
    period: { kind: "rolling", durationMs: periodMs },
    alerting: { tiers, minFailedEvents: defaultMinFailedEvents, hold: defaultHold },
    origin: { kind: "sloth", file: document.file, line: document.placeOf(path).line },
  };
  for (const problem of checkObjective(objective, false)) report(problem.level, problem.code, [], problem.message);
  const texts = (alert: SlothAlert): AlertTexts | null =>
    alert.disable === true
      ? null
      : {
          labels: { ...slo.alerting.labels, ...alert.labels },
          annotations: { ...slo.alerting.annotations, ...alert.annotations },
        };
  return {
    objective,
    names: {
      service: read.service,
      slo: name,
      labels: { ...read.labels, ...slo.labels },
      alertName: slo.alerting.name ?? null,
      page: texts(page),
      ticket: texts(ticket),
      targetPercent: withoutSign(slo.objective),
      spec: read.spec,
    },
  };
}

function indicatorOf({ events, raw, plugin }: SlothSlo, report: Report): Sli | null {
  const found = [events && "events", raw && "raw", plugin && "plugin"].filter((one) => one !== null);
  if (found.length !== 1) {
    const words =
      found.length === 0 ? "needs one of events and raw" : `has ${found.join(" and ")}: an SLO has one of them`;
    report("error", "SLO_SLI", ["sli"], words);
    return null;
  }
  if (plugin !== null) {
    refusePlugin(plugin, ["sli", "plugin"], report);
    return null;
  }
  const queries = [events?.error, events?.total, raw].filter((query) => query !== null && query !== undefined);
  const fixed = queries.filter(({ text }) => !/\{\{\s*\.window\s*\}\}/.test(text));
  for (const { path } of fixed) {
    report("error", "SLO_QUERY", path, "has no {{.window}}: write it where the window stands, as Sloth wants it");
  }
  if (fixed.length > 0) return null;
  if (events !== null) return eventsIndicator("failed", events.error, events.total, report);
  return raw === null ? null : ratioIndicator("failed", raw, report);
}

function refusePlugin(id: string, path: readonly PropertyKey[], report: Report): void {
  const words = `the plug-in ${JSON.stringify(id.slice(0, 128))} is a program of Sloth and is not run here: write its queries as events or raw`;
  report("error", "SLO_PLUGIN", path, words);
}
