/** From questions to the parts of one upstream request: which series, which views, which labels. Pure. */
import type { LabelMatcher, MetricExpression, MetricPart, PreferredViews } from "../../telemetry/metric-source.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import { type Counter, type Dialect, type Preference, type Report, viewsOf } from "../dialects/dialect.js";
import type { SpokenDialect } from "./detect-dialects.js";
import type { Measure, Scope } from "./measure-ask.js";
import { lateMs, recordedBuckets } from "./recorded-steps.js";
import type { ServiceIndex } from "./service-index.js";

/** A part with what its rows mean. */
export interface PlannedPart {
  readonly part: MetricPart;
  readonly dialect: Dialect;
  readonly measure: Measure;
  /** `calls`, `opened`, ..., or a role of the dialect's own arithmetic. */
  readonly role: string;
  readonly protocol: "REQUEST" | "TCP";
  /** Multiplies the values (seconds to ms). */
  readonly scale: number;
}

/** One group of questions: equal but for the services. `refs` null: the whole mesh. */
export interface AskGroup {
  readonly id: string;
  readonly measure: Measure;
  readonly grain: Scope["grain"];
  readonly side: Scope["side"];
  readonly refs: readonly ServiceRef[] | null;
}

/** Above this many services a list of names costs a backend more than it saves; rows are then filtered here. */
const mostNames = 50;
/** A view chosen for an edge stays chosen this long after its last sample, so that a missed scrape does not count calls twice. */
const stickyMs = 3_600_000;

/** Who left early is judged by who called: rows with this flag are asked for with the caller, also where services are the grain. */
const leftPattern = "(.*,)?DC(,.*)?";

/**
 * The parts of one group for one source. A dialect that does not know any of the services has none.
 * @param mayBeRecorded whether the question is one that recorded steps answer: one value for a window that is long enough
 */
export function planParts(group: AskGroup, index: ServiceIndex, mayBeRecorded = false): readonly PlannedPart[] {
  return index.spoken.flatMap((spoken) => {
    const scope = scopeMatchers(group, spoken.dialect, index);
    if (scope === null) return [];
    const build = { group, spoken, index, scope, mayBeRecorded };
    if (group.measure.kind === "outcome") return outcomeParts(build, group.measure.view);
    if (group.measure.kind === "latency") return latencyParts(build, group.measure.view, group.measure.quantile);
    if (group.measure.kind === "duration") return durationParts(build, group.measure.view);
    return trafficParts(build);
  });
}

interface Build {
  readonly group: AskGroup;
  readonly spoken: SpokenDialect;
  readonly index: ServiceIndex;
  readonly scope: (report: Report) => readonly LabelMatcher[] | null;
  readonly mayBeRecorded: boolean;
}

/** Matchers per report that keep to the services of the group; null when the dialect has no series of any of them. */
function scopeMatchers(group: AskGroup, dialect: Dialect, index: ServiceIndex): Build["scope"] | null {
  if (group.refs === null) return () => [];
  const isInbound = group.side === "inbound";
  const values = new Set<string>();
  for (const ref of group.refs) {
    const scope = index.scopeOf(dialect, serviceKey(ref));
    for (const value of isInbound ? scope.destinations : scope.sources) values.add(value);
  }
  if (values.size === 0) return null;
  if (group.refs.length > mostNames) return () => [];
  return (report) => {
    const label = isInbound ? report.destinationLabel : report.sourceLabel;
    // A report that does not name its callers cannot tell whom a service calls.
    if (label === null) return isInbound ? [] : null;
    return [{ label, op: "in", values: [...values].sort() }];
  };
}

function outcomeParts(build: Build, view: "callers" | "server"): readonly PlannedPart[] {
  const { requests } = build.spoken.dialect;
  const { destinationLabels, sourceLabels, outcomeLabels } = requests;
  const byEdge = [...sourceLabels, ...destinationLabels, ...outcomeLabels];
  if (build.group.grain === "edge")
    return counterParts(build, requests.views[view], requests.counters, byEdge, "REQUEST");
  const hasFlags = outcomeLabels.includes("response_flags");
  if (!hasFlags) return counterParts(build, requests.views[view], requests.counters, byEdge, "REQUEST");
  // Callers multiply rows, so only the calls that need them are grouped by them. The caller's cluster stays (see clusterOf in istio.ts).
  const byService = [
    ...destinationLabels,
    ...outcomeLabels,
    ...sourceLabels.filter((label) => label.includes("cluster")),
  ];
  const stayed: LabelMatcher = { label: "response_flags", op: "notMatches", pattern: leftPattern };
  const left: LabelMatcher = { label: "response_flags", op: "matches", pattern: leftPattern };
  return [
    ...counterParts(build, requests.views[view], requests.counters, byService, "REQUEST", stayed),
    ...counterParts(build, requests.views[view], requests.counters, byEdge, "REQUEST", left),
  ];
}

