/** What lint says about an objective file: a stable code, the place, what is wrong and how to mend it. */

/** What codes mean; a code is never renamed or reused. docs/reference/objectives.md is written from this table. */
export const findingKinds = {
  SLO_FILE:
    "The file does not exist, cannot be read, is no UTF-8 text or is larger than 1 MiB; or a pattern fits no file.",
  SLO_YAML: "The text is no YAML, or uses what objective files do not: tags, unset variables.",
  SLO_FORM:
    "A document is of no format that is read (short form, OpenSLO, Sloth, Pyrra), so it is not known what its keys mean.",
  SLO_SHAPE: "An unknown key, a missing one, or a value of the wrong type or out of range.",
  SLO_TARGET: "The target is not strictly between 0 and 1: nobody keeps 100 %, and it leaves no budget.",
  SLO_WINDOW: "The period is no duration of 1 h to 366 d, or a calendar period names no zone or start that exists.",
  SLO_SERVICE: "The service or caller has no namespace, or is no `name`, `namespace/name` or `cluster/namespace/name`.",
  SLO_SLI:
    "None or several of `availability`, `latency`, `events`, `ratio`, `gauge`; or `good` and `failed` together or both missing.",
  SLO_SCOPE:
    "`version`, `route`, `caller` or `host` beside queries or each other where they cannot hold, or where the configured mesh's metrics do not tell them.",
  SLO_STATUS:
    "A status of `failedStatus` is no HTTP code or class, gRPC status or response flag; or it is added and removed.",
  SLO_QUERY: "A query is no PromQL, or it cannot be told where its windows are.",
  SLO_QUERY_NOT_COUNTED:
    "A query is no plain sum of counters: asked over whole windows, no minimum events, approximate.",
  SLO_DUPLICATE: "Two objectives of one service, or two OpenSLO objects of a kind, have the same name.",
  SLO_KEY: "A key that the format of another tool does not have; it is left aside.",
  SLO_NAME: "A name is not what the format allows; it is read all the same.",
  SLO_REFERENCE: "A reference to an object that no file defines, or one that leads back to itself.",
  SLO_SOURCE:
    "An indicator is measured by something else than Prometheus, or is a composite: its objective is left out.",
  SLO_PLUGIN: "A Sloth plug-in: a program that is not run here.",
  SLO_GROUPING: "Pyrra makes an objective of every group; here it is one over all.",
  SLO_ALERTING:
    "An alert condition says what Meshlens cannot do, or the opposite of what it means; the message says how it is read.",
  SLO_DATA_NONE: "With `--config`: the source has no series for it, or it could not be measured; the message says why.",
  SLO_DATA_BUCKET: "With `--config`: a latency threshold is no edge of the histogram's buckets.",
  SLO_DATA_RETENTION: "With `--config`: the source has less data than the period is long.",
  SLO_DATA_TRAFFIC: "With `--config`: so few events that a single failure is over a tier's threshold.",
  SLO_DATA_MISSED: "With `--config`: the period that ends now misses the target.",
  SLO_TIER_WINDOWS:
    "A tier's short window is not shorter than its long one, its long one not shorter than the period, or two tiers are the same.",
  SLO_TIER_UNREACHABLE: "A tier's burn rate cannot be reached: even with every event failed the target allows more.",
  SLO_TIER_TOLERATED: "A tier is met by burn rates that the budget bears for the whole period.",
} as const;

/** A stable code of the table above. */
export type FindingCode = keyof typeof findingKinds;

/** One finding. An error keeps the file's objectives from being used; a warning does not. */
export interface Finding {
  readonly level: "error" | "warning";
  readonly code: FindingCode;
  readonly file: string;
  /** From 1; null where the file as a whole is meant. */
  readonly line: number | null;
  readonly column: number | null;
  /** Key path such as `objectives[2].latency.target`; "" for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** `file:line:column: error SLO_TARGET: path: message`, one line. */
export function formatFinding({ level, code, file, line, column, path, message }: Finding): string {
  const place = line === null ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}: ${level} ${code}: ${path === "" ? message : `${path}: ${message}`}`;
}

/** What a reader makes of a file: objectives only where there is no error, so that half an objective never runs. */
export interface ReadObjectives<T> {
  readonly objectives: readonly T[];
  readonly findings: readonly Finding[];
}

/** Findings without repetitions: what entries share is found again for each of them, and told once. */
export function eachOnce(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((one) => [JSON.stringify(one), one])).values()];
}

/** Findings in order of their places within a file. */
export function inFileOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
