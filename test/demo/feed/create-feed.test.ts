import { afterEach, describe, expect, test } from "@jest/globals";
import { createFeed, type Feed, type FeedState } from "../../../src/demo/feed/create-feed.js";
import type { FeedKind } from "../../../src/demo/feed/feed-forms.js";
import type { MeshSpan } from "../../../src/demo/telemetry/spans/mesh-span.js";
import { createHttpClient } from "../../../src/http/create-http-client.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import { type FaultServer, startFaultServer } from "../../support/fault-server.js";
import { waitUntil } from "../../support/wait-until.js";

let server: FaultServer;
let feed: Feed | null = null;
const told: FeedState[] = [];

afterEach(async () => {
  await feed?.stop();
  await server.close();
  feed = null;
  told.length = 0;
});

/** So patient that only silence runs into it. */
async function startFeed(kind: FeedKind, timeoutMs = 30_000): Promise<Feed> {
  server = await startFaultServer();
  const http = createHttpClient({ name: kind, url: server.url, timeoutMs }, { clock: systemClock });
  const onChange = (state: FeedState) => told.push(state);
  feed = createFeed({ kind, url: server.url, http, clock: systemClock, firstPauseMs: 5, onChange });
  return feed;
}

const spanOf = (n: number): MeshSpan => ({
  traceId: n.toString(16).padStart(32, "0"),
  spanId: n.toString(16).padStart(16, "0"),
  parentSpanId: null,
  kind: "SERVER",
  serviceName: "reviews.bookinfo",
  ip: "10.0.0.1",
  operation: "reviews",
  startUs: 1_700_000_000_000_000,
  durationUs: 1000,
  isError: false,
  tags: {},
});
const spans = (count: number) => Array.from({ length: count }, (_, i) => spanOf(i + 1));

describe("a feed", () => {
  test("brings every span to its backend, in batches", async () => {
    const zipkin = await startFeed("zipkin");
    const got: string[] = [];
    server.behave({
      kind: "handler",
      handle(request, response) {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          const body = JSON.parse(Buffer.concat(chunks).toString()) as { readonly traceId: string }[];
          got.push(...body.map(({ traceId }) => traceId));
          response.writeHead(202).end();
        });
      },
    });
    zipkin.takeSpans?.(spans(2500));
    await waitUntil("all spans", () => zipkin.counts().sent === 2500);
    expect(got.sort()).toEqual(spans(2500).map(({ traceId }) => traceId));
    expect(told).toEqual([{ isTaking: true, sentence: `zipkin ${server.url} takes what it is fed` }]);
  });

  test.each([
    ["answers 503", { kind: "answer", status: 503, body: "no" }],
    ["hangs up", { kind: "hang-up" }],
    ["never answers", { kind: "silence" }],
    ["asks for credentials", { kind: "answer", status: 401, body: "" }],
  ] as const)("a backend that %s is told once, tried again, and loses nothing", async (_, fault) => {
    const zipkin = await startFeed("zipkin", fault.kind === "silence" ? 300 : undefined);
    server.behave(fault);
    zipkin.takeSpans?.(spans(10));
    await waitUntil("several tries", () => server.requestCount() >= 3);
    expect(told).toMatchObject([{ isTaking: false }]);
    expect(told[0]?.sentence).toMatch(/refuses.*tried again.*9411/);
    server.behave({ kind: "answer", status: 202, body: "" });
    await waitUntil("all sent", () => zipkin.counts().sent === 10);
    expect(told.map(({ isTaking }) => isTaking)).toEqual([false, true]);
    expect(zipkin.counts()).toEqual({ sent: 10, waiting: 0, lost: 0 });
  });

  test("keeps no more than its room while nobody takes anything, the newest last", async () => {
    const zipkin = await startFeed("zipkin");
    server.behave({ kind: "answer", status: 500, body: "" });
    for (let i = 0; i < 30; i += 1) zipkin.takeSpans?.(spans(5_000));
    await waitUntil("a refusal", () => told.length > 0);
    const { waiting, lost, sent } = zipkin.counts();
    expect(waiting).toBeLessThanOrEqual(50_000);
    expect(waiting + lost + sent).toBeLessThanOrEqual(150_000);
    expect(lost).toBeGreaterThanOrEqual(90_000);
  });

  test("documents that Elasticsearch refuses are a refusal though it answers 200", async () => {
    const elastic = await startFeed("elasticsearch");
    server.behave({
      kind: "answer",
      body: '{"errors":true,"items":[{"create":{"status":429,"error":{"type":"es_rejected_execution_exception"}}}]}',
    });
    const pod = {
      name: "a-1-1",
      ip: "10.0.0.1",
      node: "n",
      workload: {
        name: "a-1",
        namespace: "x",
        app: "a",
        version: "1",
        serviceAccount: "a",
        image: "a",
        service: null,
      },
    };
    elastic.takeLines?.([
      {
        pod,
        container: "a",
        atMs: 1,
        writtenMs: 1,
        fields: {},
        level: "INFO",
        message: "m",
        traceId: null,
        spanId: null,
        requestId: null,
      },
    ]);
    await waitUntil("a refusal", () => told.length > 0);
    expect(told[0]?.sentence).toContain("es_rejected_execution_exception");
  });
});
