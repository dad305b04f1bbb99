/**
 * The mesh's own calls of an objective as sums of counters, for rules: the contract's rule of what failed, written as matchers. The engine
 * chooses per edge whose proxy counts; a rule cannot, and takes one kind of reporter. Source: mesh/classify-outcome.ts.
 */
import { failedGrpc } from "../../mesh/classify-outcome.js";
import type { Dialect } from "../../mesh/dialects/dialect.js";
import { istio } from "../../mesh/dialects/istio.js";
import { linkerd } from "../../mesh/dialects/linkerd.js";
import type { LabelMatcher } from "../../telemetry/metric-source.js";
import type { CallStatus, Objective } from "../objective.js";
import type { CountTerm } from "../user-query.js";

/** Which mesh's metrics the rules read, and whose view of them. */
export interface RuleMesh {
  readonly dialect: "istio" | "linkerd";
  /** Istio's reporter: that of the callers unless the mesh has waypoints. */
  readonly reporter: "source" | "waypoint";
}

/** Sums of counters: events that failed, and all events. */
export interface RuleCounts {
  readonly failed: readonly CountTerm[];
  readonly total: readonly CountTerm[];
}

/** Labels of a call's outcome; null where the mesh has no flags. */
interface Words {
  readonly dialect: Dialect;
  readonly code: string;
  readonly grpc: string;
  readonly flags: string | null;
}

const words: Readonly<Record<RuleMesh["dialect"], Words>> = {
  istio: { dialect: istio, code: "response_code", grpc: "grpc_response_status", flags: "response_flags" },
  linkerd: { dialect: linkerd, code: "status_code", grpc: "grpc_status", flags: null },
};

const outside = "(unknown|.*gateway.*)";
const flagOf = (flag: string) => `(.*,)?${flag}(,.*)?`;

/** The counts of an objective on calls; null for other kinds, and for scopes the mesh's metrics cannot tell apart. */
export function meshCounts({ sli, scope, service }: Objective, mesh: RuleMesh): RuleCounts | null {
  if (sli.kind !== "AVAILABILITY" && sli.kind !== "LATENCY") return null;
  const { dialect, code, grpc, flags } = words[mesh.dialect];
  const requests = dialect.requests.counters[0]?.metric ?? "";
  const bucket = `${dialect.latency?.metric[sli.view]}_bucket`;
  const { version } = dialect.requests.partLabels;
  if (scope.route !== null || scope.host !== null || (scope.version !== null && version === null)) return null;
  const base: LabelMatcher[] = [...placeMatchers(service, mesh, sli.view)];
  if (scope.version !== null && version !== null) base.push({ label: version, op: "eq", value: scope.version });
  if (scope.caller !== null) base.push(...callerMatchers(scope.caller, mesh));
  const { add, remove, callerGaveUp } = sli.failed;
  const pattern = { label: code, pattern: ["0", "5..", ...httpPatterns(add)].join("|") };
  const kept = httpPatterns(remove);
  const grpcSet = [...failedGrpc, ...grpcOf(add)].filter((status) => !grpcOf(remove).includes(status)).join("|");
  const no = (label: string, of: readonly string[]): readonly LabelMatcher[] =>
    of.length === 0 ? [] : [{ label, op: "notMatches", pattern: of.join("|") }];
  const yes = (label: string, of: string): LabelMatcher => ({ label, op: "matches", pattern: of });
  const flagsNot = flags === null ? [] : no(flags, flagsOf(remove));
  const stayed = flags === null ? [] : no(flags, [flagOf("DC")]);
  const failedCode = [yes(pattern.label, pattern.pattern), ...no(code, kept)];
  const term = (metric: string, matchers: readonly LabelMatcher[], sign: 1 | -1 = 1): CountTerm => ({
    sign,
    selector: { metric, matchers: [...base, ...matchers] },
  });
  const leftInMesh: readonly LabelMatcher[] | null =
    flags === null || !callerGaveUp
      ? null
      : [yes(flags, flagOf("DC")), ...(mesh.dialect === "istio" ? no("source_workload", [outside]) : [])];
  const total = [term(requests, stayed), ...(leftInMesh === null ? [] : [term(requests, leftInMesh)])];
  if (sli.kind === "LATENCY") {
    const le: LabelMatcher = { label: "le", op: "eq", value: String(sli.thresholdMs) };
    const fast = [
      [...stayed, ...no(code, [pattern.pattern]), ...no(grpc, [grpcSet])],
      [...stayed, ...no(code, [pattern.pattern]), yes(code, "4.."), yes(grpc, grpcSet)],
      ...(kept.length === 0 ? [] : [[...stayed, yes(code, kept.join("|"))]]),
    ];
    return { failed: [...total, ...fast.map((matchers) => term(bucket, [...matchers, le], -1))], total };
  }
  const flagged = flags === null ? [] : flagsOf(add);
  return {
    total,
    failed: [
      term(requests, [...stayed, ...failedCode, ...flagsNot]),
      term(requests, [...stayed, ...no(code, [pattern.pattern, "4.."]), yes(grpc, grpcSet), ...flagsNot]),
      ...(leftInMesh === null ? [] : [term(requests, [...leftInMesh, ...flagsNot])]),
      ...(flags === null || flagged.length === 0
        ? []
        : [
            term(requests, [
              ...stayed,
              ...no(code, [pattern.pattern]),
              ...no(grpc, [grpcSet]),
              yes(flags, flagged.join("|")),
              ...flagsNot,
            ]),
          ]),
    ],
  };
}

type Place = { readonly namespace: string; readonly name: string };

function placeMatchers(
  { namespace, name }: Place,
  { dialect, reporter }: RuleMesh,
  view: "callers" | "server",
): readonly LabelMatcher[] {
  const eq = (label: string, value: string): LabelMatcher => ({ label, op: "eq", value });
  if (dialect === "istio") {
    return [
      eq("reporter", view === "server" ? "destination" : reporter),
      eq("destination_service_namespace", namespace),
      eq("destination_service_name", name),
    ];
  }
  return view === "server"
    ? [eq("direction", "inbound"), eq("namespace", namespace), eq("deployment", name)]
    : [eq("direction", "outbound"), eq("dst_namespace", namespace), eq("dst_service", name)];
}

function callerMatchers({ namespace, name }: Place, { dialect }: RuleMesh): readonly LabelMatcher[] {
  const eq = (label: string, value: string): LabelMatcher => ({ label, op: "eq", value });
  return dialect === "istio"
    ? [eq("source_workload_namespace", namespace), eq("source_canonical_service", name)]
    : [eq("namespace", namespace), eq("deployment", name)];
}

function httpPatterns(statuses: readonly CallStatus[]): readonly string[] {
  return statuses.flatMap((status) =>
    status.kind !== "http"
      ? []
      : [status.from === status.to ? String(status.from) : `${Math.floor(status.from / 100)}..`],
  );
}

function grpcOf(statuses: readonly CallStatus[]): readonly number[] {
  return statuses.flatMap((status) => (status.kind === "grpc" ? [status.status] : []));
}

function flagsOf(statuses: readonly CallStatus[]): readonly string[] {
  return statuses.flatMap((status) => (status.kind === "flag" ? [flagOf(status.flag)] : []));
}
