/** A whole dashboard: panels laid out row by row with ids that stay, variables, annotations, links to the others. */
import {
  type AnnotationQuery,
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  type RowPanel,
  TimePickerBuilder,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { PlacedPanel } from "./panels.js";
import { type Column, meshlens, rows, type Target, variable } from "./targets.js";
import { sharedVariables } from "./variables.js";

/** A row of panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly PlacedPanel[];
}

/** What a dashboard is made of. */
export interface DashboardOptions {
  /** Part of its uid: `meshlens-<name>`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
  readonly variables?: readonly VariableModel[];
}

const gridWidth = 24;

/** The dashboard in Grafana's classic form: no inputs, no id, datasources by variable. */
export function meshlensDashboard({ name, title, description, rows, variables = [] }: DashboardOptions): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(`meshlens-${name}`)
    .description(description)
    .tags(["meshlens"])
    .timezone("browser")
    .time({ from: "now-1h", to: "now" })
    .refresh("1m")
    .timepicker(new TimePickerBuilder().refreshIntervals(["30s", "1m", "5m", "15m", "1h"]))
    .tooltip(DashboardCursorSync.Crosshair)
    .editable()
    .link(
      new DashboardLinkBuilder("Meshlens")
        .type(DashboardLinkType.Dashboards)
        .tags(["meshlens"])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  return {
    ...builder.build(),
    id: null as never,
    version: 1,
    templating: { list: [...sharedVariables(), ...variables] },
    annotations: { list: annotations() },
    panels: laidOut(rows),
  };
}

const annotationColumns: readonly Column[] = [
  ["id", "string"],
  ["time", "timestamp_epoch"],
  ["timeEnd", "timestamp_epoch"],
  ["title", "string"],
  ["text", "string"],
  ["tags", "string"],
];

function annotations(): AnnotationQuery[] {
  const one = (name: string, iconColor: string, target: Target) => ({
    ...new AnnotationQueryBuilder().name(name).datasource(meshlens).enable(true).iconColor(iconColor).build(),
    target: target.build(),
  });
  const list = (field: string) =>
    rows({ refId: "Anno", list: `${field}(service: ${variable("service")})`, columns: annotationColumns });
  return [one("Alerts", "red", list("alerts")), one("Changes", "blue", list("changes"))];
}

/** Left to right, a new line where the width is spent, every panel of a line as high as the highest. */
function laidOut(rows: readonly Row[]): (Panel | RowPanel)[] {
  let y = 0;
  return rows.flatMap(({ title, panels }): (Panel | RowPanel)[] => {
    const row: RowPanel = {
      type: "row",
      id: stableId(`row ${title}`),
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: gridWidth, h: 1 },
      panels: [],
    };
    y += 1;
    let [x, height] = [0, 0];
    const placed = panels.map(({ width, height: own, panel }): Panel => {
      if (x + width > gridWidth) {
        y += height;
        [x, height] = [0, 0];
      }
      const gridPos = { x, y, w: width, h: own };
      x += width;
      height = Math.max(height, own);
      return { ...panel, id: stableId(panel.title ?? ""), gridPos };
    });
    y += height;
    return [row, ...placed];
  });
}

/** An id that stays when panels are added around it: links and Grafana's alerts keep it. FNV-1a of the title. */
function stableId(title: string): number {
  let hash = 0x811c9dc5;
  for (const char of Buffer.from(title)) hash = Math.imul(hash ^ char, 0x01000193);
  return 1 + ((hash >>> 0) % 99_991);
}
