/** How the readers of objective files say what is wrong. */
import type { FindingCode } from "../finding.js";

/** Takes a finding; `path` is taken from the top of the document, or of the part that a reader was given. */
export type Report = (
  level: "error" | "warning",
  code: FindingCode,
  path: readonly PropertyKey[],
  message: string,
) => void;

/** The same, with paths taken from `prefix`. */
export function below(report: Report, ...prefix: readonly PropertyKey[]): Report {
  return (level, code, path, message) => report(level, code, [...prefix, ...path], message);
}
