/**
 * Which incident an alert of Alertmanager belongs to: that of an objective whose rules `slo rules` wrote, else one of its own per alert name
 * and service. Pure; called by the desk of alerts.
 */
import { createHash } from "node:crypto";
import type { Severity } from "../../slo/burn-tier.js";
import type { Objective } from "../../slo/objective.js";
import type { RulerLabels } from "../../telemetry/ruler-alert.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";

/** Where labels say what; the first that is there counts. */
export interface AlertLabelNames {
  readonly service: readonly string[];
  readonly namespace: readonly string[];
  readonly cluster: readonly string[];
  readonly severity: readonly string[];
  /** Values of the severity that page; every other one is a ticket. */
  readonly pageSeverities: readonly string[];
}

/** An objective as its rules name it. */
export interface RuledObjective {
  readonly objective: Objective;
  /** Of the alert that tells of burning; another alert with the objective's labels is one of its own. */
  readonly alertName: string;
}

/** What an alert is about. */
export interface AlertSubject {
  /** Of the objective; of a foreign alert, {@link isForeignSubject}. */
  readonly id: string;
  /** Null for a foreign alert. */
  readonly objective: Objective | null;
  readonly service: ServiceRef;
  /** Of the objective, or the alert's. */
  readonly name: string;
}

/** What decides where an alert belongs. */
export interface SubjectTerms {
  readonly names: AlertLabelNames;
  /** By `sloth_service` and `sloth_slo`; null where no such objective is known. */
  readonly objectiveOf: (slothService: string, slothSlo: string) => RuledObjective | null;
  /** Gives an objective's service, and one that alerts name without a cluster, its cluster. */
  readonly serviceOf: (service: { cluster: string | null; namespace: string; name: string }) => ServiceRef;
}

const foreignPrefix = "alert-";

/** Whether an id is that of an alert of its own instead of an objective's, which is 20 hexadecimal digits. */
export function isForeignSubject(id: string): boolean {
  return id.startsWith(foreignPrefix);
}

/** What the alert with these labels is about. */
export function subjectOf(labels: RulerLabels, { names, objectiveOf, serviceOf }: SubjectTerms): AlertSubject {
  const slothService = labels["sloth_service"] ?? "";
  const slothSlo = labels["sloth_slo"] ?? "";
  const ruled = slothService === "" || slothSlo === "" ? null : objectiveOf(slothService, slothSlo);
  const alertName = cleaned(labels["alertname"] ?? "") || "alert";
  if (ruled !== null && alertName === ruled.alertName) {
    const { objective } = ruled;
    return { id: objective.id, objective, service: serviceOf(objective.service), name: objective.name };
  }
  const service = serviceOf(ruled?.objective.service ?? serviceNamed(labels, names));
  const identity = [service.cluster, service.namespace, service.name, alertName, slothSlo].join("\u0000");
  const id = `${foreignPrefix}${createHash("sha256").update(identity).digest("hex").slice(0, 20)}`;
  return { id, objective: null, service, name: alertName };
}

/** How urgent an alert with these labels is. */
export function alertSeverity(labels: RulerLabels, { severity, pageSeverities }: AlertLabelNames): Severity {
  const said = firstOf(labels, severity)?.toLowerCase() ?? "";
  return pageSeverities.includes(said) ? "PAGE" : "TICKET";
}

const unknown = "unknown";

function serviceNamed(labels: RulerLabels, names: AlertLabelNames) {
  const said = firstOf(labels, names.service) ?? unknown;
  // A mesh's own labels hold the whole host: reviews.bookinfo.svc.cluster.local; our rules' names hold the namespace before a slash.
  const host = /^([^./]+)\.([^./]+)\.svc(\..*)?$/.exec(said);
  const slashed = /^([^/]+)\/([^/]+)$/.exec(said);
  const name = host?.[1] ?? slashed?.[2] ?? said;
  const namespace = host?.[2] ?? slashed?.[1] ?? firstOf(labels, names.namespace) ?? unknown;
  return { cluster: firstOf(labels, names.cluster), namespace, name };
}

function firstOf(labels: RulerLabels, names: readonly string[]): string | null {
  for (const name of names) {
    const value = cleaned(labels[name] ?? "");
    if (value !== "") return value;
  }
  return null;
}

const longestName = 253;

/** No name in a mesh holds control characters, and PostgreSQL cannot hold one of them. */
function cleaned(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, longestName);
}
