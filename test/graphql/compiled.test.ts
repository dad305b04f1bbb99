import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { bookinfoLogs, bookinfoTraces, deadPrometheus, slowTraceId } from "./support/bookinfo-sources.js";
import { aroundT0, exampleQuery, type GraphqlServer, startGraphql } from "./support/graphql-server.js";

const reviews = { namespace: "bookinfo", name: "reviews" };
const questions = [
  ["services", { range: aroundT0 }],
  ["service-page", { service: reviews, range: aroundT0 }],
  ["service-graph", { range: aroundT0 }],
  ["trace", { traceId: slowTraceId, range: aroundT0 }],
  ["slos", {}],
  ["alerts", {}],
] as const;

/** An answer without what differs from run to run: times taken, cost and the port in messages. */
function steady(answer: object): unknown {
  return JSON.parse(JSON.stringify(answer), (key, value) =>
    ["latencyMs", "upstreamCalls", "retryAfterMs", "message"].includes(key) ? undefined : value,
  );
}

describe("compiled operations", () => {
  let compiled: GraphqlServer;
  let plain: GraphqlServer;
  beforeAll(async () => {
    const sources = async () => ({
      metricSources: [await deadPrometheus()],
      traceSources: [bookinfoTraces()],
      logSources: [bookinfoLogs()],
    });
    compiled = await startGraphql(await sources());
    plain = await startGraphql(await sources(), { options: { jit: false } });
  });
  afterAll(async () => {
    await compiled.close();
    await plain.close();
  });

  test.each(questions)("%s answers the same at every run as without compiling", async (name, variables) => {
    const question = { query: exampleQuery(name), variables };
    const expected = steady(await plain.ask(question));
    for (let run = 0; run < 6; run += 1) {
      expect(steady(await compiled.ask(question))).toEqual(expected);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(steady(await plain.ask(question))).toEqual(expected);
  });

  test("fragments, aliases, __typename, @skip and @include work compiled and not", async () => {
    const query = `query($id: TraceId!, $no: Boolean!, $range: RangeInput) {
      __typename
      one: trace(traceId: $id, range: $range) { ...T again: traceId spanCount @skip(if: $no) }
      two: trace(traceId: $id, range: $range) { ... on Trace @include(if: $no) { spanCount } ... { errorCount } }
    } fragment T on Trace { __typename traceId root { service { __typename ref { name } } } }`;
    for (const no of [true, false, true, false, true, false]) {
      const question = { query, variables: { id: "D1", no, range: aroundT0 } };
      const answer = await compiled.ask(question);
      expect(steady(answer)).toEqual(steady(await plain.ask(question)));
      expect(answer.data).toMatchObject({ __typename: "Query", one: { again: slowTraceId, __typename: "Trace" } });
      const { one, two } = answer.data as Record<string, Record<string, unknown>>;
      expect([one && "spanCount" in one, two && "spanCount" in two]).toEqual([!no, no]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
});

describe("the service page over a dead Prometheus", () => {
  let server: GraphqlServer;
  beforeAll(async () => {
    server = await startGraphql({
      metricSources: [await deadPrometheus()],
      traceSources: [bookinfoTraces()],
      logSources: [bookinfoLogs()],
    });
  });
  afterAll(() => server.close());

  test("keeps traces, logs and their joins, and says once who is dead, with its path", async () => {
    const variables = { service: reviews, range: aroundT0 };
    const answer = await server.ask({ query: exampleQuery("service-page"), variables });
    expect(answer.status).toBe(200);
    expect(answer.errors).toEqual([
      {
        message: expect.stringContaining("prometheus"),
        path: expect.arrayContaining(["service"]),
        extensions: { code: "SOURCE_UNAVAILABLE", source: "prometheus" },
      },
    ]);
    expect(answer.data?.["service"]).toMatchObject({
      ref: { cluster: "default", ...reviews },
      window: { from: aroundT0.absolute.from, to: aroundT0.absolute.to, stepMs: 60_000 },
      golden: {
        sources: [{ name: "prometheus", kind: "PROMETHEUS", state: "UNAVAILABLE" }],
        requestCount: null,
        requestRate: null,
        errorRatio: null,
        latency: null,
        failures: null,
        absence: "SOURCE_DOWN",
        server: { requestCount: null },
      },
      dependencies: { sources: [{ state: "UNAVAILABLE" }], edges: null },
      traces: {
        sources: [{ name: "jaeger", state: "OK" }],
        nodes: [
          {
            traceId: slowTraceId,
            foundIn: ["jaeger"],
            logs: { match: "TRACE_ID", nodes: [{ message: "ratings did not answer" }, { message: "trying again" }] },
          },
        ],
      },
      logs: {
        totalCount: { value: 2, relation: "EQ" },
        nodes: [
          { level: "WARN", trace: { traceId: slowTraceId } },
          { level: "ERROR", trace: { traceId: slowTraceId } },
        ],
        pageInfo: { hasNextPage: false, endCursor: null },
      },
      health: { sources: [{ kind: "KUBERNETES", state: "NOT_CONFIGURED" }], state: "UNKNOWN", workloads: null },
      changes: { sources: [{ kind: "KUBERNETES", state: "NOT_CONFIGURED" }], nodes: null },
      slos: null,
      alerts: { nodes: null },
    });
  });

  test("asks only what is selected", async () => {
    const query = `query($service: ServiceRefInput!, $range: RangeInput) { service(ref: $service, range: $range) { logs(first: 1) { nodes { message } pageInfo { hasNextPage endCursor } } } }`;
    const answer = await server.ask({ query, variables: { service: reviews, range: aroundT0 } });
    expect(answer.data).toMatchObject({
      service: { logs: { nodes: [{ message: "GET /reviews/0 200" }], pageInfo: { hasNextPage: true } } },
    });
    expect(answer.errors).toBeUndefined();
  });

  test("pages through logs by cursor without loss or repeat", async () => {
    const query = `query($service: ServiceRefInput!, $range: RangeInput, $after: Cursor) { service(ref: $service, range: $range) { logs(first: 1, after: $after) { nodes { message } pageInfo { hasNextPage endCursor } } } }`;
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const answer = await server.ask({ query, variables: { service: reviews, range: aroundT0, after } });
      const { logs } = (answer.data as { service: { logs: Page } }).service;
      seen.push(...logs.nodes.map((node) => node.message));
      after = logs.pageInfo.hasNextPage ? logs.pageInfo.endCursor : null;
    } while (after !== null && seen.length < 10);
    expect(seen).toEqual(["GET /reviews/0 200", "trying again", "ratings did not answer"]);
  });
});

interface Page {
  readonly nodes: readonly { readonly message: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
