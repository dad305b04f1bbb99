import type { RequestListener } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createHttpClient } from "../../../src/http/create-http-client.js";
import { createJaegerSource } from "../../../src/sources/jaeger/jaeger-source.js";
import { systemClock as clock } from "../../../src/telemetry/clock.js";
import type { UpstreamCall } from "../../../src/telemetry/source.js";
import type { TraceSource } from "../../../src/telemetry/trace-source.js";
import { type FaultServer, startFaultServer } from "../../support/fault-server.js";

const config = { name: "jaeger-east", cluster: null, isShard: false };
const traceId = "0af7651916cd43dd8448eb211c80319c";
const query = {
  serviceName: "reviews",
  window: { fromMs: 1_700_000_000_000, toMs: 1_700_000_600_000 },
  minDurationMs: null,
  maxDurationMs: null,
  errorsOnly: false,
  tags: {},
  limit: 20,
};
const page = "<!DOCTYPE html><title>Jaeger UI</title>";
const jsonTrace = {
  traceID: traceId,
  spans: [{ traceID: traceId, spanID: "1", startTime: 1, duration: 1, processID: "p1" }],
  processes: { p1: { serviceName: "reviews" } },
};
const v3Trace = {
  result: {
    resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [{ traceId, spanId: "1", startTimeUnixNano: "1000" }] }] }],
  },
};

