/** A made-up mesh of any size as OpenMetrics text: both reporters, histograms and all, a few scrapes long. */

import { once } from "node:events";
import { createWriteStream } from "node:fs";

/** Size of the mesh and its stretch of time. */
export interface WideMesh {
  readonly services: number;
  readonly edges: number;
  /** Epoch seconds of the first scrape. */
  readonly startSeconds: number;
  readonly scrapes: number;
  readonly scrapeSeconds: number;
}

const bounds = [1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000];

/** Writes the mesh; every edge has 200s, every tenth also 503s. Series stand together, as promtool wants them. */
export async function writeWideMesh(file: string, mesh: WideMesh): Promise<void> {
  const out = createWriteStream(file);
  const write = async (text: string) => {
    if (!out.write(text)) await once(out, "drain");
  };
  const edges = edgesOf(mesh);
  await write("# TYPE istio_requests counter\n");
  for (const [index, edge] of edges.entries()) {
    for (const reporter of ["source", "destination"]) {
      for (const [code, flags] of index % 10 === 0
        ? [
            ["200", "-"],
            ["503", "UH"],
          ]
        : [["200", "-"]]) {
        const labels = `${labelsOf(edge, reporter)},response_code="${code}",response_flags="${flags}"`;
        await write(
          samples(mesh, `istio_requests_total{${labels}}`, code === "200" ? 50 + (index % 7) : 1 + (index % 3)),
        );
      }
    }
  }
  await write("# TYPE istio_request_duration_milliseconds histogram\n");
  for (const [index, edge] of edges.entries()) {
    for (const reporter of ["source", "destination"]) {
      const labels = `${labelsOf(edge, reporter)},response_code="200",response_flags="-"`;
      const total = 50 + (index % 7);
      for (const [i, bound] of [...bounds, "+Inf"].entries()) {
        const share = i === bounds.length ? 1 : Math.min(1, (i + 1) / (bounds.length - (index % 4)));
        const le = typeof bound === "number" ? `${bound}.0` : bound;
        await write(
          samples(mesh, `istio_request_duration_milliseconds_bucket{${labels},le="${le}"}`, Math.floor(total * share)),
        );
      }
      await write(samples(mesh, `istio_request_duration_milliseconds_count{${labels}}`, total));
      await write(samples(mesh, `istio_request_duration_milliseconds_sum{${labels}}`, total * 40));
    }
  }
  await write("# EOF\n");
  out.end();
  await once(out, "finish");
}

function edgesOf({ services, edges }: WideMesh): ReadonlyArray<readonly [number, number]> {
  const perService = Math.ceil(edges / services);
  const all: Array<readonly [number, number]> = [];
  for (let source = 0; source < services; source += 1) {
    for (let k = 1; k <= perService && all.length < edges; k += 1) all.push([source, (source + k * k) % services]);
  }
  return all;
}

function labelsOf([source, destination]: readonly [number, number], reporter: string): string {
  const ns = (n: number) => `ns-${n % 20}`;
  return [
    `reporter="${reporter}"`,
    `source_workload="svc-${source}-v1"`,
    `source_workload_namespace="${ns(source)}"`,
    `source_canonical_service="svc-${source}"`,
    `source_cluster="east"`,
    `destination_workload="svc-${destination}-v1"`,
    `destination_workload_namespace="${ns(destination)}"`,
    `destination_service="svc-${destination}.${ns(destination)}.svc.cluster.local"`,
    `destination_service_name="svc-${destination}"`,
    `destination_service_namespace="${ns(destination)}"`,
    `destination_canonical_service="svc-${destination}"`,
    `destination_cluster="east"`,
    `request_protocol="http"`,
    `connection_security_policy="${reporter === "destination" ? "mutual_tls" : "unknown"}"`,
  ].join(",");
}

function samples(mesh: WideMesh, series: string, perScrape: number): string {
  let text = "";
  for (let i = 0; i < mesh.scrapes; i += 1)
    text += `${series} ${perScrape * i} ${mesh.startSeconds + i * mesh.scrapeSeconds}\n`;
  return text;
}
