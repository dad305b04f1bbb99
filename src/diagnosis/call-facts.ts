/** Calls between services in the incident and before it, per 100 requests: from traces, and from the proxies' counts. Called by draft-graph.ts. */
import { type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import { edgeSums } from "./edge-sums.js";
import type { IncidentEvidence, WindowEvidence } from "./incident-evidence.js";
import { type OutsideRate, outsideConnections } from "./outside-connections.js";
import type { KeyBook } from "./partition.js";
import type { Call, Key, Request } from "./request.js";

/** One end of calls: `S` and a service's key, or `X` and a name for what is no service. */
export type End = string;

/** What is known of the calls from one end to another in one stretch of time; the figures are per 100 requests. */
export interface CallRate {
  readonly calls: number;
  readonly failed: number;
  /** Time waited for them; null where only counts are known. */
  readonly ms: number | null;
}

/** The calls of one edge in both stretches. */
export interface CallFacts {
  readonly source: End;
  readonly destination: End;
  readonly incident: CallRate;
  /** Null: not seen before, or nothing is known of before. */
  readonly before: CallRate | null;
}

/** The end that is a service. */
export const serviceEnd = (service: Key): End => `S${service}`;
/** The end that is something else. */
export const externalEnd = (name: string): End => `X${name}`;

/** From traced requests; weights count. */
export function tracedCalls(incident: readonly Request[], before: readonly Request[]): readonly CallFacts[] {
  return factsOf(tracedRates(incident), before.length === 0 ? null : tracedRates(before));
}

/** From the proxies' counts, the caller's word where it reports. @param service whose calls are the requests; null: those of nobody known */
export function countedCalls(
  incident: WindowEvidence,
  before: readonly WindowEvidence[],
  service: Key | null,
  book: KeyBook,
): readonly CallFacts[] {
  const past = before.filter(({ edges }) => edges !== null && edges.length > 0);
  return factsOf(countedRates([incident], service, book), past.length === 0 ? null : countedRates(past, service, book));
}

/** Connections to hosts outside, from the proxies' counts; [] where nobody counts the service's requests. */
export function connectedCalls(evidence: IncidentEvidence, book: KeyBook): readonly CallFacts[] {
  const { incident, baselines, service } = evidence;
  const [now, before] = [[incident], baselines].map((windows) => requestsPerSecond(windows, service, book));
  if (now === undefined || now <= 0) return [];
  const per100 = ({ perSecond, failedRatio }: OutsideRate, requests: number): CallRate => {
    const calls = (100 * perSecond) / requests;
    return { calls, failed: calls * failedRatio, ms: null };
  };
  return outsideConnections(evidence).map((one) => ({
    source: endOfService(one.source),
    destination: externalEnd(one.host),
    incident: per100(one.now, now),
    before: one.before === null || before === undefined || before <= 0 ? null : per100(one.before, before),
  }));
}

/** Calls into the service; into whom nobody calls where it is null. */
function requestsPerSecond(windows: readonly WindowEvidence[], service: ServiceRef | null, book: KeyBook): number {
  const key = service === null ? null : serviceKey(service);
  const counted = windows.filter(({ edges }) => edges !== null);
  const seconds = counted.reduce((sum, { window }) => sum + (window.toMs - window.fromMs) / 1000, 0);
  return seconds <= 0 ? 0 : counted.reduce((sum, { edges }) => sum + requestCountOf(edges, key, book), 0) / seconds;
}

function requestCountOf(edges: WindowEvidence["edges"], service: Key | null, book: KeyBook): number {
  let count = 0;
  for (const { source, destination, caller, server } of edgeSums(edges, book).values())
    if (service === null ? source === null : destination === service) count += (caller ?? server)?.requestCount ?? 0;
  return count;
}

type Rates = ReadonlyMap<string, CallRate>;

interface Sum {
  calls: number;
  failed: number;
  ms: number | null;
}

function factsOf(incident: Rates, before: Rates | null): readonly CallFacts[] {
  return [...incident].map(([key, rate]) => {
    const at = key.indexOf("\u0002");
    return {
      source: key.slice(0, at),
      destination: key.slice(at + 1),
      incident: rate,
      before: before?.get(key) ?? null,
    };
  });
}

function tracedRates(requests: readonly Request[]): Rates {
  const sums = new Map<string, Sum>();
  let count = 0;
  for (const { calls, weight } of requests) {
    count += weight;
    for (const call of calls) {
      const sum = sumAt(sums, edgeKey(serviceEnd(call.source), endOf(call)));
      add(sum, weight, call.isFailed ? weight : 0, weight * call.ms);
    }
  }
  return per100(sums, count);
}

function endOf({ destination, external }: Call): End {
  return destination === null ? externalEnd(external ?? "") : serviceEnd(destination);
}

function countedRates(windows: readonly WindowEvidence[], service: Key | null, book: KeyBook): Rates {
  const sums = new Map<string, Sum>();
  let count = 0;
  for (const { edges } of windows)
    for (const { source, destination, host, caller, server } of edgeSums(edges, book).values()) {
      const seen = caller ?? server;
      if (seen === null || seen.requestCount <= 0) continue;
      if (service === null ? source === null : destination === service) count += seen.requestCount;
      if (source === null) continue;
      const end = destination === null ? externalEnd(host ?? "") : serviceEnd(destination);
      add(sumAt(sums, edgeKey(serviceEnd(source), end)), seen.requestCount, seen.failedCount, seen.durationSumMs);
    }
  return per100(sums, count);
}

function edgeKey(source: End, destination: End): string {
  return `${source}\u0002${destination}`;
}

function sumAt(sums: Map<string, Sum>, key: string): Sum {
  const known = sums.get(key) ?? { calls: 0, failed: 0, ms: 0 };
  sums.set(key, known);
  return known;
}

function add(sum: Sum, calls: number, failed: number, ms: number | null): void {
  sum.calls += calls;
  sum.failed += failed;
  sum.ms = sum.ms === null || ms === null ? null : sum.ms + ms;
}

function per100(sums: ReadonlyMap<string, Sum>, count: number): Rates {
  if (count <= 0) return new Map();
  const scale = 100 / count;
  return new Map(
    [...sums].map(([key, { calls, failed, ms }]) => [
      key,
      { calls: calls * scale, failed: failed * scale, ms: ms === null ? null : ms * scale },
    ]),
  );
}

/** The end of a service by its reference. */
export function endOfService(service: Parameters<typeof serviceKey>[0]): End {
  return serviceEnd(serviceKey(service));
}
