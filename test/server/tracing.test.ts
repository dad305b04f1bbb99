import { afterEach, describe, expect, test } from "@jest/globals";
import { SpanKind } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { createHttpClient } from "../../src/http/create-http-client.js";
import { observeCalls } from "../../src/server/observe-calls.js";
import { recordSpans } from "../../src/server/record-spans.js";
import { createSelfMetrics } from "../../src/server/self-metrics.js";
import { createTracing } from "../../src/server/tracing.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { type FaultServer, startFaultServer } from "../support/fault-server.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const incoming = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
let backend: FaultServer | null = null;

afterEach(async () => {
  await backend?.close();
  backend = null;
});

/** Keeps what was exported; the SDK's own in-memory exporter forgets it when it is shut down. */
function createCollector(): { readonly exporter: SpanExporter; readonly spans: ReadableSpan[] } {
  const spans: ReadableSpan[] = [];
  const exporter: SpanExporter = {
    export(batch, done) {
      spans.push(...batch);
      done({ code: 0 });
    },
    shutdown: async () => undefined,
  };
  return { exporter, spans };
}

/** One upstream call made within a request; gives the traceparent the backend saw. */
async function callWithin(tracing: ReturnType<typeof createTracing>, headers: Record<string, string>, status = 200) {
  backend = await startFaultServer();
  let seen: string | undefined;
  backend.behave({
    kind: "handler",
    handle: (request, response) => {
      seen = request.headers["traceparent"] as string | undefined;
      response.writeHead(status).end("{}");
    },
  });
  const observer = observeCalls(createSelfMetrics(new Map()), tracing);
  const client = createHttpClient({ name: "prom", url: backend.url }, { clock: systemClock, observer });
  const request = tracing.startRequest({ method: "POST", headers });
  await request
    .run(() =>
      client.request(
        { method: "GET", path: "/q", operation: "instant" },
        { signal: new AbortController().signal, deadlineMs: Date.now() + 20_000 },
      ),
    )
    .catch(() => undefined);
  request.end({ route: "/graphql", status: 200 });
  await client.close();
  return { seen, request };
}

describe("tracing", () => {
  test("with an exporter each upstream call is a client span below the request's span, which continues the caller's trace", async () => {
    const collector = createCollector();
    const tracing = createTracing(recordSpans(collector.exporter, "1.2.3"));
    const { seen } = await callWithin(tracing, incoming, 503);
    await tracing.close();
    const [call, request] = collector.spans;
    expect(call?.name).toBe("prom instant");
    expect(call?.kind).toBe(SpanKind.CLIENT);
    expect(call?.attributes).toMatchObject({
      "meshlens.source": "prom",
      "meshlens.operation": "instant",
      "http.response.status_code": 503,
      "error.type": "MESHLENS_ERR_SOURCE_STATUS",
    });
    expect(request?.name).toBe("POST /graphql");
    expect(call?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(request?.parentSpanContext?.spanId).toBe("b7ad6b7169203331");
    expect(call?.spanContext().traceId).toBe(traceId);
    expect(call?.resource.attributes["service.version"]).toBe("1.2.3");
    expect(seen).toBe(`00-${traceId}-${call?.spanContext().spanId}-01`);
  });

  test("without an exporter the caller's context still reaches the backend, unchanged", async () => {
    const { seen, request } = await callWithin(createTracing(null), incoming);
    expect(seen).toBe(incoming.traceparent);
    expect(request.traceId).toBe(traceId);
  });

  test("without an exporter and without a caller's context nothing is invented", async () => {
    const { seen, request } = await callWithin(createTracing(null), {});
    expect(seen).toBeUndefined();
    expect(request.traceId).toBeNull();
  });

  test("a traceparent that is none is ignored", async () => {
    const { seen } = await callWithin(createTracing(null), { traceparent: "00-zz-\r\nx: y" });
    expect(seen).toBeUndefined();
  });
});
