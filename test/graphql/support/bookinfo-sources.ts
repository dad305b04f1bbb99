/** The made-up traces and logs of Bookinfo behind memory sources, and backends that are down. */
import { createHttpClient } from "../../../src/http/create-http-client.js";
import type { HttpClient } from "../../../src/http/http-client.js";
import { createMemoryTraceSource } from "../../../src/sources/memory/memory-trace-source.js";
import { createPrometheusSource } from "../../../src/sources/prometheus/prometheus-source.js";
import { createZipkinSource } from "../../../src/sources/zipkin/zipkin-source.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import { unusedPort } from "../../support/fault-server.js";
import { listedLogSource } from "../../support/listed-log-source.js";
import { logRecord } from "../../support/log-records.js";
import { delayJason, trace } from "../../support/spans.js";

/** Id of the trace in which productpage gives up on reviews. */
export const slowTraceId = "d1".padStart(32, "0");

/** A Jaeger in memory that holds the trace. */
export function bookinfoTraces() {
  const config = {
    name: "jaeger",
    kind: "jaeger",
    cluster: null,
    isShard: false,
    maxAgeMs: null,
    maxSpans: 1000,
  } as const;
  const source = createMemoryTraceSource({ config, clock: systemClock });
  source.append([trace(slowTraceId, delayJason())]);
  return source;
}

/** Logs of reviews, two of them with the trace's id. */
export function bookinfoLogs() {
  return listedLogSource([
    logRecord({ at: 100, traceId: slowTraceId, level: "ERROR", message: "ratings did not answer" }),
    logRecord({ at: 200, traceId: slowTraceId, level: "WARN", message: "trying again" }),
    logRecord({ at: 300 }),
  ]);
}

/** A client of a port where nothing listens. */
export async function deadClient(name: string): Promise<HttpClient> {
  return createHttpClient({ name, url: `http://127.0.0.1:${await unusedPort()}` }, { clock: systemClock });
}

/** A Prometheus that is down. */
export async function deadPrometheus(name = "prometheus") {
  const config = { name, cluster: null, isShard: false, scrapeIntervalMs: 15_000 };
  return createPrometheusSource({ config, http: await deadClient(name), clock: systemClock });
}

/** A Zipkin that is down. */
export async function deadZipkin(name = "zipkin") {
  const config = { name, cluster: null, isShard: false };
  return createZipkinSource({ config, http: await deadClient(name), clock: systemClock });
}
