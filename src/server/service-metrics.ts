/**
 * Golden signals of services on /metrics, for the user's own Prometheus: its alerts and panels then need no plugin and no rules. Asked when
 * it is scraped, over the last five minutes, by the same reads as the API. Services are capped, and only those of the configured namespaces.
 */
import { Gauge, Registry } from "prom-client";
import type { Mesh, MeshReader, MeshService } from "../mesh/mesh.js";
import type { Clock } from "../telemetry/clock.js";
import { type TimeWindow, windowSeconds } from "../telemetry/time-window.js";
import type { Visibility } from "../telemetry/visibility.js";

/** Services with series of their own. */
export const mostServices = 1000;
const gridMs = 15_000;
const windowMs = 300_000;
const timeoutMs = 8_000;
const quantiles = [0.5, 0.95, 0.99] as const;
const everything = { clusters: null, namespaces: null, nameContains: null, meshes: null };

/** One service's golden signals; null has no series. */
export interface ServiceSignals {
  readonly service: Pick<MeshService, "ref">;
  readonly requestsPerSecond: number | null;
  readonly errorRatio: number | null;
  readonly latenciesMs: readonly { readonly quantile: number; readonly valueMs: number | null }[];
}

/** What one scrape is told. */
export interface ScrapedServices {
  readonly signals: readonly ServiceSignals[];
  /** Whether there are more services than have series. */
  readonly isTruncated: boolean;
  /** False when a source of metrics did not answer: what is missing is not gone. */
  readonly isComplete: boolean;
}

/** Reads the golden signals of the services of `namespaces` (`*` for all). Never throws: what cannot be read is not complete. */
export async function scrapeServices(
  { mesh, clock }: { readonly mesh: Mesh; readonly clock: Clock },
  namespaces: readonly string[],
): Promise<ScrapedServices> {
  const nowMs = clock.nowMs();
  const toMs = Math.floor(nowMs / gridMs) * gridMs;
  const window = { fromMs: toMs - windowMs, toMs };
  const visibility: Visibility = { namespaces: namespaces.includes("*") ? "all" : new Set(namespaces) };
  const signal = AbortSignal.timeout(timeoutMs);
  const reader = mesh.reader({ visibility, signal, deadlineMs: nowMs + timeoutMs });
  reader.announce(
    [
      { of: "services", measure: "outcome", view: "callers" },
      ...quantiles.map((quantile) => ({ of: "services", measure: "latency", view: "callers", quantile }) as const),
    ],
    null,
    window,
  );
  const listed = await reader.listServices(window, everything);
  const services = listed.value ?? [];
  const signals = await Promise.all(
    services.slice(0, mostServices).map((service) => signalsOf(reader, service, window)),
  );
  return {
    signals,
    isTruncated: services.length > mostServices,
    isComplete: listed.value !== null && listed.sources.every(({ state }) => state === "OK"),
  };
}

async function signalsOf(reader: MeshReader, service: MeshService, window: TimeWindow): Promise<ServiceSignals> {
  const golden = reader.golden(service.ref, window);
  const outcome = (await golden.outcome("callers")).value;
  const latenciesMs = await Promise.all(
    quantiles.map(async (quantile) => ({ quantile, valueMs: (await golden.latencyMs("callers", quantile)).value })),
  );
  return {
    service,
    requestsPerSecond: outcome && outcome.requestCount / windowSeconds(window),
    errorRatio: outcome?.errorRatio ?? null,
    latenciesMs,
  };
}

/** The exposition of one scrape: gauges made anew, so that a service that is gone has no series. */
export function serviceMetricsText({ signals, isTruncated, isComplete }: ScrapedServices): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ["cluster", "namespace", "service"] as const;
  const complete = new Gauge({
    name: "meshlens_service_signals_complete",
    help: "1 when every source of metrics answered; at 0 what is missing below is not known.",
    registers,
  });
  const truncated = new Gauge({
    name: "meshlens_service_series_truncated",
    help: `1 when there are more than ${mostServices} services, so that only the first have series here.`,
    registers,
  });
  const rate = new Gauge({
    name: "meshlens_service_requests_per_second",
    help: "Calls per second over the last five minutes, as callers saw them.",
    labelNames,
    registers,
  });
  const errors = new Gauge({
    name: "meshlens_service_error_ratio",
    help: "Failed calls / calls over the last five minutes. No series without calls.",
    labelNames,
    registers,
  });
  const latency = new Gauge({
    name: "meshlens_service_latency_seconds",
    help: "Quantiles of the durations of calls over the last five minutes, as callers saw them.",
    labelNames: [...labelNames, "quantile"],
    registers,
  });
  complete.set(isComplete ? 1 : 0);
  truncated.set(isTruncated ? 1 : 0);
  for (const { service, requestsPerSecond, errorRatio, latenciesMs } of signals) {
    const { cluster, namespace, name } = service.ref;
    const labels = { cluster, namespace, service: name };
    if (requestsPerSecond !== null) rate.set(labels, requestsPerSecond);
    if (errorRatio !== null) errors.set(labels, errorRatio);
    for (const { quantile, valueMs } of latenciesMs) {
      if (valueMs !== null) latency.set({ ...labels, quantile: String(quantile) }, valueMs / 1000);
    }
  }
  return registry.metrics();
}
