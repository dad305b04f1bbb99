/** Jaeger 1.76 all-in-one with memory storage, built from its Go module; it receives the recorded spans on its Zipkin port. */
import { join } from "node:path";
import { addressFrom, type Backend, type ServerAddress } from "./backend.js";
import { freePorts } from "./free-ports.js";
import { buildGoProgram } from "./go-build.js";
import { fetchJson, fetchText } from "./http-json.js";
import { loadSpans, type SpanReceiver } from "./load-spans.js";

const release = "1.76.0";
const urlVariable = "MESHLENS_TEST_JAEGER_URL";
const ingestVariable = "MESHLENS_TEST_JAEGER_ZIPKIN_INGEST_URL";
const otlpVariable = "MESHLENS_TEST_JAEGER_OTLP_INGEST_URL";

/** Every listener of the program: one left out would bind all addresses. The first three are those the suite uses. */
const listeners = [
  "query.http-server",
  "collector.zipkin",
  "collector.otlp.http",
  "query.grpc-server",
  "collector.otlp.grpc",
  "collector.grpc-server",
  "collector.http-server",
  "admin.http",
];

/** Jaeger 1.76, the last of the first major: both query APIs. */
export const jaeger: Backend = {
  name: "jaeger",
  release,
  urlVariable,
  named: (environment) => {
    const address = addressFrom(environment, urlVariable);
    if (address === null) return null;
    const otlp = addressFrom(environment, otlpVariable);
    return {
      url: address.url,
      zipkinIngestUrl: addressFrom(environment, ingestVariable)?.url ?? null,
      ...(otlp === null ? {} : { otlpIngestUrl: otlp.url }),
    };
  },
  install: async (cache) => {
    const folder = await cache.entry(`jaeger-${release}`, (building) =>
      buildGoProgram(
        cache,
        {
          module: "github.com/jaegertracing/jaeger",
          moduleVersion: `v${release}`,
          packagePath: "github.com/jaegertracing/jaeger/cmd/all-in-one",
          tags: "",
          linkerFlags: `-X github.com/jaegertracing/jaeger/internal/version.latestVersion=v${release}`,
        },
        building,
        "jaeger",
      ),
    );
    return async () => {
      const ports = await freePorts(listeners.length);
      const [query, zipkin, otlp] = ports;
      return {
        command: join(folder, "jaeger"),
        args: [
          ...listeners.map((listener, index) => `--${listener}.host-port=127.0.0.1:${ports[index]}`),
          "--collector.otlp.enabled=true",
          "--log-level=warn",
        ],
        environment: { SPAN_STORAGE_TYPE: "memory" },
        address: {
          url: `http://127.0.0.1:${query}`,
          zipkinIngestUrl: `http://127.0.0.1:${zipkin}`,
          otlpIngestUrl: `http://127.0.0.1:${otlp}`,
        },
      };
    };
  },
  isReady: async ({ url }) => "data" in (await fetchJson<object>(`${url}/api/services`)),
  // Jaeger tells its version in the page of its UI only, which a build from the Go module does not have.
  version: async ({ url }) => /"gitVersion":"v([^"]+)"/.exec(await fetchText(`${url}/`))?.[1] ?? null,
  load: (address) => loadSpans(jaegerReceiver(address)),
};

/** How a Jaeger is fed. */
export function jaegerReceiver({ url, zipkinIngestUrl }: ServerAddress): SpanReceiver {
  return {
    server: "jaeger",
    ingestUrl: zipkinIngestUrl,
    ingestVariable,
    spanCounts: async (traceIds) => {
      const query = traceIds.map((id) => `traceID=${id}`).join("&");
      const answer = await fetchJson<JaegerTraces>(`${url}/api/traces?${query}`).catch(() => ({ data: null }));
      return (answer.data ?? []).map((trace) => [trace.traceID, trace.spans.length]);
    },
  };
}

interface JaegerTraces {
  readonly data: readonly { traceID: string; spans: readonly unknown[] }[] | null;
}
