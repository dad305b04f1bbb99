/** A mesh of a thousand services, an hour of it and some minutes ahead, sent to a running Prometheus. */
import { encodeSeriesLabels, encodeSeriesWrite, remoteWriteHeaders } from "../test/real/backends/remote-write.js";

/** How much of it there is. */
export interface SloMesh {
  readonly services: number;
  readonly edgesPerService: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly scrapeMs: number;
}

interface Fed {
  readonly labels: Buffer;
  readonly perScrape: number;
  readonly phaseMs: number;
}

const samplesPerWrite = 20;
const seriesPerWrite = 1_000;

/** Names of service `n`. */
export const serviceOf = (n: number) => ({ name: `svc-${n}`, namespace: `ns-${n % 20}` });

/** Sends it all, in the order of time; says how many series there are. */
export async function feedSloMesh(url: string, mesh: SloMesh): Promise<number> {
  const series = seriesOf(mesh);
  const scrapes = Math.floor((mesh.toMs - mesh.fromMs) / mesh.scrapeMs);
  for (let from = 0; from < scrapes; from += samplesPerWrite) {
    const until = Math.min(scrapes, from + samplesPerWrite);
    for (let at = 0; at < series.length; at += seriesPerWrite) {
      const written = series.slice(at, at + seriesPerWrite).map(({ labels, perScrape, phaseMs }) => ({
        labels,
        samples: Array.from({ length: until - from }, (_, i) => {
          const n = from + i;
          return [mesh.fromMs + n * mesh.scrapeMs + phaseMs, perScrape === 0 ? 1 : perScrape * n] as const;
        }),
      }));
      const body = encodeSeriesWrite(written);
      const sent = await fetch(`${url}/api/v1/write`, { method: "POST", headers: remoteWriteHeaders, body });
      if (!sent.ok)
        throw new Error(`Prometheus took no samples (${sent.status}): ${(await sent.text()).slice(0, 200)}`);
    }
  }
  return series.length;
}

function seriesOf({ services, edgesPerService, scrapeMs }: SloMesh): readonly Fed[] {
  const series: Fed[] = [];
  for (let n = 0; n < services; n += 1) {
    const phaseMs = (n * 977) % scrapeMs;
    const target = targetOf(n);
    series.push({ labels: encodeSeriesLabels({ __name__: "up", ...target }), perScrape: 0, phaseMs });
    for (let edge = 0; edge < edgesPerService; edge += 1) {
      const source = (n + edge * edge + 1) % services;
      for (const reporter of ["source", "destination"]) {
        const labels = labelsOf(source, n, reporter);
        const rate = 5 + ((n * 7 + edge * 13) % 40);
        const add = (name: string, more: Record<string, string>, perScrape: number) =>
          series.push({ labels: encodeSeriesLabels({ __name__: name, ...labels, ...more }), perScrape, phaseMs });
        add("istio_requests_total", { response_code: "200" }, rate);
        if (edge === 0) add("istio_requests_total", { response_code: "503", response_flags: "URX" }, 1);
        for (const le of ["500", "1000", "+Inf"]) {
          const share = le === "500" ? rate - 1 : rate;
          add("istio_request_duration_milliseconds_bucket", { response_code: "200", le }, share);
        }
        add("istio_request_duration_milliseconds_count", { response_code: "200" }, rate);
      }
    }
  }
  return series;
}

function targetOf(n: number): Record<string, string> {
  return { job: "istio", instance: `10.${n >> 8}.${n & 255}.1:15020`, pod: `svc-${n}-7c9f-abcde` };
}

function labelsOf(source: number, destination: number, reporter: string): Record<string, string> {
  const [from, to] = [serviceOf(source), serviceOf(destination)];
  return {
    ...targetOf(reporter === "source" ? source : destination),
    reporter,
    source_workload: `${from.name}-v1`,
    source_workload_namespace: from.namespace,
    source_canonical_service: from.name,
    source_cluster: "east",
    destination_workload: `${to.name}-v1`,
    destination_workload_namespace: to.namespace,
    destination_service: `${to.name}.${to.namespace}.svc.cluster.local`,
    destination_service_name: to.name,
    destination_service_namespace: to.namespace,
    destination_canonical_service: to.name,
    destination_cluster: "east",
    request_protocol: "http",
    response_flags: "-",
    connection_security_policy: reporter === "source" ? "unknown" : "mutual_tls",
  };
}