/** A server that answers the given paths with JSON, and the rest with a plain 404 or, as servers before 2.16, with the UI's page. */
const server =
  (routes: Record<string, [number, unknown]>, isOld = false): RequestListener =>
  (request, response) => {
    const [status, body] =
      routes[new URL(request.url ?? "/", "http://h").pathname] ?? (isOld ? [200, page] : [404, "404 page not found"]);
    response.writeHead(status);
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
const required = { error: { httpCode: 400, message: "query.startTimeMin and query.startTimeMax are required" } };
const jaeger1 = server(
  {
    "/api/services": [200, { data: ["reviews"] }],
    "/api/traces": [200, { data: [jsonTrace] }],
    "/api/v3/services": [200, {}],
  },
  true,
);
const jaeger2 = server({
  "/api/v3/trace-summaries": [400, required],
  "/api/v3/services": [200, { services: ["reviews"] }],
  "/api/v3/traces": [200, v3Trace],
});

describe("the choice of Jaeger's API", () => {
  let backend: FaultServer;
  let source: TraceSource;
  let calls: UpstreamCall[];
  const options = () => ({
    signal: new AbortController().signal,
    deadlineMs: Date.now() + 20_000,
    onUpstreamCall: (call: UpstreamCall) => calls.push(call),
  });
  const search = async () => (await source.search(query, options())).traces.map((trace) => trace.traceId);
  const paths = () => calls.splice(0).map((call) => call.query.replace(/\?.*/, ""));

  beforeEach(async () => {
    calls = [];
    backend = await startFaultServer();
    source = createJaegerSource({
      config,
      http: createHttpClient({ name: config.name, url: backend.url }, { clock }),
      clock,
    });
  });
  afterEach(async () => {
    await source.close();
    await backend.close();
  });

  test("an old server, which answers unknown paths with its UI, is asked over the old JSON API", async () => {
    backend.behave({ kind: "handler", handle: jaeger1 });
    expect(await search()).toEqual([traceId]);
    expect(paths()).toEqual(["/api/v3/trace-summaries", "/api/services", "/api/traces"]);
  });

  test("a new server is asked over v3, and the choice is remembered", async () => {
    backend.behave({ kind: "handler", handle: jaeger2 });
    expect([await search(), await search()]).toEqual([[traceId], [traceId]]);
    expect(paths()).toEqual(["/api/v3/trace-summaries", "/api/v3/traces", "/api/v3/traces"]);
  });

  test.each([
    ["upgraded", jaeger1, jaeger2],
    ["put back to an old version", jaeger2, jaeger1],
  ])("a server that is %s goes on serving without a restart", async (_, before, after) => {
    backend.behave({ kind: "handler", handle: before });
    await search();
    backend.behave({ kind: "handler", handle: after });
    expect(await search()).toEqual([traceId]);
  });

  test("a refused query is told in Jaeger's words", async () => {
    const refusal = { error: { httpCode: 400, message: "malformed parameter query.durationMin" } };
    backend.behave({
      kind: "handler",
      handle: server({ "/api/v3/trace-summaries": [400, required], "/api/v3/traces": [400, refusal] }),
    });
    await expect(search()).rejects.toMatchObject({
      code: "MESHLENS_ERR_SOURCE_QUERY_REFUSED",
      message: expect.stringContaining("malformed parameter query.durationMin"),
    });
  });

  test("v3's 404 is nothing found, a 404 of the route is an error", async () => {
    const none = { error: { httpCode: 404, message: "No traces found" } };
    const routes = { "/api/v3/trace-summaries": [400, required] as [number, unknown] };
    backend.behave({ kind: "handler", handle: server({ ...routes, "/api/v3/traces": [404, none] }) });
    expect(await search()).toEqual([]);
    backend.behave({ kind: "handler", handle: server(routes) });
    await expect(search()).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_STATUS", details: { status: 404 } });
  });

  test("v3 is asked for at most 20 traces, four at a time, each once", async () => {
    let open = 0;
    let most = 0;
    backend.behave({
      kind: "handler",
      handle: (request, response) => {
        if (!request.url?.startsWith("/api/v3/traces/")) return jaeger2(request, response);
        most = Math.max(most, ++open);
        setTimeout(() => {
          open -= 1;
          response.writeHead(404).end('{"error":{"httpCode":404,"message":"No traces found"}}');
        }, 5);
      },
    });
    const ids = Array.from({ length: 25 }, (_, n) => (n + 1).toString(16));
    const batch = await source.getTraces([...ids, ...ids], null, options());
    expect(batch).toMatchObject({ traces: [], isCut: true, warnings: [expect.stringMatching(/^5 further traces/)] });
    expect(paths().filter((path) => path.startsWith("/api/v3/traces/"))).toHaveLength(20);
    expect(most).toBe(4);
  });

  test("an answer above a megabyte, decoded off the loop, is the answer", async () => {
    const many = Array.from({ length: 1500 }, (_, n) => {
      const traceID = (n + 1).toString(16).padStart(32, "0");
      const span = {
        traceID,
        spanID: "1",
        operationName: "x".repeat(700),
        startTime: n * 1000,
        duration: 5,
        processID: "p1",
      };
      return {
        traceID,
        spans: [span, { ...span, spanID: n === 7 ? "?" : "2" }],
        processes: { p1: { serviceName: "reviews", tags: [] } },
      };
    });
    backend.behave({
      kind: "handler",
      handle: server({ "/api/services": [200, { data: [] }], "/api/traces": [200, { data: many }] }, true),
    });
    const batch = await source.search({ ...query, limit: 1000 }, options());
    expect(batch).toMatchObject({ isCut: true, traces: { length: 1000 } });
    expect(batch.warnings).toEqual([expect.stringContaining("data[7].spans[1].spanID")]);
    expect(batch.traces[0]).toMatchObject({
      traceId: "5dc".padStart(32, "0"),
      spans: [{ startMs: 1499, operation: "x".repeat(700) }, {}],
    });
  });

  test("a large answer of another kind is told as such from the worker too", async () => {
    backend.behave({
      kind: "handler",
      handle: server(
        { "/api/services": [200, { data: [] }], "/api/traces": [200, `<html>${"x".repeat(2_000_000)}`] },
        true,
      ),
    });
    await expect(search()).rejects.toMatchObject({
      code: "MESHLENS_ERR_SOURCE_DECODE",
      message: expect.stringContaining("HTML instead of JSON"),
    });
  });
});