function trafficParts(build: Build): readonly PlannedPart[] {
  const { tcp } = build.spoken.dialect;
  if (tcp === null) return [];
  const { counters, views, serverView, labels, flagLabels, securityLabels } = tcp;
  const parts = counters.flatMap((counter) =>
    counterParts(build, views, [counter], counter.role === "closed" ? [...labels, ...flagLabels] : labels, "TCP"),
  );
  const opened = counters.filter(({ role }) => role === "opened").map((counter) => ({ ...counter, role: "secured" }));
  return serverView === null
    ? parts
    : [...parts, ...counterParts(build, [serverView], opened, [...labels, ...securityLabels], "TCP")];
}

function counterParts(
  build: Build,
  preferences: readonly Preference[],
  counters: readonly Counter[],
  groupBy: readonly string[],
  protocol: "REQUEST" | "TCP",
  more?: LabelMatcher,
): readonly PlannedPart[] {
  const { dialect } = build.spoken;
  const seenCounter = (protocol === "TCP" ? dialect.tcp?.counters : dialect.requests.counters)?.[0];
  return counters.flatMap((counter) =>
    preferences.flatMap((preference) => {
      const select = [...counter.matchers, ...(more === undefined ? [] : [more])];
      const of = scopedViews(build, preference, counter.metric, seenCounter?.metric ?? counter.metric, select);
      return of === null ? [] : planned(build, { kind: "increase", of, groupBy }, counter.role, protocol, 1);
    }),
  );
}

function latencyParts(build: Build, view: "callers" | "server", quantile: number): readonly PlannedPart[] {
  const { dialect, histogram } = build.spoken;
  const { latency, requests } = dialect;
  if (latency === null || histogram === null) return [];
  // The rules count one metric, and rulers of several clusters may not have run alike.
  const isRecorded =
    build.mayBeRecorded &&
    build.spoken.isRecorded &&
    histogram === "classic" &&
    latency.metric.callers === latency.metric.server &&
    !build.index.isMultiCluster;
  const raw = histogram === "classic" ? `${latency.metric[view]}_bucket` : latency.metric[view];
  const metric = isRecorded ? recordedBuckets : raw;
  const isEdge = build.group.grain === "edge";
  const clusters = build.index.isMultiCluster
    ? [...latency.clusterLabels.destination, ...(isEdge ? latency.clusterLabels.source : [])]
    : [];
  const groupBy = [...(isEdge ? latency.edgeLabels : latency.serviceLabels), ...clusters];
  const seen = requests.counters[0]?.metric ?? metric;
  // A dialect without a view of the server's (a client's proxy only) has no server durations, except where the metric itself is one.
  const ownServerMetric = latency.metric.server !== latency.metric.callers;
  const preferences = view === "server" && ownServerMetric ? requests.views.callers : requests.views[view];
  return preferences.flatMap((preference) => {
    const of = scopedViews(build, preference, metric, seen, []);
    if (of === null) return [];
    const expression: MetricExpression = isRecorded
      ? { kind: "recordedQuantile", quantile, lateMs, of, groupBy }
      : { kind: "quantile", quantile, histogram, of, groupBy };
    return planned(build, expression, "latency", "REQUEST", latency.msPerUnit);
  });
}

/** Sums of durations by the edges of calls. None where histograms have no series of sums: native ones. */
function durationParts(build: Build, view: "callers" | "server"): readonly PlannedPart[] {
  const { dialect, histogram } = build.spoken;
  const { latency, requests } = dialect;
  if (latency === null || histogram !== "classic") return [];
  const groupBy = [...requests.sourceLabels, ...requests.destinationLabels, ...requests.outcomeLabels];
  const metric = `${latency.metric[view]}_sum`;
  return requests.views[view].flatMap((preference) => {
    const of = scopedViews(build, preference, metric, requests.counters[0]?.metric ?? metric, []);
    return of === null
      ? []
      : planned(build, { kind: "increase", of, groupBy }, "duration", "REQUEST", latency.msPerUnit);
  });
}

function scopedViews(
  build: Build,
  preference: Preference,
  metric: string,
  seenMetric: string,
  select: readonly LabelMatcher[],
): PreferredViews | null {
  return viewsOf(preference, metric, seenMetric, stickyMs, (report) => {
    const scope = build.scope(report);
    return scope === null ? null : { select: [...scope, ...select], seen: scope };
  });
}

function planned(
  { group, spoken }: Build,
  expression: MetricExpression,
  role: string,
  protocol: "REQUEST" | "TCP",
  scale: number,
): readonly PlannedPart[] {
  return [{ part: { id: "", expression }, dialect: spoken.dialect, measure: group.measure, role, protocol, scale }];
}
