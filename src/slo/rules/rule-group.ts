/** Prometheus rules as data, and as the files Prometheus and its operator read. */
import { stringify } from "yaml";

/** Text by name: labels or annotations. */
export type Texts = Readonly<Record<string, string>>;

/** A series that is computed. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Texts;
}

/** A condition that fires. Durations as Prometheus writes them. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Texts;
  readonly annotations: Texts;
}

/** Rules that are evaluated one after another. */
export interface RuleGroup {
  readonly name: string;
  /** Absent: as the server is set. */
  readonly interval?: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}

/** A file of groups: `rule_files` of Prometheus. */
export function ruleFile(groups: readonly RuleGroup[]): string {
  return `${madeBy}${yaml({ groups })}`;
}

/** The same as an object for the Prometheus operator. */
export function ruleObject(groups: readonly RuleGroup[], name: string, namespace: string | null): string {
  const metadata = { name, ...(namespace === null ? {} : { namespace }) };
  return `${madeBy}${yaml({ apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec: { groups } })}`;
}

const madeBy = "# Written by meshlens slo rules; do not edit by hand.\n";

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
