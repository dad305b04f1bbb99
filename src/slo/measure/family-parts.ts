/** The grouped questions of one family as parts of a request, whatever the number of its objectives. Pure; called by source-counts.ts. */
import type { Dialect } from "../../mesh/dialects/dialect.js";
import type { SpokenDialect } from "../../mesh/metrics/detect-dialects.js";
import type { LabelMatcher, MetricPart } from "../../telemetry/metric-source.js";
import { edgesOf, type ThresholdEdges } from "./bucket-edges.js";
import { bucketMetric, choiceKey, type LearnedSource, stickyMs } from "./learn-source.js";
import { type CallFamily, grainParts } from "./sli-family.js";
import { chosenViews } from "./view-choice.js";

/** A part with what its rows mean. */
export interface FamilyPart {
  readonly part: MetricPart;
  readonly family: CallFamily;
  readonly dialect: Dialect;
  /** Role of the counter; `fast` for buckets. */
  readonly role: string;
  /** For `fast`: the buckets of each threshold. */
  readonly thresholds: ReadonlyMap<number, ThresholdEdges>;
}

/** Calls that ended early are judged by who called, so only they are grouped by their callers too. */
const leftPattern = "(.*,)?DC(,.*)?";

/** Counts of all calls by outcome. */
export function callParts(family: CallFamily, learned: LearnedSource): readonly FamilyPart[] {
  return learned.index.spoken.flatMap((spoken) => {
    const { dialect } = spoken;
    const { outcomeLabels, counters } = dialect.requests;
    const [service, edge] = groupings(family, dialect);
    if (service === null) return [];
    const hasFlags = outcomeLabels.includes("response_flags") && service !== edge;
    const halves: readonly (readonly [readonly string[], readonly LabelMatcher[]])[] = hasFlags
      ? [
          [service, [{ label: "response_flags", op: "notMatches", pattern: leftPattern }]],
          [edge, [{ label: "response_flags", op: "matches", pattern: leftPattern }]],
        ]
      : [[edge, []]];
    return counters.flatMap(({ metric, matchers, role }) =>
      halves.flatMap(([labels, more]) =>
        partsOf(family, spoken, learned, metric, [...matchers, ...more], [...labels, ...outcomeLabels], role),
      ),
    );
  });
}

/** Counts of calls under each threshold. Calls that ended early are never fast ones. */
export function fastParts(family: CallFamily, learned: LearnedSource): readonly FamilyPart[] {
  const wanted = [...new Set(family.rules.flatMap(({ thresholdsMs }) => thresholdsMs))];
  if (wanted.length === 0) return [];
  return learned.index.spoken.flatMap((spoken) => {
    const { dialect } = spoken;
    const metric = bucketMetric(spoken, family.view);
    const [service] = groupings(family, dialect);
    if (service === null || dialect.latency === null) return [];
    const left: readonly LabelMatcher[] = dialect.requests.outcomeLabels.includes("response_flags")
      ? [{ label: "response_flags", op: "notMatches", pattern: leftPattern }]
      : [];
    const labels = [...service, ...dialect.requests.outcomeLabels];
    if (spoken.histogram === "native") {
      return wanted.flatMap((ms) => underParts(family, spoken, learned, labels, left, ms));
    }
    if (metric === null) return [];
    const edges = learned.edges.get(metric) ?? [];
    const { msPerUnit } = dialect.latency;
    const thresholds = new Map(
      wanted.flatMap((ms) => {
        const found = edgesOf(edges, ms / msPerUnit);
        return found === null ? [] : [[ms, found] as const];
      }),
    );
    const bounds = [...new Set([...thresholds.values()].flatMap(({ weights }) => weights.map(({ le }) => le)))];
    if (bounds.length === 0) return [];
    const matchers: readonly LabelMatcher[] = [{ label: "le", op: "in", values: bounds }, ...left];
    return partsOf(family, spoken, learned, metric, matchers, [...labels, "le"], "fast", thresholds);
  });
}

/** Calls under one threshold by native histograms, whose buckets have no edges to be named by. */
function underParts(
  family: CallFamily,
  spoken: SpokenDialect,
  learned: LearnedSource,
  labels: readonly string[],
  matchers: readonly LabelMatcher[],
  thresholdMs: number,
): readonly FamilyPart[] {
  const { latency } = spoken.dialect;
  if (latency === null) return [];
  const thresholds = new Map([[thresholdMs, { weights: [{ le: "", weight: 1 }], isApproximate: true }]]);
  const metric = latency.metric[family.view];
  const bound = thresholdMs / latency.msPerUnit;
  return partsOf(family, spoken, learned, metric, matchers, labels, "fast", thresholds).map((own) => {
    const { of, groupBy } = own.part.expression;
    return { ...own, part: { ...own.part, expression: { kind: "under" as const, bound, of, groupBy } } };
  });
}

function partsOf(
  family: CallFamily,
  { dialect }: SpokenDialect,
  learned: LearnedSource,
  metric: string,
  matchers: readonly LabelMatcher[],
  labels: readonly string[],
  role: string,
  thresholds: FamilyPart["thresholds"] = new Map(),
): readonly FamilyPart[] {
  const seen = dialect.requests.counters[0]?.metric ?? metric;
  return dialect.requests.views[family.view].flatMap((preference, i) => {
    const choice = learned.choices.get(choiceKey(dialect.name, family.view, i)) ?? null;
    return chosenViews(preference, choice, metric, seen, stickyMs, matchers).map((of) => ({
      part: { id: "", expression: { kind: "count" as const, of, groupBy: [...new Set(labels)] } },
      family,
      dialect,
      role,
      thresholds,
    }));
  });
}

/** Labels that tell a family's keys apart, and the same with the callers; null where the dialect cannot. */
function groupings({ grain }: CallFamily, dialect: Dialect): readonly [readonly string[] | null, readonly string[]] {
  const { destinationLabels, sourceLabels, partLabels } = dialect.requests;
  const parts = grainParts(grain);
  const own = (["version", "route"] as const).flatMap((part) => (parts.has(part) ? [partLabels[part]] : []));
  const named = own.filter((label) => label !== null);
  const edge = [...destinationLabels, ...sourceLabels, ...named];
  if (named.length < own.length) return [null, edge];
  if (parts.has("caller") || parts.has("host")) return sourceLabels.length === 0 ? [null, edge] : [edge, edge];
  // The caller's cluster stands in for the called one's where no endpoint was chosen.
  return [[...destinationLabels, ...sourceLabels.filter((label) => label.includes("cluster")), ...named], edge];
}
