/** A few hours of one service of a mesh for an empty Prometheus: a call a minute, a third of which fail, and buckets at 100 and 500 ms. */
import type { MetricSample } from "../support/open-metrics.js";

/** How far apart samples are. */
export const scrapeMs = 60_000;
const hours = 3;

/** The last of them is a scrape before `nowMs`. */
export function cartSamples(nowMs: number, service = "cart"): readonly MetricSample[] {
  const labels = {
    reporter: "source",
    source_workload: "front",
    source_workload_namespace: "shop",
    source_canonical_service: "front",
    destination_workload: service,
    destination_workload_namespace: "shop",
    destination_service: `${service}.shop.svc.cluster.local`,
    destination_service_name: service,
    destination_service_namespace: "shop",
    destination_canonical_service: service,
    request_protocol: "http",
    response_flags: "-",
  };
  const steps = (hours * 3_600_000) / scrapeMs;
  const series = (name: string, more: Readonly<Record<string, string>>, share: number): readonly MetricSample[] =>
    Array.from({ length: steps }, (_, i) => ({
      name,
      labels: { ...labels, ...more },
      atMs: nowMs - (steps - i) * scrapeMs,
      value: Math.floor(i * share),
    }));
  return [
    ...series("istio_requests_total", { response_code: "200" }, 2 / 3),
    ...series("istio_requests_total", { response_code: "503" }, 1 / 3),
    ...Object.entries({ "100": 1 / 3, "500": 2 / 3, "+Inf": 2 / 3 }).flatMap(([le, share]) =>
      series("istio_request_duration_milliseconds_bucket", { response_code: "200", le }, share),
    ),
    ...series("istio_request_duration_milliseconds_count", { response_code: "200" }, 2 / 3),
  ];
}
