/** Users' queries → the indicator of the model. Shared by the readers of all formats, which know where the queries stand. */
import type { Sli } from "../objective.js";
import { parseRatioQuery, parseUserQuery } from "../promql/parse-user-query.js";
import { dividedBy, type UserQuery } from "../user-query.js";
import type { Report } from "./report.js";

/** Which side a query counts. */
export type Side = "good" | "failed";

/** A query and where it stands. */
export interface WrittenQuery {
  readonly text: string;
  readonly path: readonly PropertyKey[];
}

/** A part and a total: counted where both are plain sums, else a ratio of their quotient. Null when something was reported. */
export function eventsIndicator(side: Side, part: WrittenQuery, total: WrittenQuery, report: Report): Sli | null {
  const [partQuery, totalQuery] = [readQuery(part, report), readQuery(total, report)];
  if (partQuery === null || totalQuery === null) return null;
  if (partQuery.kind === "counts" && totalQuery.kind === "counts") {
    return { kind: "EVENTS", partIs: side, part: partQuery, total: totalQuery };
  }
  return { kind: "RATIO", ratioIs: side, ratio: dividedBy(partQuery, totalQuery) };
}

/** One query that gives a ratio: counted where it is a plain sum divided by another. Null when something was reported. */
export function ratioIndicator(side: Side, { text, path }: WrittenQuery, report: Report): Sli | null {
  const parsed = parseRatioQuery(text);
  switch (parsed.kind) {
    case "invalid":
      report("error", "SLO_QUERY", path, parsed.message);
      return null;
    case "ratio":
      report("warning", "SLO_QUERY_NOT_COUNTED", path, parsed.note);
      return { kind: "RATIO", ratioIs: side, ratio: parsed.ratio };
    case "events": {
      const opposite = side === "failed" ? "good" : "failed";
      return { kind: "EVENTS", partIs: parsed.isComplement ? opposite : side, part: parsed.part, total: parsed.total };
    }
  }
}

function readQuery({ text, path }: WrittenQuery, report: Report): UserQuery | null {
  const parsed = parseUserQuery(text);
  if (parsed.query === null) report("error", "SLO_QUERY", path, parsed.message);
  else if (parsed.note !== null) report("warning", "SLO_QUERY_NOT_COUNTED", path, parsed.note);
  return parsed.query;
}
