/**
 * What a 20 MB answer of Jaeger does to the event loop: through the adapter (decoded in a worker) and as plain JSON.parse.
 * Prints one line each; the answer is served by another process, so that making it costs this one nothing.
 */
import { fork } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { createHttpClient } from "../src/http/create-http-client.js";
import { createJaegerSource } from "../src/sources/jaeger/jaeger-source.js";
import { systemClock as clock } from "../src/telemetry/clock.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { quantile } from "./statistics.js";

const answerBytes = 20_000_000;
const rounds = 5;
const tag = (key: string, value: string) => ({ key, type: "string", value });

/** Traces of 200 spans with the tags Envoy sets, up to the wanted size. */
function bigAnswer(): Buffer {
  const traces: string[] = [];
  let bytes = 0;
  for (let t = 1; bytes < answerBytes; t += 1) {
    const traceID = t.toString(16).padStart(32, "a");
    const spans = Array.from({ length: 200 }, (_, n) => ({
      traceID,
      spanID: (t * 1000 + n).toString(16).padStart(16, "b"),
      operationName: `reviews.bookinfo.svc.cluster.local:9080/reviews/${n % 20}`,
      references:
        n === 0 ? [] : [{ refType: "CHILD_OF", traceID, spanID: (t * 1000 + (n >> 1)).toString(16).padStart(16, "b") }],
      startTime: 1_700_000_000_000_000 + t * 1000 + n,
      duration: 1000 + n,
      tags: [
        { key: "http.status_code", type: "int64", value: 200 },
        tag("component", "proxy"),
        tag("guid:x-request-id", `37b7938f-d830-909b-b634-${(t * 1000 + n).toString(16).padStart(12, "0")}`),
        tag("node_id", "sidecar~10.0.0.1~reviews-v1-6f6cfc45b-h5m2n.bookinfo~bookinfo.svc.cluster.local"),
        tag("span.kind", n % 2 === 0 ? "server" : "client"),
        tag("upstream_cluster", "outbound|9080||reviews.bookinfo.svc.cluster.local"),
      ],
      logs: [],
      processID: `p${n % 8}`,
      warnings: null,
    }));
    const processes = Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [
        `p${n}`,
        { serviceName: `service-${n}.bookinfo`, tags: [tag("ip", `10.0.0.${n}`)] },
      ]),
    );
    const text = JSON.stringify({ traceID, spans, processes, warnings: null });
    traces.push(text);
    bytes += text.length;
  }
  return Buffer.from(`{"data":[${traces.join(",")}],"total":0,"limit":0,"offset":0,"errors":null}`);
}

function serve(): void {
  const body = bigAnswer();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path.startsWith("/api/services")) response.end('{"data":["reviews"]}');
    else if (path.startsWith("/api/traces")) response.end(body);
    else response.writeHead(404).end("404 page not found");
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
}

async function measure(url: string, say: (line: string) => void): Promise<readonly BenchResult[]> {
  const http = createHttpClient({ name: "jaeger", url }, { clock });
  const source = createJaegerSource({ config: { name: "jaeger", cluster: null, isShard: false }, http, clock });
  const options = () => ({ signal: new AbortController().signal, deadlineMs: Date.now() + 60_000 });
  const window = { fromMs: 1_700_000_000_000, toMs: 1_700_000_600_000 };
  const query = {
    serviceName: "reviews",
    window,
    minDurationMs: null,
    maxDurationMs: null,
    errorsOnly: false,
    tags: {},
    limit: 1000,
  };
  const fetchBody = async () =>
    (await http.request({ method: "GET", path: "/api/traces", operation: "bench" }, options())).body;
  const runs: Record<string, () => Promise<unknown>> = {
    "through the adapter": () => source.search(query, options()),
    "JSON.parse on the loop": async () => JSON.parse((await fetchBody()).toString("utf8")),
    "read, not decoded": fetchBody,
  };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const seen = Object.fromEntries(
    Object.keys(runs).map((name) => [name, { totalMs: [] as number[], p99Ms: [] as number[], maxMs: [] as number[] }]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(runs)) {
      delay.reset();
      delay.enable();
      const start = performance.now();
      await run();
      const totalMs = performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, 10));
      delay.disable();
      seen[name]?.totalMs.push(totalMs);
      seen[name]?.p99Ms.push(delay.percentile(99) / 1e6);
      seen[name]?.maxMs.push(delay.max / 1e6);
    }
  }
  for (const [name, { totalMs, p99Ms, maxMs }] of Object.entries(seen)) {
    const [total, p99, max] = [totalMs, p99Ms, maxMs].map((values) => quantile(values, 0.5).toFixed(0));
    say(
      `${name.padEnd(24)} total ${total} ms, event-loop delay p99 ${p99} ms, longest ${max} ms (medians of ${rounds})`,
    );
  }
  await source.close();
  const own = seen["through the adapter"];
  const p99 = quantile(own?.p99Ms ?? [], 0.5);
  return [
    {
      what: "event-loop delay while a 20 MB Jaeger answer is decoded, p99",
      measured: `${p99.toFixed(0)} ms (JSON.parse on the loop: ${quantile(seen["JSON.parse on the loop"]?.p99Ms ?? [], 0.5).toFixed(0)} ms)`,
      goal: "≤ 50 ms",
      isMet: p99 <= 50,
    },
  ];
}

/** Serves the answer from a child process and reads it through the adapter, in turns with a plain JSON.parse. */
export async function benchTraceDecode({ say }: BenchContext): Promise<readonly BenchResult[]> {
  const server = fork(fileURLToPath(import.meta.url));
  const port = await new Promise<number>((resolve) => server.once("message", (message) => resolve(Number(message))));
  try {
    return await measure(`http://127.0.0.1:${port}`, say);
  } finally {
    server.kill();
  }
}

if (process.send !== undefined) serve();
