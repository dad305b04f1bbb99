/**
 * Linkerd's series as PromQL, counted as the API counts them: an authority by its callers' proxies, else by the server's; callers without
 * a proxy by the server's. Failed is 5xx, an error without an answer, and gRPC statuses that blame the server.
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

const mesh = 'direction=~"$mesh"';
const failed = [
  'status_code=~"5.."',
  'status_code!~"[45]..",grpc_status=~"2|4|8|12|13|14|15"',
  'status_code="",grpc_status="",classification="failure"',
] as const;

/** Matchers of what the variables choose. */
export function linkerdChosen({ side = "called", chosen, isRuled = false }: Choice = {}): string {
  if (chosen !== undefined) return chosen;
  if (side === "called") return matchers(mesh, isRuled ? whileRaw("direction") : "", `authority=~"${chosenHost}"`);
  return matchers(mesh, 'deployment=~"$service(-v[0-9]+)?"', 'namespace=~"$namespace"');
}

function seenOnce(metric: string, choice: Choice, only: string, window: string): string {
  const chosen = linkerdChosen(choice);
  const rate = (...own: string[]) => `rate(${metric}{${matchers(...own, chosen, only)}}[${window}])`;
  const caller = choice.withCaller === true ? 'deployment=~"$caller"' : "";
  const outbound = rate('direction="outbound"', caller);
  // The server knows its caller by identity only, so an edge is what the caller's proxy saw.
  if (choice.side === "calling" || choice.withCaller === true) return outbound;
  const sees = `response_total{${matchers('direction="outbound"', chosen)}}`;
  return [
    outbound,
    `${rate('direction="inbound"', 'tls="true"')} unless on (authority) ${sees}`,
    rate('direction="inbound"', 'tls!="true"'),
  ].join(" or ");
}

/** Calls per second. */
export function linkerdCalls(choice: Choice = {}, only = ""): string {
  const { window = lineWindow, by = [] } = choice;
  const raw = sumBy(by, named(by, seenOnce("response_total", choice, only, window)));
  return choice.isRuled === true ? `(${byRule("calls", choice)} or ${raw})` : raw;
}

/** Calls per second that have an outcome: all, or those that failed. */
export function linkerdCounted(which: "all" | "failed", choice: Choice = {}): string {
  const { window = lineWindow, by = [] } = choice;
  const series = (which === "all" ? [""] : failed).map((only) => seenOnce("response_total", choice, only, window));
  return sumBy(by, named(by, series.join(" or ")));
}

/** The buckets of the calls' durations, per second. */
export function linkerdBuckets(choice: Choice = {}): string {
  const { window = lineWindow, by = [] } = choice;
  return sumBy(["le", ...by], named(by, seenOnce("response_latency_ms_bucket", choice, "", window)));
}

/** Failed calls / calls, 0..1. No calls, no value; calls and no failure is 0. */
export function linkerdErrorRatio(choice: Choice = {}): string {
  return errorRatio(choice, linkerdCounted, byRule);
}

/** A quantile of the calls' durations, ms. */
export function linkerdLatency(quantile: number, choice: Choice = {}): string {
  return latencyQuantile(quantile, choice, linkerdBuckets(choice), byRule);
}

/** The rows of a recording rule. */
function byRule(record: string, choice: Choice): string {
  return ruledSum(choice, ruled(`meshlens:${record}:rate${ruleWindow}`, "direction"));
}

/** Calls per second as the servers' own proxies count them. */
export function linkerdAttempts({ window = lineWindow, by = [], ...choice }: Choice = {}, only = ""): string {
  const all = matchers('direction="inbound"', linkerdChosen(choice), only);
  return sumBy(by, named(by, `rate(response_total{${all}}[${window}])`));
}

function named(by: readonly string[], of: string): string {
  return by.includes("service") ? withNames("authority", of) : of;
}
