/** A dashboard's page for the preview: every panel where its grid says, with its data. No Grafana: a look at layout and data. */
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { drawGraph } from "./draw-graph.js";
import { cssColor, drawFigures, drawLines, noData } from "./draw-lines.js";
import { colorOf, escapeHtml, formatValue } from "./format-value.js";
import type { GrafanaValues } from "./grafana-values.js";
import type { TargetData } from "./panel-data.js";

type Steps = readonly { value: number | null; color: string }[];

/** A panel as the JSON of a dashboard has it. */
export interface PreviewPanel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly options?: { readonly reduceOptions?: { readonly fields?: string; readonly calcs?: readonly string[] } };
  readonly transformations?: readonly {
    readonly id: string;
    readonly options: { readonly renameByName: Record<string, string> };
  }[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly thresholds?: { readonly steps: Steps } };
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

const rowHeight = 38;

/** The page. `drawn` has one piece of HTML per panel, in their order. */
export function drawDashboard(
  dashboard: Pick<Dashboard, "title" | "description">,
  panels: readonly PreviewPanel[],
  drawn: readonly string[],
  head: string,
): string {
  const boxes = panels.map(({ type, title, description = "", gridPos: { x, y, w, h } }, i) => {
    const box = `left:${(x / 24) * 100}%;top:${y * rowHeight}px;width:calc(${(w / 24) * 100}% - 8px);height:${h * rowHeight - 8}px`;
    if (type === "row") return `<h2 style="${box}">${escapeHtml(title)}</h2>`;
    return `<section style="${box}" title="${escapeHtml(description)}"><h3>${escapeHtml(title)}</h3>${drawn[i] ?? ""}</section>`;
  });
  const height = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h)) * rowHeight;
  return `${head}<h1>${escapeHtml(dashboard.title ?? "")}</h1><p>${escapeHtml(dashboard.description ?? "")}</p><main style="height:${height}px">${boxes.join("")}</main>`;
}

/** What is inside one panel. */
export function drawPanel(panel: PreviewPanel, data: readonly TargetData[], values: GrafanaValues): string {
  const { unit = "none", thresholds } = panel.fieldConfig?.defaults ?? {};
  const problems = data.flatMap(({ problem }) => problem ?? []);
  const lines = data.flatMap((one) => one.lines);
  const rows = data.flatMap((one) => one.rows);
  if (lines.length === 0 && rows.length === 0) {
    return problems.length === 0 ? noData : `<div class="problem">${escapeHtml(problems.join("; "))}</div>`;
  }
  if (panel.type === "timeseries") return drawLines(lines, unit, [values.fromMs, values.toMs]);
  if (panel.type === "stat") {
    const stepsOf = (name: string) => ownSteps(panel, name) ?? thresholds?.steps ?? [];
    return drawFigures(figuresOf(panel, lines, rows), unit, stepsOf);
  }
  if (panel.type === "nodeGraph") return drawGraph(data[0]?.rows ?? [], data[1]?.rows ?? []);
  if (panel.type === "logs") return drawLogs(rows);
  return drawTable(panel, rows);
}

function figuresOf(
  panel: PreviewPanel,
  lines: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[],
  rows: TargetData["rows"],
): readonly (readonly [string, unknown])[] {
  if (lines.length > 0) return lines.map(({ name, points }) => [name, points.at(-1)?.[1]] as const);
  const { fields = "", calcs = [] } = panel.options?.reduceOptions ?? {};
  const column = fields.replace(/[/^$]/g, "");
  if (calcs[0] === "count") return [[column, rows.length]];
  return [[column, rows.map((row) => row[column]).findLast((value) => value !== null)]];
}

function drawTable(panel: PreviewPanel, rows: TargetData["rows"]): string {
  const headings = panel.transformations?.find(({ id }) => id === "organize")?.options.renameByName ?? {};
  const cell = (heading: string, column: string, value: unknown) => {
    const own =
      propertyOf(panel, heading, "unit") ??
      (/^(time|startTime|exhaustedAt)$/.test(column) ? "timestamp_epoch" : "none");
    const steps = ownSteps(panel, heading);
    const style =
      steps === undefined || typeof value !== "number" ? "" : ` style="color:${cssColor(colorOf(value, steps))}"`;
    return `<td${style}>${escapeHtml(formatValue(value, String(own)))}</td>`;
  };
  const body = rows.slice(0, 40).map(
    (row) =>
      `<tr>${Object.entries(headings)
        .map(([column, heading]) => cell(heading, column, row[column]))
        .join("")}</tr>`,
  );
  const top = Object.values(headings).map((heading) => `<th>${escapeHtml(heading)}</th>`);
  return `<div class="scroll"><table><tr>${top.join("")}</tr>${body.join("")}</table></div>`;
}

function propertyOf({ fieldConfig }: PreviewPanel, field: string, id: string): unknown {
  return fieldConfig?.overrides
    .find(({ matcher }) => matcher.options === field)
    ?.properties.find((one) => one.id === id)?.value;
}

function ownSteps(panel: PreviewPanel, field: string): Steps | undefined {
  return (propertyOf(panel, field, "thresholds") as { readonly steps: Steps } | undefined)?.steps;
}

function drawLogs(rows: TargetData["rows"]): string {
  const colors: Readonly<Record<string, string>> = { critical: "red", error: "red", warning: "orange", info: "green" };
  const lines = rows.slice(0, 60).map((row) => {
    const color = cssColor(colors[String(row["level"])] ?? "gray");
    const at = formatValue(row["timestamp"], "timestamp_epoch");
    return `<li style="border-color:${color}"><time>${escapeHtml(at)}</time> ${escapeHtml(String(row["body"]))}</li>`;
  });
  return `<ul class="scroll">${lines.join("")}</ul>`;
}
