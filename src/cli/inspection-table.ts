/** The readable form of `meshlens check --deep`. Pure: findings in, lines out. */
import type { Inspected } from "../inspection/inspect-sources.js";
import type { InspectionVerdict } from "../telemetry/inspection.js";
import { printable } from "./command-line.js";

const order: readonly InspectionVerdict[] = ["PASS", "WARN", "FAIL", "UNKNOWN"];
const topicWidth = 11;

/** A block per source, a line per finding with its remedy below, and the counts last. */
export function inspectionTable(inspected: readonly Inspected[]): string {
  const blocks = inspected.map(({ name, kind, findings }) => {
    const title = name === kind ? name : `${name} (${kind})`;
    const lines = findings.flatMap(({ verdict, topic, message, remedy }) => [
      `  ${verdict.padEnd(7)}  ${topic.padEnd(topicWidth)}  ${printable(message)}`,
      ...(remedy === null ? [] : [`  ${" ".repeat(7)}  ${" ".repeat(topicWidth)}  -> ${printable(remedy)}`]),
    ]);
    return [printable(title), ...lines].join("\n");
  });
  return [...blocks, summary(inspected)].join("\n\n");
}

/** `12 PASS, 2 WARN, 0 FAIL, 1 UNKNOWN`. */
function summary(inspected: readonly Inspected[]): string {
  return order.map((verdict) => `${countOf(inspected, verdict)} ${verdict}`).join(", ");
}

/** How many findings have a verdict. */
export function countOf(inspected: readonly Inspected[], wanted: InspectionVerdict): number {
  return inspected.flatMap(({ findings }) => findings).filter(({ verdict }) => verdict === wanted).length;
}
