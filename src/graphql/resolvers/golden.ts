/** Resolvers of golden signals: every number is asked only when it is selected. */
import type { GraphQLResolveInfo } from "graphql";
import type { Pillar, RequestOutcome, Series } from "../../mesh/mesh.js";
import { mergeStatuses } from "../../mesh/pillar.js";
import { type Eventually, isPromise, whenAllHere, whenHere } from "../../telemetry/eventually.js";
import { windowSeconds } from "../../telemetry/time-window.js";
import { type GraphqlContext, take } from "../context.js";
import type {
  GoldenResolvers,
  LatencyMeasureResolvers,
  MeasureResolvers,
  MeasureUnit,
  SeriesResolvers,
} from "../generated/resolver-types.js";
import { askMeasure, measuresBelow } from "../golden-plan.js";
import type { GoldenParent, LatencyMeasureParent, MeasureParent } from "../parents.js";
import { selectsValue } from "../selection.js";

export const goldenResolvers: GoldenResolvers = {
  sources: async ({ signals, measures }) => {
    const pillars = await Promise.all(measures.map((measure) => askMeasure(signals, measure)));
    return mergeStatuses(...pillars.map((pillar) => pillar.sources));
  },
  requestCount: outcomeField("requestCount"),
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
  latency: (parent, { quantiles }, context, info) => latencies(parent, quantiles, context, info),
  failures: outcomeField("failures"),
  clientErrors: outcomeField("clientErrors"),
  responseFlags: outcomeField("responseFlags"),
  server: ({ signals, window }, _, context, info) => ({
    signals,
    window,
    view: "server",
    measures: measuresBelow.server(context, info),
  }),
  absence: ({ signals }) => signals.absence(),
};

/** value and unit are properties of the parent. */
export const measureResolvers: MeasureResolvers = {
  series: async (parent, args, context, info) => {
    const pillar = await parent.series(args.maxPoints ?? 60);
    return pillar === null ? null : take(context, info, pillar);
  },
};

/** quantile and value are properties of the parent. */
export const latencyMeasureResolvers: LatencyMeasureResolvers = {
  unit: () => "MILLISECONDS",
  series: async (parent, args, context, info) => take(context, info, await parent.series(args.maxPoints ?? 60)),
};

export const seriesResolvers: SeriesResolvers = {
  timestamps: ({ timestampsMs }) => timestampsMs,
  values: ({ values }) => values,
};

function outcomeOf(
  { signals, view }: GoldenParent,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Eventually<RequestOutcome | null> {
  const pillar = signals.outcome(view);
  // Written out for the tens of thousands of calls by which a graph is read: what is here needs no function made for it.
  return isPromise(pillar) ? taken(pillar, context, info) : take(context, info, pillar);
}

async function taken<T>(
  pillar: Promise<Pillar<T>>,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Promise<T | null> {
  return take(context, info, await pillar);
}

function outcomeField<N extends keyof RequestOutcome>(name: N) {
  const read = (outcome: RequestOutcome | null) => outcome?.[name] ?? null;
  return (parent: GoldenParent, _: unknown, context: GraphqlContext, info: GraphQLResolveInfo) =>
    whenHere(outcomeOf(parent, context, info), read);
}

/** A measure, null when its value is selected and there is none; a selection of the series alone does not ask the value. */
function measureOf(
  parent: GoldenParent,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
  unit: MeasureUnit,
  read: (outcome: RequestOutcome) => number | null,
  series: (maxPoints: number) => Eventually<Pillar<Series>> | null,
): Eventually<MeasureParent | null> {
  if (!selectsValue(context, info)) return { value: null, unit, series };
  return whenHere(outcomeOf(parent, context, info), (outcome) =>
    outcome === null ? null : { value: read(outcome), unit, series },
  );
}

function latencies(
  { signals, view }: GoldenParent,
  quantiles: readonly number[],
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Eventually<readonly LatencyMeasureParent[] | null> {
  const isValueRead = selectsValue(context, info);
  const measureOfValue = (quantile: number, value: number | null): LatencyMeasureParent => ({
    quantile,
    value,
    series: (maxPoints) => signals.latencyMsSeries(view, quantile, maxPoints),
  });
  if (!isValueRead) return quantiles.map((quantile) => measureOfValue(quantile, null));
  const read = whenAllHere(quantiles.map((quantile) => signals.latencyMs(view, quantile)));
  return whenHere(read, (pillars) => {
    const values = pillars.map((pillar) => take(context, info, pillar));
    return values.every((value) => value === null)
      ? null
      : quantiles.map((quantile, i) => measureOfValue(quantile, values[i] ?? null));
  });
}
