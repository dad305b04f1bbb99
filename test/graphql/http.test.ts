import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { auditServer } from "graphql-http";
import { MeshlensError } from "../../src/errors.js";
import { createHttpClient } from "../../src/http/create-http-client.js";
import { createZipkinSource } from "../../src/sources/zipkin/zipkin-source.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { startFaultServer } from "../support/fault-server.js";
import { listedLogSource } from "../support/listed-log-source.js";
import { waitUntil } from "../support/wait-until.js";
import { bookinfoTraces, deadZipkin, slowTraceId } from "./support/bookinfo-sources.js";
import { aroundT0, type GraphqlServer, startGraphql } from "./support/graphql-server.js";

const traceQuery = "query Look($id: TraceId!, $range: RangeInput) { trace(traceId: $id, range: $range) { spanCount } }";
const traceQuestion = { query: traceQuery, variables: { id: slowTraceId, range: aroundT0 } };

describe("GraphQL over HTTP", () => {
  let server: GraphqlServer;
  let url: string;
  beforeAll(async () => {
    server = await startGraphql({ traceSources: [bookinfoTraces()] }, { options: { debug: true } });
    url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterAll(() => server.close());

  test("passes the audit of graphql-http without an error", async () => {
    const results = await auditServer({ url: `${url}/graphql`, fetchFn: fetch });
    expect(results.length).toBeGreaterThan(50);
    expect(
      results.flatMap((result) => (result.status === "error" ? [`${result.name}: ${result.reason}`] : [])),
    ).toEqual([]);
  });

  test("answers in the media type the client accepts", async () => {
    const query = "{ __typename }";
    const media = "application/graphql-response+json";
    expect((await server.ask({ query })).contentType).toBe("application/json; charset=utf-8");
    expect((await server.ask({ query }, { accept: media })).contentType).toBe(`${media}; charset=utf-8`);
  });

  test("every answer tells its cost and the upstream calls made", async () => {
    expect((await server.ask(traceQuestion)).extensions).toEqual({
      cost: { requested: 1, limit: 1000, upstreamCalls: 1 },
    });
    expect(server.reports.at(-1)).toEqual({
      operationName: "Look",
      operationType: "query",
      durationMs: expect.any(Number),
      errorCodes: [],
      cost: 1,
      upstreamCalls: 1,
    });
  });

  test("the upstream calls are shown to those who may see them and ask", async () => {
    const headers = { "x-meshlens-debug": "true" };
    expect((await server.ask(traceQuestion, headers)).extensions?.["debug"]).toMatchObject({
      calls: [
        { source: "jaeger", query: expect.any(String), rows: 1, durationMs: expect.any(Number), isShared: false },
      ],
    });
    expect((await server.ask(traceQuestion)).extensions?.["debug"]).toBeUndefined();
    for (const given of [
      { options: { debug: false } },
      {
        options: { debug: true },
        principalOf: () => ({ name: "reader", visibility: seeAll, actions: new Set(["read"] as const) }),
      },
    ]) {
      const other = await startGraphql({ traceSources: [bookinfoTraces()] }, given);
      expect((await other.ask(traceQuestion, headers)).extensions?.["debug"]).toBeUndefined();
      await other.close();
    }
  });

  test("paths of errors keep list indexes as numbers", async () => {
    const traceSources = [bookinfoTraces()];
    const logs = await startGraphql({ traceSources, logSources: [failingLogs()] });
    const query =
      "query($id: TraceId!, $range: RangeInput) { trace(traceId: $id, range: $range) { spans { logs { nodes { message } sources { state } } } } }";
    const answer = await logs.ask({ query, variables: traceQuestion.variables });
    expect(answer.errors).toMatchObject([
      { path: ["trace", "spans", expect.any(Number), "logs", "nodes"], extensions: { source: "logs" } },
    ]);
    await logs.close();
  });

  test("one dead source of two costs its status only", async () => {
    const both = await startGraphql({ traceSources: [bookinfoTraces(), await deadZipkin()] });
    const query =
      "query($id: TraceId!, $range: RangeInput) { trace(traceId: $id, range: $range) { spanCount sources { name state } } }";
    const answer = await both.ask({ query, variables: traceQuestion.variables });
    expect(answer.errors).toBeUndefined();
    expect(answer.data?.["trace"]).toMatchObject({
      sources: [
        { name: "jaeger", state: "OK" },
        { name: "zipkin", state: "UNAVAILABLE" },
      ],
    });
    await both.close();
  });

  test("a source that is silent past the deadline is a timeout, and the answer comes", async () => {
    const silent = await startFaultServer();
    silent.behave({ kind: "silence" });
    const http = createHttpClient({ name: "zipkin", url: silent.url }, { clock: systemClock });
    const source = createZipkinSource({
      config: { name: "zipkin", cluster: null, isShard: false },
      http,
      clock: systemClock,
    });
    const slow = await startGraphql({ traceSources: [source] }, { options: { requestTimeoutMs: 150 } });
    expect(await slow.ask(traceQuestion)).toMatchObject({
      status: 200,
      data: { trace: null },
      errors: [{ path: ["trace"], extensions: { code: "SOURCE_TIMEOUT", source: "zipkin" } }],
    });
    await slow.close();
    await source.close();
    await silent.close();
  });

  test("a client that goes away ends the upstream call", async () => {
    const silent = await startFaultServer();
    silent.behave({ kind: "silence" });
    const http = createHttpClient({ name: "zipkin", url: silent.url }, { clock: systemClock });
    const source = createZipkinSource({
      config: { name: "zipkin", cluster: null, isShard: false },
      http,
      clock: systemClock,
    });
    const slow = await startGraphql({ traceSources: [source] }, { options: { requestTimeoutMs: 60_000 } });
    const address = await slow.app.listen({ host: "127.0.0.1", port: 0 });
    const client = new AbortController();
    const body = JSON.stringify(traceQuestion);
    const headers = { "content-type": "application/json" };
    const asked = fetch(`${address}/graphql`, { method: "POST", body, headers, signal: client.signal });
    await waitUntil("the call is under way", () => silent.requestCount() === 1);
    client.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await waitUntil("the call is ended", () => silent.openSockets() === 0);
    await slow.close();
    await source.close();
    await silent.close();
  });
});

/** Logs that are down. */
function failingLogs() {
  const source = listedLogSource([]);
  source.failure = new MeshlensError("MESHLENS_ERR_SOURCE_UNREACHABLE", 'Source "logs" is down.', { source: "logs" });
  return source;
}
