/**
 * What a dialect is: one mesh's metric vocabulary as data, and small functions from its labels to our terms. The metrics reader asks
 * every dialect the same way; what differs between meshes is here and nowhere else.
 */
import type { LabelMatcher, MetricSelector, PreferredViews } from "../../telemetry/metric-source.js";
import type { MeshKind, View } from "../mesh.js";

/** Label values of one row; an absent label is undefined. */
export type Labels = Readonly<Record<string, string | undefined>>;

/** Who called, as the labels say it; null is "they do not say". */
export interface SourceIdentity {
  readonly workload: string | null;
  readonly namespace: string | null;
  /** Istio's canonical service, or the service's own name where the dialect knows it. */
  readonly canonicalService: string | null;
  readonly cluster: string | null;
}

/** Who was called. */
export interface DestinationIdentity {
  /** SERVICE: name and namespace are known. WORKLOAD: only what runs is known. The others have no namespace. */
  readonly kind: "SERVICE" | "WORKLOAD" | "EXTERNAL" | "PASSTHROUGH" | "BLACK_HOLE" | "UNKNOWN";
  /** Name of the service, host of an EXTERNAL, workload of a WORKLOAD; "" for the others. */
  readonly name: string;
  readonly namespace: string | null;
  readonly cluster: string | null;
  /** What served the call, where it is known; several workloads may stand behind one service. */
  readonly workload: string | null;
}

/** Whose proxy counted. */
export type Reporter = "SOURCE" | "DESTINATION" | "WAYPOINT";

/** One row in our terms. */
export interface DialectRow {
  readonly source: SourceIdentity;
  readonly destination: DestinationIdentity;
  readonly protocol: "HTTP" | "GRPC" | "TCP";
  readonly reporter: Reporter;
  readonly code: number | null;
  readonly grpcStatus: number | null;
  readonly flags: readonly string[];
  readonly isMarkedFailed: boolean;
  /** True, false, or null where this proxy cannot tell. */
  readonly isMutualTls: boolean | null;
  /** A layer-4 row that may carry the same calls as a layer-7 row of the pair. */
  readonly mayCarryRequests: boolean;
  /** The source is the account of the caller's identity, which need not bear its workload's name. Left out: it is the workload. */
  readonly isSourceAccount?: boolean;
}

/** One kind of proxy's report on calls. */
export interface Report {
  readonly matchers: readonly LabelMatcher[];
  /** Label that names the destination in this report's series, for scoping a question to a service; null: it cannot be scoped by it. */
  readonly destinationLabel: string | null;
  /** Label that names the caller in this report's series. */
  readonly sourceLabel: string | null;
}

/** Reports in order of preference: a later one counts only for edges (values of `edgeLabels`) that no earlier one has seen. */
export interface Preference {
  readonly reports: readonly Report[];
  readonly edgeLabels: readonly string[];
}

/** A counter to sum. `role` tells the parts of a measure apart: `calls`, `opened`, or a name only the dialect's `derive` knows. */
export interface Counter {
  readonly metric: string;
  readonly role: string;
  /** More conditions than the report's. */
  readonly matchers: readonly LabelMatcher[];
}

/** Calls and how their series are grouped. */
export interface RequestFamily {
  readonly counters: readonly Counter[];
  /** Disjoint preferences per view; their sums are added. */
  readonly views: Readonly<Record<View, readonly Preference[]>>;
  /** Labels that name the version of the called workload and the route of the call; null where no series has one. */
  readonly partLabels: { readonly version: string | null; readonly route: string | null };
  /** Labels toRow reads. */
  readonly sourceLabels: readonly string[];
  readonly destinationLabels: readonly string[];
  readonly outcomeLabels: readonly string[];
}

/** Durations of calls. The labels of a quantile must not differ between calls of one service (edge), or its quantile falls apart. */
export interface LatencyFamily {
  /** The histogram without `_bucket`, per view. */
  readonly metric: Readonly<Record<View, string>>;
  /** Milliseconds per unit of the buckets. */
  readonly msPerUnit: number;
  readonly serviceLabels: readonly string[];
  readonly edgeLabels: readonly string[];
  /** Labels of the ends' clusters, asked for only where one source holds several clusters. */
  readonly clusterLabels: { readonly source: readonly string[]; readonly destination: readonly string[] };
}

/** Layer-4 traffic. Counters by role: opened, closed, sent (caller to server), received. */
export interface TcpFamily {
  readonly counters: readonly Counter[];
  readonly views: readonly Preference[];
  /** Where the server's proxy says whether a connection was secured; null when it does not. */
  readonly serverView: Preference | null;
  readonly labels: readonly string[];
  readonly flagLabels: readonly string[];
  readonly securityLabels: readonly string[];
}

/** One group of counted calls before it gets its place in a table. */
export interface CountedRow {
  readonly row: DialectRow;
  readonly role: string;
  readonly values: readonly (number | null)[];
}

/** One mesh's vocabulary. */
export interface Dialect {
  /** Unique among dialects; several may be of one kind. */
  readonly name: string;
  readonly kind: MeshKind;
  /** The dialect is in use when all of these metrics are present. */
  readonly detect: readonly string[];
  readonly requests: RequestFamily;
  /** Labels that tell the called services with their workloads, and the callers, for the index of who is who. */
  readonly index: { readonly destination: readonly string[]; readonly source: readonly string[] };
  readonly latency: LatencyFamily | null;
  readonly tcp: TcpFamily | null;
  /** Null drops the row (a proxy's own traffic, a row that names nothing). */
  toRow(labels: Labels, protocol: "REQUEST" | "TCP"): DialectRow | null;
  /** Turns rows of several roles into rows of role `calls`, where the metrics need arithmetic; absent: all rows are calls. */
  readonly derive?: (rows: readonly CountedRow[]) => readonly CountedRow[];
  /** Series that name a service anywhere, for a look further back; null where the dialect cannot ask by name. */
  named(name: string, namespace: string): readonly MetricSelector[];
}

/** Null for values by which proxies say "not known". */
export function known(value: string | undefined): string | null {
  return value === undefined || value === "" || value === "unknown" ? null : value;
}

/** A status label as a number; null when it is absent or no number. */
export function statusNumber(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,3}$/.test(value) ? Number(value) : null;
}

/** The views of one metric under a preference, with more matchers per report; reports for which `scope` gives null are left out. */
export function viewsOf(
  preference: Preference,
  metric: string,
  seenMetric: string,
  stickyMs: number,
  more: (report: Report) => { readonly select: readonly LabelMatcher[]; readonly seen: readonly LabelMatcher[] } | null,
): PreferredViews | null {
  const views = preference.reports.flatMap((report) => {
    const extra = more(report);
    if (extra === null) return [];
    return {
      select: { metric, matchers: [...report.matchers, ...extra.select] },
      seen: { metric: seenMetric, matchers: [...report.matchers, ...extra.seen] },
    };
  });
  return views.length === 0 ? null : { views, edgeLabels: preference.edgeLabels, stickyMs };
}
