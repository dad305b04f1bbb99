import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "@jest/globals";
import { feedSamples, loadMetrics } from "../../real/backends/load-metrics.js";
import { loadSpans } from "../../real/backends/load-spans.js";
import { readExpected } from "../bookinfo/fixture-files.js";
import type { ZipkinSpan } from "../bookinfo/zipkin-spans.js";

let server: Server | undefined;

afterEach(async () => {
  server?.close();
});

async function serve(answer: (body: string) => string, status = 200): Promise<string> {
  server = createServer(async (request, response) => response.writeHead(status).end(answer(await text(request))));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("feeding the recorded mesh", () => {
  test("spans are sent once: a server that holds them already gets none again", async () => {
    const held = new Map<string, number>();
    let posts = 0;
    const ingestUrl = await serve((body) => {
      posts++;
      for (const span of JSON.parse(body) as ZipkinSpan[]) held.set(span.traceId, (held.get(span.traceId) ?? 0) + 1);
      return "";
    });
    const receiver = {
      server: "zipkin",
      ingestUrl,
      ingestVariable: "X",
      spanCounts: async (ids: readonly string[]) => [...held].filter(([id]) => ids.includes(id)),
    };
    const { traces } = readExpected();
    await loadSpans(receiver);
    const firstPosts = posts;
    await loadSpans(receiver);
    expect(posts).toBe(firstPosts);
    expect(Object.fromEntries(held)).toEqual(Object.fromEntries(traces.map((trace) => [trace.traceId, trace.spans])));
  });

  test("a named Jaeger without the recording and without a receiver is refused with the variable to set", async () => {
    const ingestVariable = "MESHLENS_TEST_JAEGER_ZIPKIN_INGEST_URL";
    const receiver = { server: "jaeger", ingestUrl: null, ingestVariable, spanCounts: async () => [] };
    await expect(loadSpans(receiver)).rejects.toThrow(ingestVariable);
  });

  test("a named Prometheus that does not hold the recording, and does not keep what it is sent, is refused", async () => {
    const url = await serve(() => JSON.stringify({ status: "success", data: { resultType: "vector", result: [] } }));
    await expect(loadMetrics("prometheus3", url)).rejects.toThrow(/has 0 samples of .*npm run fixture/);
  });

  test("a named Prometheus that takes no samples is refused, saying how it must be started", async () => {
    const url = await serve(() => "", 404);
    await expect(feedSamples("prometheus3", url, [{ name: "up", labels: {}, value: 1, atMs: 1 }])).rejects.toThrow(
      "--web.enable-remote-write-receiver",
    );
  });
});
