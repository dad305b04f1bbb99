/** The readable form of `meshlens diagnose`. Pure: the answer of the API in, text out. */
import { sayMs, sayPercent } from "../diagnosis/say.js";
import { printable } from "./command-line.js";

interface ToldService {
  readonly ref: { readonly namespace: string; readonly name: string };
}

interface ToldWindow {
  readonly window: { readonly from: string; readonly to: string };
  readonly windowCount: number;
  readonly traceCount: number | null;
  readonly requestCount: number | null;
  readonly badRatio: number | null;
}

/** As much of the API's Diagnosis as is shown. */
export interface ToldDiagnosis {
  readonly sentence: string | null;
  readonly suspects: readonly {
    readonly service: ToldService | null;
    readonly part: { readonly kind: string; readonly name: string } | null;
    readonly grade: string;
    readonly score: number;
    readonly standardError: number;
    readonly reasons: readonly { readonly sentence: string }[];
  }[];
  readonly cleared: readonly { readonly service: ToldService | null; readonly sentence: string }[];
  readonly missing: readonly { readonly pillar: string; readonly message: string }[];
  readonly incident: ToldWindow;
  readonly baseline: ToldWindow | null;
  readonly graph: ToldGraph;
}

interface ToldGraph {
  readonly nodes: readonly { readonly name: string; readonly service: ToldService | null }[];
  readonly calls: readonly {
    readonly source: number;
    readonly destination: number;
    readonly callsPer100: number;
    readonly failedRatio: number;
    readonly failedRatioBefore: number | null;
    readonly callMs: number | null;
    readonly callMsBefore: number | null;
  }[];
  readonly svg: string;
}

/** The sentence, a paragraph per suspect, who is cleared, what was looked at and what could not be seen. */
export function diagnosisTable(asked: string, diagnosis: ToldDiagnosis): string {
  const { sentence, suspects, cleared, missing, incident, baseline, graph } = diagnosis;
  const lines = [
    `${asked}: ${sentence ?? "(hidden)"}`,
    "",
    ...suspects.flatMap(({ service, part, grade, score, standardError, reasons }, at) => [
      `${at + 1}. ${nameOf(service)}${part === null ? "" : `, ${part.kind.toLowerCase()} ${part.name}`}`,
      `   ${grade.toLowerCase()}: explains ${figure(score)} of 100 requests (standard error ${figure(standardError)})`,
      ...reasons.map((reason) => `   - ${reason.sentence}`),
      "",
    ]),
    ...callTable(graph),
    ...section(
      "Cleared",
      cleared.map((one) => `${nameOf(one.service)}: ${one.sentence}`),
    ),
    ...section(
      "Not seen",
      missing.map(({ pillar, message }) => `${pillar.toLowerCase()}: ${message}`),
    ),
    `Incident  ${windowLine(incident)}`,
    `Baseline  ${baseline === null ? "none" : windowLine(baseline)}`,
  ];
  return lines.map(printable).join("\n");
}

const callHeadings = ["Calls", "per 100 requests", "failed", "before", "took", "before"] as const;
const mostCalls = 12;

/** Who called whom, the heaviest in trouble first. */
function callTable({ nodes, calls }: ToldGraph): readonly string[] {
  if (calls.length === 0) return [];
  const endOf = (place: number): string => {
    const { name, service } = nodes[place] ?? { name: "?", service: null };
    return service === null ? name : `${service.ref.namespace}/${service.ref.name}`;
  };
  const rows = calls
    .slice(0, mostCalls)
    .map(({ source, destination, callsPer100, failedRatio, failedRatioBefore, callMs, callMsBefore }) => [
      `   ${endOf(source)} -> ${endOf(destination)}`,
      figure(callsPer100),
      sayPercent(failedRatio),
      failedRatioBefore === null ? "-" : sayPercent(failedRatioBefore),
      callMs === null ? "-" : sayMs(callMs),
      callMsBefore === null ? "-" : sayMs(callMsBefore),
    ]);
  const widths = callHeadings.map((heading, i) =>
    Math.max(heading.length, ...rows.map((cells) => cells[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  const rest = calls.length - rows.length;
  return [line(callHeadings), ...rows.map(line), ...(rest > 0 ? [`   and ${rest} more (--json has all)`] : []), ""];
}

function section(title: string, rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : [title, ...rows.map((row) => `   - ${row}`), ""];
}

function nameOf(service: ToldService | null): string {
  return service === null ? "(not visible to you)" : `${service.ref.namespace}/${service.ref.name}`;
}

function windowLine({ window, windowCount, traceCount, requestCount, badRatio }: ToldWindow): string {
  const pooled = windowCount > 1 ? `, ${windowCount} windows` : "";
  const traces = traceCount === null ? "no traces" : `${traceCount} traces`;
  const requests = requestCount === null ? "" : ` of ${Math.round(requestCount).toLocaleString("en-US")} requests`;
  const bad = badRatio === null ? "" : `, ${figure(100 * badRatio)} % bad`;
  return `${window.from} to ${window.to}${pooled}: ${traces}${requests}${bad}`;
}

/** Three digits at most. */
function figure(value: number): string {
  return String(Number(value.toPrecision(value >= 100 ? 3 : 2)));
}
