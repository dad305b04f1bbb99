/**
 * Istio's series as PromQL, counted as the API counts them: an edge by its waypoint, else by its caller's proxy, else by the server's, so
 * that no call is counted twice; failed is 5xx, no answer (code 0) and gRPC statuses that blame the server; a client outside the mesh that
 * goes away is in neither side of a ratio.
 */
import {
  type Choice,
  chosenHost,
  errorRatio,
  latencyQuantile,
  lineWindow,
  matchers,
  ruled,
  ruledSum,
  ruleWindow,
  sumBy,
  whileRaw,
  withNames,
} from "./choice.js";

const edge = "source_workload, source_workload_namespace, destination_service";
const cluster = 'destination_cluster=~"$cluster|unknown"';
const mesh = 'reporter=~"$mesh"';

/** Selectors of failed calls; they do not overlap. */
const failed = [
  'response_code=~"5..|0"',
  'response_code!~"[45]..|0",grpc_response_status=~"2|4|8|12|13|14|15"',
] as const;
/** Callers outside the mesh, and gateways, that went away. */
const left = 'response_flags=~"(.*,)?DC(,.*)?",source_workload=~"unknown|.*gateway.*"';

/** Matchers of what the variables choose. */
export function istioChosen({ side = "called", withCaller = false, chosen, isRuled = false }: Choice = {}): string {
  if (chosen !== undefined) return chosen;
  const caller = withCaller ? 'source_workload=~"$caller"' : "";
  if (side === "called")
    return matchers(mesh, isRuled ? whileRaw("reporter") : "", cluster, `destination_service=~"${chosenHost}"`, caller);
  return matchers(mesh, 'source_canonical_service=~"$service"', 'source_workload_namespace=~"$namespace"');
}

/** Increase per second of each chosen series, each edge seen by one proxy. */
function seenOnce(metric: string, chosen: string, only: string, window: string): string {
  const rate = (reporter: string) => `rate(${metric}{${matchers(`reporter="${reporter}"`, chosen, only)}}[${window}])`;
  const sees = (reporters: string) => `istio_requests_total{${matchers(`reporter=~"${reporters}"`, chosen)}}`;
  return [
    rate("waypoint"),
    `${rate("source")} unless on (${edge}) ${sees("waypoint")}`,
    `${rate("destination")} unless on (${edge}) ${sees("waypoint|source")}`,
  ].join(" or ");
}

/** Calls per second. */
export function istioCalls(choice: Choice = {}, only = ""): string {
  const { window = lineWindow, by = [] } = choice;
  const raw = sumBy(by, named(by, seenOnce("istio_requests_total", istioChosen(choice), only, window)));
  return choice.isRuled === true ? `(${byRule("calls", choice)} or ${raw})` : raw;
}

/** Calls per second that have an outcome: all, or those that failed. */
export function istioCounted(which: "all" | "failed", choice: Choice = {}): string {
  const { window = lineWindow, by = [] } = choice;
  const chosen = istioChosen(choice);
  const gone = `rate(istio_requests_total{${matchers(chosen, left)}}[${window}])`;
  const series = (which === "all" ? [""] : failed).map((only) =>
    seenOnce("istio_requests_total", chosen, only, window),
  );
  return sumBy(by, named(by, `(${series.join(" or ")}) unless ${gone}`));
}

/** The buckets of the calls' durations, per second. */
export function istioBuckets(choice: Choice = {}): string {
  const { window = lineWindow, by = [] } = choice;
  const all = seenOnce("istio_request_duration_milliseconds_bucket", istioChosen(choice), "", window);
  return sumBy(["le", ...by], named(by, all));
}

/** Failed calls / calls, 0..1. No calls, no value; calls and no failure is 0. */
export function istioErrorRatio(choice: Choice = {}): string {
  return errorRatio(choice, istioCounted, byRule);
}

/** A quantile of the calls' durations, ms. */
export function istioLatency(quantile: number, choice: Choice = {}): string {
  return latencyQuantile(quantile, choice, istioBuckets(choice), byRule);
}

/** The rows of a recording rule. */
function byRule(record: string, choice: Choice): string {
  return ruledSum(choice, ruled(`meshlens:${record}:rate${ruleWindow}`, "reporter", cluster));
}

/** Calls per second as the servers' own proxies count them: attempts. */
export function istioAttempts({ window = lineWindow, by = [], ...choice }: Choice = {}, only = ""): string {
  const all = matchers('reporter="destination"', istioChosen(choice), only);
  return sumBy(by, named(by, `rate(istio_requests_total{${all}}[${window}])`));
}

function named(by: readonly string[], of: string): string {
  return by.includes("service") || by.includes("namespace") ? withNames("destination_service", of) : of;
}
