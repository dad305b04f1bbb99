/** Resolvers of golden signals: every number is asked only when it is selected. */
import type { GraphQLResolveInfo } from "graphql";
import type { Pillar, RequestOutcome, Series } from "../../mesh/mesh.js";
import { mergeStatuses } from "../../mesh/pillar.js";
import { windowSeconds } from "../../telemetry/time-window.js";
import { type GraphqlContext, take } from "../context.js";
import type {
  GoldenResolvers,
  LatencyMeasureResolvers,
  MeasureResolvers,
  MeasureUnit,
  SeriesResolvers,
} from "../generated/resolver-types.js";
import { askMeasure, goldenMeasures } from "../golden-plan.js";
import type { GoldenParent, LatencyMeasureParent, MeasureParent } from "../parents.js";
import { fieldsBelow, selects } from "../selection.js";

export const goldenResolvers: GoldenResolvers = {
  sources: async ({ signals, measures }) => {
    const pillars = await Promise.all(measures.map((measure) => askMeasure(signals, measure)));
    return mergeStatuses(...pillars.map((pillar) => pillar.sources));
  },
  requestCount: async (parent, _, context, info) => (await outcomeOf(parent, context, info))?.requestCount ?? null,
  requestRate: (parent, _, context, info) =>
    measureOf(
      parent,
      context,
      info,
      "REQUESTS_PER_SECOND",
      (outcome) => outcome.requestCount / windowSeconds(parent.window),
      (maxPoints) => parent.signals.requestRateSeries(parent.view, maxPoints),
    ),
  errorRatio: (parent, _, context, info) =>
    measureOf(
      parent,
      context,
      info,
      "RATIO",
      (outcome) => outcome.errorRatio,
      (maxPoints) => parent.signals.errorRatioSeries(parent.view, maxPoints),
    ),
  clientErrorRatio: (parent, _, context, info) =>
    measureOf(
      parent,
      context,
      info,
      "RATIO",
      (outcome) => outcome.clientErrorRatio,
      () => null,
    ),
  latency: async (parent, { quantiles }, context, info) => latencies(parent, quantiles, context, info),
  failures: async (parent, _, context, info) => (await outcomeOf(parent, context, info))?.failures ?? null,
  clientErrors: async (parent, _, context, info) => (await outcomeOf(parent, context, info))?.clientErrors ?? null,
  responseFlags: async (parent, _, context, info) => (await outcomeOf(parent, context, info))?.responseFlags ?? null,
  server: ({ signals, window }, _, _context, info) => ({
    signals,
    window,
    view: "server",
    measures: goldenMeasures(fieldsBelow(info), "server"),
  }),
  absence: ({ signals }) => signals.absence(),
};

export const measureResolvers: MeasureResolvers = {
  value: ({ value }) => value,
  unit: ({ unit }) => unit,
  series: async (parent, args, context, info) => {
    const pillar = await parent.series(args.maxPoints ?? 60);
    return pillar === null ? null : take(context, info, pillar);
  },
};

export const latencyMeasureResolvers: LatencyMeasureResolvers = {
  quantile: ({ quantile }) => quantile,
  value: ({ value }) => value,
  unit: () => "MILLISECONDS",
  series: async (parent, args, context, info) => take(context, info, await parent.series(args.maxPoints ?? 60)),
};

export const seriesResolvers: SeriesResolvers = {
  timestamps: ({ timestampsMs }) => timestampsMs,
  values: ({ values }) => values,
};

async function outcomeOf(
  { signals, view }: GoldenParent,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Promise<RequestOutcome | null> {
  return take(context, info, await signals.outcome(view));
}

/** A measure, null when its value is selected and there is none; a selection of the series alone does not ask the value. */
async function measureOf(
  parent: GoldenParent,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
  unit: MeasureUnit,
  read: (outcome: RequestOutcome) => number | null,
  series: (maxPoints: number) => Promise<Pillar<Series>> | null,
): Promise<MeasureParent | null> {
  if (!selects(fieldsBelow(info), "value")) return { value: null, unit, series };
  const outcome = await outcomeOf(parent, context, info);
  return outcome === null ? null : { value: read(outcome), unit, series };
}

async function latencies(
  { signals, view }: GoldenParent,
  quantiles: readonly number[],
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Promise<readonly LatencyMeasureParent[] | null> {
  const isValueRead = selects(fieldsBelow(info), "value");
  const measures = await Promise.all(
    quantiles.map(async (quantile) => ({
      quantile,
      value: isValueRead ? take(context, info, await signals.latencyMs(view, quantile)) : null,
      series: (maxPoints: number) => signals.latencyMsSeries(view, quantile, maxPoints),
    })),
  );
  return isValueRead && measures.every((measure) => measure.value === null) ? null : measures;
}
