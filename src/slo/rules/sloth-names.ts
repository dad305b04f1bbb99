/** Names and labels that Sloth gives its rules, so that dashboards made for Sloth find ours. Source: Sloth's generator. */
import { formatDuration } from "../format-duration.js";
import type { DeclaredObjective } from "../readers/declared-objective.js";
import type { Texts } from "./rule-group.js";

/** What tells the series of one objective apart. */
export interface SlothNames {
  readonly id: string;
  /** The three labels of its identity. */
  readonly identity: Texts;
  /** Labels of every recording: the identity and the user's own. */
  readonly labels: Texts;
  /** `{sloth_id="...", ...}`. */
  readonly selector: string;
}

/** The names of an objective. */
export function slothNames({ names }: DeclaredObjective): SlothNames {
  const id = `${names.service}-${names.slo}`;
  const identity = { sloth_id: id, sloth_service: names.service, sloth_slo: names.slo };
  const selector = Object.entries(identity).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return { id, identity, labels: { ...ruleLabels(names.labels), ...identity }, selector: `{${selector.join(", ")}}` };
}

/** `slo:sli_error:ratio_rate5m`. */
export function ratioRecord(windowMs: number): string {
  return `slo:sli_error:ratio_rate${windowName(windowMs)}`;
}

/** `5m`, `3d`, `30d`: what Sloth calls a window. */
export function windowName(windowMs: number): string {
  return formatDuration(windowMs);
}

/** The alert's name: the user's, else one made of service and objective, such as `CartAvailabilityBudgetBurn`. */
export function alertName({ names }: DeclaredObjective): string {
  if (names.alertName !== null && names.alertName !== "") return names.alertName;
  const words = `${names.service} ${names.slo}`.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}BudgetBurn`;
}

/** Only these are names of labels in a rule. */
function ruleLabels(labels: Texts): Texts {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)));
}
