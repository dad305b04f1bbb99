import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { MetricSample } from "../support/open-metrics.js";
import { runCommandLine } from "../support/run-command.js";
import { feedSamples } from "./backends/load-metrics.js";
import { emptyPrometheus2, emptyPrometheus3 } from "./backends/prometheus.js";
import type { ServerProcess } from "./backends/server-process.js";
import { startOwn } from "./start-own.js";

const stopping = new AbortController();
const servers: ServerProcess[] = [];
const scrapeMs = 60_000;
const hours = 3;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-lint-"));
});
afterAll(async () => {
  stopping.abort();
  await Promise.all(servers.map((server) => server.stop(5_000)));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Three hours of one service with one call a minute, a third of which fail, and buckets at 100 and 500 ms. */
function samples(nowMs: number) {
  const labels = {
    reporter: "source",
    source_workload: "front",
    source_workload_namespace: "shop",
    source_canonical_service: "front",
    destination_workload: "cart",
    destination_workload_namespace: "shop",
    destination_service: "cart.shop.svc.cluster.local",
    destination_service_name: "cart",
    destination_service_namespace: "shop",
    destination_canonical_service: "cart",
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

const objectives = `apiVersion: meshlens/v1
namespace: shop
objectives:
  - { service: cart, availability: 99.9% }
  - { service: cart, latency: { target: 99%, thresholdMs: 250 } }
  - { service: ghost, availability: 99.9% }
  - service: cart
    name: many
    ratio: { target: 99%, failed: 'rate(istio_requests_total[{{.window}}]) / 100' }
`;

test.each([emptyPrometheus2(), emptyPrometheus3()])(
  "slo lint --config against $name: buckets, retention, traffic, a missed target, no series, more than one series",
  async (backend) => {
    const url = await startOwn(backend, { folder: join(folder, backend.name), servers, signal: stopping.signal });
    await feedSamples(backend.name, url, samples(Math.floor(Date.now() / scrapeMs) * scrapeMs));
    const config = join(folder, `${backend.name}.yaml`);
    await writeFile(
      config,
      `sources: [{ name: prometheus, kind: prometheus, url: "${url}", scrapeInterval: 1m }]\nmesh: { dialect: istio }\n`,
    );
    await writeFile(join(folder, "slo.yaml"), objectives);
    const { code, stdout, stderr } = await runCommandLine(["slo", "lint", "slo.yaml", "--config", config, "--json"], {
      cwd: folder,
    });
    const { findings } = JSON.parse(stdout) as { findings: { code: string; line: number; message: string }[] };
    const found = findings.map(({ code: word, line }) => `${line} ${word}`);
    expect([code, stderr]).toEqual([0, ""]);
    expect(found).toEqual(
      expect.arrayContaining([
        "4 SLO_DATA_RETENTION",
        "4 SLO_DATA_TRAFFIC",
        "4 SLO_DATA_MISSED",
        "5 SLO_DATA_BUCKET",
        "6 SLO_DATA_NONE",
        "7 SLO_DATA_NONE",
      ]),
    );
    expect(findings.find(({ line, code: word }) => line === 7 && word === "SLO_DATA_NONE")?.message).toContain(
      "gives several series",
    );
  },
  300_000,
);
