/** The readable form of `meshlens check`. Pure: reports in, lines out. */

import type { ProbeReport } from "../server/probe-sources.js";
import { clockWords } from "../telemetry/source.js";
import { printable } from "./command-line.js";

const headings = ["NAME", "KIND", "CLUSTER", "VERSION", "LATENCY", "STATE", "FOUND"] as const;

/** A line per source below headings, columns aligned; what failed and how to mend it stands indented below its line. */
export function checkTable(reports: readonly ProbeReport[]): string {
  const rows = reports.map((report) => [
    report.name,
    report.kind,
    printable(report.cluster ?? "default"),
    printable(report.probe?.version ?? "-"),
    report.latencyMs === null ? "-" : `${Math.round(report.latencyMs)} ms`,
    report.state,
    printable(found(report)),
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const lines = reports.flatMap((report, index) => {
    const cells = rows[index] ?? [];
    return report.message === null ? [line(cells)] : [line(cells), `    ${printable(report.message)}`];
  });
  return [line(headings), ...lines].join("\n");
}

function found({ probe }: ProbeReport): string {
  if (probe === null) return "-";
  const capabilities = probe.capabilities.length === 0 ? null : `[${probe.capabilities.join(", ")}]`;
  return [probe.found, capabilities, clockWords(probe)].filter((part) => part !== null).join(" ") || "-";
}
