/** Zipkin 3.5.1 with memory storage, from its executable jar. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { addressFrom, type Backend, type ServerAddress } from "./backend.js";
import { freePort } from "./free-ports.js";
import { fetchJson } from "./http-json.js";
import { loadSpans, type SpanReceiver } from "./load-spans.js";
import { ensureJava, fetchArtifact } from "./maven.js";

const release = "3.5.1";
const urlVariable = "MESHLENS_TEST_ZIPKIN_URL";

/** Zipkin 3.5.1. */
export const zipkin: Backend = {
  name: "zipkin",
  release,
  urlVariable,
  named: (environment) => addressFrom(environment, urlVariable),
  install: async (cache) => {
    await ensureJava(cache);
    const folder = await cache.entry(`zipkin-${release}`, async (building) => {
      const jar = await fetchArtifact(cache, `io.zipkin:zipkin-server:${release}:jar:exec`, building);
      await rename(jar, join(building, "zipkin.jar"));
    });
    return async () => {
      const port = await freePort();
      // Armeria serves Zipkin and heeds neither QUERY_PORT's address nor --server.address: only this binds loopback alone.
      const armeria = { ip: "127.0.0.1", port: String(port), "protocols[0]": "http" };
      return {
        command: "java",
        args: [
          "-Xmx512m",
          "-jar",
          join(folder, "zipkin.jar"),
          ...Object.entries(armeria).map(([key, value]) => `--armeria.ports[0].${key}=${value}`),
        ],
        environment: {},
        address: { url: `http://127.0.0.1:${port}`, zipkinIngestUrl: null },
      };
    };
  },
  isReady: async ({ url }) => (await fetchJson<{ status: string }>(`${url}/health`)).status === "UP",
  version: async ({ url }) => (await fetchJson<{ zipkin: { version: string } }>(`${url}/info`)).zipkin.version,
  load: (address) => loadSpans(zipkinReceiver(address)),
};

/** Id of no trace: Zipkin refuses to be asked for many traces with one id. */
const noTrace = "1".padStart(32, "0");

/** How a Zipkin is fed. */
export function zipkinReceiver({ url }: ServerAddress): SpanReceiver {
  return {
    server: "zipkin",
    ingestUrl: url,
    ingestVariable: urlVariable,
    spanCounts: async (traceIds) => {
      const traces = await fetchJson<{ traceId: string }[][]>(
        `${url}/api/v2/traceMany?traceIds=${[...traceIds, noTrace].join(",")}`,
      );
      return traces.map((spans) => [spans[0]?.traceId ?? "", spans.length]);
    },
  };
}
