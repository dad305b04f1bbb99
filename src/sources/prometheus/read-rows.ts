/** An answer to a query as rows, by the short way where it has the usual form. Called by the source. */
import type { HttpAnswer } from "../../http/http-client.js";
import type { MetricRow } from "../../telemetry/metric-source.js";
import { openAnswer } from "./prometheus-answer.js";
import { decodeRows, isByBound, type RowsForm } from "./prometheus-decode.js";
import { partLabel } from "./promql.js";
import { readVector } from "./read-vector.js";

/** Rows of an answer and what was said beside them. @throws what openAnswer and decodeRows throw */
export function readRows(
  answer: HttpAnswer,
  form: RowsForm,
): { readonly rows: readonly MetricRow[]; readonly warnings: readonly string[] } {
  const scanned = scanRows(answer.body, form);
  const { data, warnings } = openAnswer(
    form.source,
    scanned === null ? answer : { ...answer, body: scanned.withoutRows },
  );
  const decoded = decodeRows(data, form);
  return { rows: scanned?.rows ?? decoded, warnings };
}

/** Null where decodeRows must tell: other forms, series it refuses, and bounds, which may have to be merged. */
function scanRows(body: Buffer, { parts }: RowsForm): { rows: readonly MetricRow[]; withoutRows: Buffer } | null {
  if (parts.some(isByBound)) return null;
  const rows: MetricRow[] = [];
  let isKnown = true;
  const withoutRows = readVector(body, partLabel, (labels, part, value) => {
    const own = parts[Number(part)];
    if (own === undefined) isKnown = false;
    else if (Number.isFinite(value)) rows.push({ part: own.id, labels, values: [value] });
  });
  return withoutRows !== null && isKnown ? { rows, withoutRows } : null;
}
