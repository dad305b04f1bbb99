/** An answer to a query as rows, by the short way where it has the usual form. Called by the source. */
import type { BodyReader, HttpAnswer } from "../../http/http-client.js";
import { decodeError } from "../../http/read-json.js";
import type { MetricRow } from "../../telemetry/metric-source.js";
import { openAnswer } from "./prometheus-answer.js";
import { decodeRows, isByBound, type RowsForm } from "./prometheus-decode.js";
import { partLabel } from "./promql.js";
import { createVectorReader } from "./read-vector.js";

/** Reads the answer to one question: `reader` goes with the request, `rowsOf` takes what came back. */
export interface RowReader {
  /** Left out where an answer must be seen as a whole: bounds may have to be merged. */
  readonly reader?: () => BodyReader;
  /** Rows of the answer and what was said beside them. @throws what openAnswer and decodeRows throw */
  rowsOf(answer: HttpAnswer): { readonly rows: readonly MetricRow[]; readonly warnings: readonly string[] };
}

/** A reader of one question's answer. */
export function createRowReader(form: RowsForm): RowReader {
  const { source, parts } = form;
  let scan: ReturnType<typeof createScan> | null = null;
  const rowsOf: RowReader["rowsOf"] = (answer) => {
    const outcome = scan?.outcome() ?? "other";
    if (outcome === "broken") throw decodeError(source, `data.result[${scan?.rows.length}]`, "no series");
    const { data, warnings } = openAnswer(source, answer);
    const decoded = decodeRows(data, form);
    return { rows: outcome === "read" ? (scan?.taken(source) ?? decoded) : decoded, warnings };
  };
  if (parts.some(isByBound)) return { rowsOf };
  return {
    reader: () => {
      scan = createScan(parts);
      return scan;
    },
    rowsOf,
  };
}

function createScan(parts: RowsForm["parts"]) {
  const rows: MetricRow[] = [];
  let unknownAt: number | null = null;
  let count = 0;
  const reader = createVectorReader(partLabel, (labels, part, value) => {
    const own = parts[Number(part)];
    if (own === undefined) unknownAt ??= count;
    else if (Number.isFinite(value)) rows.push({ part: own.id, labels, values: [value] });
    count += 1;
  });
  return {
    ...reader,
    rows,
    /** @throws MESHLENS_ERR_SOURCE_DECODE for a series of no part */
    taken(source: string): readonly MetricRow[] {
      if (unknownAt === null) return rows;
      throw decodeError(source, `data.result[${unknownAt}].metric.${partLabel}`, "an unknown part");
    },
  };
}
