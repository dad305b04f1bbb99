/** Kinds of panels with the project's defaults: idle is not zero, legends are there, thresholds stand the right way round. */
import type { Builder as CogBuilder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LogsDedupStrategy,
  LogsSortOrder,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  DashboardLinkBuilder,
  type DataTransformerConfig,
  type DynamicConfigValue,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as LogsBuilder } from "@grafana/grafana-foundation-sdk/logs";
import {
  ArcOptionBuilder,
  PanelBuilder as NodeGraphBuilder,
  NodeOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/nodegraph";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as LinesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { Target } from "./targets.js";

/** Steps of a scale: colour from a value on; the first from the beginning. */
export type Steps = readonly (readonly [value: number | null, color: string])[];

/** More is worse, ratios 0..1. */
export const errorSteps: Steps = [
  [null, "green"],
  [0.01, "orange"],
  [0.05, "red"],
];
/** Less is worse: shares of an error budget that are left. */
export const budgetSteps: Steps = [
  [null, "red"],
  [0, "orange"],
  [0.25, "green"],
];
/** No judgement. */
export const plain: Steps = [[null, "blue"]];

/** What every panel says. */
export interface PanelOptions {
  readonly title: string;
  /** What is seen, from whose view, and what nothing means. */
  readonly description: string;
  /** An id of Grafana's unit list. */
  readonly unit: string;
  readonly targets: readonly Target[];
  /** Of 24. */
  readonly width: number;
  readonly height?: number;
  readonly steps?: Steps;
  readonly links?: readonly PanelLink[];
  readonly overrides?: readonly Override[];
  readonly transformations?: readonly DataTransformerConfig[];
  readonly noValue?: string;
  readonly min?: number;
  readonly max?: number;
}

/** A link of a panel's values. */
export interface PanelLink {
  readonly title: string;
  readonly url: string;
}

/** Properties of the field of one name. */
export interface Override {
  readonly field: string;
  readonly properties: readonly DynamicConfigValue[];
}

/** A panel and its place of 24 columns. */
export interface PlacedPanel {
  readonly width: number;
  readonly height: number;
  readonly panel: Panel;
}

interface CommonBuilder extends CogBuilder<Panel> {
  title(title: string): this;
  description(description: string): this;
  datasource(ref: { type: string; uid: string }): this;
  targets(targets: Target[]): this;
  unit(unit: string): this;
  thresholds(thresholds: ThresholdsConfigBuilder): this;
  transformations(transformations: DataTransformerConfig[]): this;
  overrideByName(name: string, properties: DynamicConfigValue[]): this;
  dataLinks(links: DashboardLinkBuilder[]): this;
  noValue(text: string): this;
  min(min: number): this;
  max(max: number): this;
}

/** One figure over the whole range. */
export function stat(options: PanelOptions): PlacedPanel {
  const reduce = new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false).fields("");
  const builder = new StatBuilder()
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(reduce);
  return placed(builder, options, 4);
}

/** One figure out of a column of rows. */
export function statOf(column: string, options: PanelOptions, calc = "lastNotNull"): PlacedPanel {
  const reduce = new ReduceDataOptionsBuilder().calcs([calc]).values(false).fields(`/^${column}$/`);
  const builder = new StatBuilder()
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(reduce);
  return placed(builder, options, 4);
}

/** Lines over time; a gap is a gap. */
export function lines(
  options: PanelOptions & {
    readonly isStacked?: boolean;
    readonly areThresholdsDrawn?: boolean;
    /** The axis is not cut off at 0. */
    readonly goesBelowZero?: boolean;
  },
): PlacedPanel {
  const legend = new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([]);
  const builder = new LinesBuilder()
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(options.isStacked === true ? 30 : 5)
    .gradientMode(GraphGradientMode.None)
    .spanNulls(false)
    .legend(legend)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (options.areThresholdsDrawn === true) {
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  if (options.isStacked === true) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"));
  return placed(builder, options.goesBelowZero === true ? options : { min: 0, ...options }, 8);
}

/** Rows. Infinity gives its fields by the alphabet: `order` says how they stand, with headings. */
export function table(
  options: PanelOptions & { readonly order: Readonly<Record<string, string>>; readonly sortBy?: string },
): PlacedPanel {
  const { order, sortBy, transformations = [] } = options;
  const organize = {
    id: "organize",
    options: {
      excludeByName: {},
      indexByName: Object.fromEntries(Object.keys(order).map((name, i) => [name, i])),
      renameByName: order,
    },
  };
  const builder = new TableBuilder().showHeader(true);
  if (sortBy !== undefined) builder.sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(true)]);
  return placed(builder, { ...options, transformations: [...transformations, organize] }, 9);
}

/** The service graph: refIds `nodes` and `edges` are how Grafana tells the frames apart. */
export function nodeGraph(options: PanelOptions): PlacedPanel {
  const arc = (field: string, color: string) => new ArcOptionBuilder().field(field).color(color);
  const nodes = new NodeOptionsBuilder().arcs([
    arc("arc__ok", "green"),
    arc("arc__client", "yellow"),
    arc("arc__failed", "red"),
    arc("arc__nodata", "gray"),
  ]);
  return placed(new NodeGraphBuilder().nodes(nodes), options, 16);
}

/** Log lines. */
export function logLines(options: PanelOptions): PlacedPanel {
  const builder = new LogsBuilder()
    .showTime(true)
    .showLabels(false)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .dedupStrategy(LogsDedupStrategy.None)
    .sortOrder(LogsSortOrder.Descending);
  return placed(builder, options, 11);
}

function placed(builder: CogBuilder<Panel>, options: PanelOptions, height: number): PlacedPanel {
  const {
    title,
    description,
    unit,
    targets,
    steps = plain,
    links = [],
    overrides = [],
    transformations = [],
  } = options;
  const datasource = targets[0]?.datasource;
  const mixed = targets.some((target) => target.datasource !== datasource);
  const common = builder as CommonBuilder;
  common
    .title(title)
    .description(description)
    .unit(unit)
    .targets([...targets])
    .thresholds(
      new ThresholdsConfigBuilder()
        .mode(ThresholdsMode.Absolute)
        .steps(steps.map(([value, color]) => ({ value, color }))),
    );
  if (datasource !== undefined) common.datasource(mixed ? { type: "datasource", uid: "-- Mixed --" } : datasource);
  if (transformations.length > 0) common.transformations([...transformations]);
  for (const { field, properties } of overrides) common.overrideByName(field, [...properties]);
  if (options.noValue !== undefined) common.noValue(options.noValue);
  if (options.min !== undefined) common.min(options.min);
  if (options.max !== undefined) common.max(options.max);
  if (links.length > 0) common.dataLinks(links.map(({ title, url }) => new DashboardLinkBuilder(title).url(url)));
  return { width: options.width, height: options.height ?? height, panel: common.build() };
}
