/** How the parts of the reader say what is wrong with an entry. */
import type { FindingCode } from "../finding.js";

/** Takes a finding about the entry; `below` is the path within it, or one that begins with `defaults`, of the file. */
export type Report = (
  level: "error" | "warning",
  code: FindingCode,
  below: readonly PropertyKey[],
  message: string,
) => void;
