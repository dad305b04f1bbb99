/** Sources with equal questions shared and answers kept for one scrape interval; compose.ts wraps every adapter in one. */
import { createHash } from "node:crypto";
import { createSharedFlight, type SharedFlight } from "../../http/shared-flight.js";
import type { Clock } from "../../telemetry/clock.js";
import type { LogAnswer, LogSource } from "../../telemetry/log-source.js";
import type { MetricResult, MetricSource } from "../../telemetry/metric-source.js";
import type { Source } from "../../telemetry/source.js";
import type { TraceBatch, TraceSource } from "../../telemetry/trace-source.js";
import { type OnShared, type Recorded, shareCalls } from "./share-calls.js";

/** "Now" is floored to 15 s, so an answer is asked for again at most this long; longer would hold memory for nothing. */
const keepMs = 15_000;

/** What the wrappers need. */
export interface CacheDeps {
  readonly clock: Clock;
  readonly onShared?: OnShared;
}

/** Answers of whole queries: up to some 15 MB (a graph of 5,000 edges is one answer of counts), as a row with its labels weighs like ten values. */
export function cachedMetricSource(source: MetricSource, deps: CacheDeps): MetricSource {
  const flight = flightOf<MetricResult>(source, deps, {
    isWhole: (r) => r.warnings.length === 0,
    weight: (r) => r.rows.length * (r.timestampsMs.length + 10),
    maxWeight: 150_000,
  });
  const names = flightOf<ReadonlySet<string>>(source, deps, {
    isWhole: () => true,
    weight: (s) => s.size + 1,
    maxWeight: 10_000,
  });
  const ask = sharing(source, deps);
  return {
    ...source,
    query: (request, options) => ask(flight, fingerprint(request), options, (o) => source.query(request, o)),
    presentMetrics: (wanted, window, options) =>
      ask(names, JSON.stringify([wanted, window]), options, (o) => source.presentMetrics(wanted, window, o)),
  };
}

/** Searches and lookups, up to 200 traces: a trace of a few hundred spans is half a megabyte, and a page reads some fifty. */
export function cachedTraceSource(source: TraceSource, deps: CacheDeps): TraceSource {
  const flight = flightOf<TraceBatch>(source, deps, {
    isWhole: (b) => b.warnings.length === 0,
    weight: (b) => b.traces.length + 1,
    maxWeight: 200,
  });
  const names = flightOf<readonly string[]>(source, deps, {
    isWhole: () => true,
    weight: (s) => s.length + 1,
    maxWeight: 100_000,
  });
  const ask = sharing(source, deps);
  return {
    ...source,
    services: (options) => ask(names, "services", options, (o) => source.services(o)),
    search: (query, options) => ask(flight, JSON.stringify(query), options, (o) => source.search(query, o)),
    getTraces: (ids, window, options) =>
      ask(flight, JSON.stringify([[...ids].sort(), window]), options, (o) => source.getTraces(ids, window, o)),
  };
}

/** Batches of questions, up to 50,000 records. */
export function cachedLogSource(source: LogSource, deps: CacheDeps): LogSource {
  const flight = flightOf<readonly LogAnswer[]>(source, deps, {
    isWhole: (answers) => answers.every((a) => a.warnings.length === 0),
    weight: (answers) => answers.reduce((sum, a) => sum + (a.kind === "search" ? a.records.length : 50), 1),
    maxWeight: 50_000,
  });
  const ask = sharing(source, deps);
  return {
    ...source,
    ask: (requests, options) => ask(flight, JSON.stringify(requests), options, (o) => source.ask(requests, o)),
  };
}

/** Of a question of many kB: kept itself as a key it would weigh more than its answer, and V8 tells such long keys apart slowly. */
function fingerprint(question: object): string {
  return createHash("sha256").update(JSON.stringify(question)).digest("base64");
}

function flightOf<T>(
  source: Source,
  deps: CacheDeps,
  limits: { isWhole: (value: T) => boolean; weight: (value: T) => number; maxWeight: number },
): SharedFlight<Recorded<T>> {
  return createSharedFlight({
    source: source.name,
    clock: deps.clock,
    ttlMs: ({ value }) => (limits.isWhole(value) ? keepMs : 0),
    weight: ({ value }) => limits.weight(value),
    maxWeight: limits.maxWeight,
  });
}

function sharing(source: Source, deps: CacheDeps) {
  return async <T>(...args: Parameters<typeof shareCalls<T>>): Promise<T> => {
    const { value, origin } = await shareCalls(...args);
    deps.onShared?.(source.name, origin);
    return value;
  };
}
