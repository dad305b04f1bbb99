/** What a query is about: matchers made of the dashboards' variables. Grafana escapes their values for regular expressions. */

/** Which end of a call the chosen service is. */
export type Side = "called" | "calling";

/** Part of a query. */
export interface Choice {
  readonly side?: Side;
  /** Also who calls: the variable `caller` of the edge dashboard. */
  readonly withCaller?: boolean;
  /** Range selector; the step's own by default. */
  readonly window?: string;
  /** Labels to keep beside those of every sum; the host is told apart as `service` and `namespace` where these are among them. */
  readonly by?: readonly string[];
  /** Matchers instead of those of the variables: for recording rules, which have none. */
  readonly chosen?: string;
  /** Asked of the recording rules where they are, which then switches the raw query off. */
  readonly isRuled?: boolean;
  /** Only so many groups, the largest at each instant. */
  readonly top?: number;
}

/** The window of a line: at least four scrapes. */
export const lineWindow = "$__rate_interval";
/** The window of a single figure: the whole range of the dashboard. */
export const wholeRange = "$__range";

/** Hosts of the chosen service and namespace; `.*` for all. A host is there also where no endpoint was reached. */
export const chosenHost = "$service[.]$namespace[.]svc[.].*";

/** The rate window of the recording rules. */
export const ruleWindow = "5m";
/** Matches every reporter while there are no recording rules, and none where there are: see the variable `raw`. */
export const whileRaw = (label: string) => `${label}=~"$raw"`;

/** Chosen rows of a recording rule; `label` is the one that tells its mesh, `more` what else the mesh has. */
export function ruled(record: string, label: string, more = ""): string {
  return `${record}{${matchers(`${label}=~"$mesh"`, more, 'namespace=~"$namespace",service=~"$service"')}}`;
}

/** Rows of a recording rule added up; over a window of its own the mean of their rates. */
export function ruledSum({ window = lineWindow, by = [] }: Choice, rows: string): string {
  return sumBy(by, window === lineWindow ? rows : `avg_over_time(${rows}[${window}])`);
}

/** Rows of a mesh's recording rule, added up. */
type ByRule = (record: string, choice: Choice) => string;

/** Failed calls / calls of a mesh that counts them so. No calls, no value; calls and no failure is 0. */
export function errorRatio(
  choice: Choice,
  counted: (which: "all" | "failed", choice: Choice) => string,
  byRule: ByRule,
): string {
  const either = (which: "all" | "failed", record: string) =>
    choice.isRuled === true ? `(${byRule(record, choice)} or ${counted(which, choice)})` : counted(which, choice);
  const all = either("all", "counted_calls");
  return `(${either("failed", "failed_calls")} or 0 * ${all}) / (${all} > 0)`;
}

/** A quantile over `raw` buckets, or over those of the rules where they are. */
export function latencyQuantile(quantile: number, choice: Choice, raw: string, byRule: ByRule): string {
  const { by = [] } = choice;
  const buckets =
    choice.isRuled === true ? `(${byRule("latency_bucket", { ...choice, by: ["le", ...by] })} or ${raw})` : raw;
  return `histogram_quantile(${quantile}, ${buckets})`;
}

/** `sum by (...) (...)`. */
export function sumBy(by: readonly string[], of: string): string {
  return by.length === 0 ? `sum(${of})` : `sum by (${by.join(", ")}) (${of})`;
}

/** The service and namespace of a host label as labels of their own. */
export function withNames(host: string, of: string): string {
  const pattern = "([^.]+)[.]([^.]+)[.]svc[.].*";
  return `label_replace(label_replace(${of}, "service", "$1", "${host}", "${pattern}"), "namespace", "$2", "${host}", "${pattern}")`;
}

/** Joins selectors; empty ones are left out. */
export function matchers(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(",");
}
