import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { addIstioPair, createTestMetrics, memorySource, testWindow } from "../support/mesh-metrics.js";
import { deadZipkin } from "./support/bookinfo-sources.js";
import { exampleQuery, type GraphqlServer, startGraphql } from "./support/graphql-server.js";

const range = {
  absolute: { from: new Date(testWindow.fromMs).toISOString(), to: new Date(testWindow.toMs).toISOString() },
};
const nameOf = (index: number) => `s${String(index).padStart(3, "0")}`;

/** A mesh in which each service is called by the next, service i 100 (i + 1) times, every tenth call of which fails. */
function chain(count: number) {
  const metrics = createTestMetrics();
  for (let i = 0; i < count; i += 1) {
    const calls = { source: nameOf(i + 1), service: nameOf(i), workload: nameOf(i) };
    addIstioPair(metrics, { ...calls, count: 90 * (i + 1), ms: 20 });
    addIstioPair(metrics, { ...calls, count: 10 * (i + 1), code: "503", ms: 20 });
  }
  return memorySource(metrics);
}

interface Services {
  readonly nodes: readonly {
    readonly ref: { readonly name: string };
    readonly golden: { readonly requestCount: number };
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

function upstreamCalls(extensions: unknown): number {
  return (extensions as { cost: { upstreamCalls: number } }).cost.upstreamCalls;
}

describe("lists over a mesh of 100 services", () => {
  let server: GraphqlServer;
  beforeAll(async () => {
    server = await startGraphql({ metricSources: [chain(100)], traceSources: [await deadZipkin()] });
  });
  afterAll(() => server.close());

  test("a page of services has each service's own numbers", async () => {
    const answer = await server.ask({ query: exampleQuery("services"), variables: { range, first: 3 } });
    expect(answer.errors).toBeUndefined();
    expect(answer.data?.["services"]).toMatchObject({
      window: { from: range.absolute.from, to: range.absolute.to },
      sources: [{ name: "prometheus", kind: "PROMETHEUS", state: "OK", message: null }],
      nodes: [0, 1, 2].map((i) => ({
        ref: { namespace: "bookinfo", name: nameOf(i) },
        mesh: "ISTIO",
        golden: {
          requestCount: 100 * (i + 1),
          requestRate: { value: expect.closeTo((100 * (i + 1)) / 600), unit: "REQUESTS_PER_SECOND" },
          errorRatio: { value: expect.closeTo(0.1), unit: "RATIO" },
          clientErrorRatio: { value: 0 },
          latency: [{ quantile: 0.5, unit: "MILLISECONDS" }, { quantile: 0.95 }, { quantile: 0.99 }],
          absence: null,
        },
      })),
      pageInfo: { hasNextPage: true },
    });
  });

  test("pages run through every service once, in order", async () => {
    const query =
      "query($range: RangeInput, $after: Cursor) { services(range: $range, first: 33, after: $after) { nodes { ref { name } golden { requestCount } } pageInfo { hasNextPage endCursor } } }";
    const names: string[] = [];
    let after: string | null = null;
    do {
      const answer = await server.ask({ query, variables: { range, after } });
      const page = answer.data?.["services"] as Services;
      names.push(...page.nodes.map((node) => node.ref.name));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null && names.length < 1000);
    expect(names.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, i) => nameOf(i)));
  });

  test("a ranking is by the measure, largest first, without cursors", async () => {
    const query =
      "query($range: RangeInput) { services(range: $range, top: { by: FAILED_COUNT, n: 2 }) { nodes { ref { name } golden { requestCount } } edges { cursor } pageInfo { hasNextPage endCursor } } }";
    expect((await server.ask({ query, variables: { range } })).data?.["services"]).toEqual({
      nodes: [99, 98].map((i) => ({ ref: { name: nameOf(i) }, golden: { requestCount: 100 * (i + 1) } })),
      edges: [{ cursor: null }, { cursor: null }],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });

  test("a dead trace source read by 100 services is one error, and each service keeps its sources", async () => {
    const query =
      "query($range: RangeInput) { services(range: $range, first: 100) { nodes { traces(first: 1) { sources { state } nodes { traceId } } } } }";
    const answer = await server.ask({ query, variables: { range } });
    expect(answer.errors).toMatchObject([
      {
        path: ["services", "nodes", expect.any(Number), "traces", "nodes"],
        extensions: { code: "SOURCE_UNAVAILABLE", source: "zipkin" },
      },
    ]);
    const nodes = (answer.data as { services: { nodes: unknown[] } }).services.nodes;
    expect(nodes).toHaveLength(100);
    for (const node of nodes) expect(node).toEqual({ traces: { sources: [{ state: "UNAVAILABLE" }], nodes: null } });
  });

  test("a node of the graph has the id of its service, which node(id:) finds again", async () => {
    const query =
      "query($range: RangeInput) { serviceGraph(range: $range) { truncated nodes { id kind label service { id ref { name } } } edges { source { id } destination { id } golden { requestCount } } } }";
    const graph = (await server.ask({ query, variables: { range } })).data?.["serviceGraph"] as {
      nodes: { id: string; kind: string; label: string; service: { id: string; ref: { name: string } } | null }[];
      edges: { source: { id: string }; destination: { id: string } }[];
    };
    expect(graph.edges).toHaveLength(100);
    const ids = new Set(graph.nodes.map((node) => node.id));
    for (const edge of graph.edges) expect(ids.has(edge.source.id) && ids.has(edge.destination.id)).toBe(true);
    const node = graph.nodes.find((one) => one.service?.ref.name === "s042");
    expect(node?.id).toBe(node?.service?.id);
    const found = await server.ask({
      query:
        "query($id: ID!, $range: RangeInput) { node(id: $id, range: $range) { id ... on Service { golden { requestCount } } } }",
      variables: { id: node?.id, range },
    });
    expect(found.data).toEqual({ node: { id: node?.id, golden: { requestCount: 4300 } } });
  });
});

describe("the number of upstream calls", () => {
  test.each(["services", "service-graph"])("of %s does not grow with the mesh, compiled or not", async (name) => {
    const counts = new Set<unknown>();
    for (const size of [10, 100]) {
      for (const jit of [true, false]) {
        const server = await startGraphql({ metricSources: [chain(size)] }, { options: { jit } });
        const variables = name === "services" ? { range, first: 100 } : { range };
        await server.ask({ query: exampleQuery(name), variables });
        for (let run = 0; run < 4; run += 1) {
          const answer = await server.ask({ query: exampleQuery(name), variables });
          expect(answer.errors).toBeUndefined();
          counts.add(upstreamCalls(answer.extensions));
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        await server.close();
      }
    }
    expect(counts.size).toBe(1);
    expect(Math.max(...([...counts] as number[]))).toBeLessThanOrEqual(8);
  });

  test("is what the selection needs: a list of names asks no measure", async () => {
    const server = await startGraphql({ metricSources: [chain(10)] });
    const calls = async (selection: string) => {
      const query = `query($range: RangeInput) { services(range: $range) { ${selection} } }`;
      const { errors, extensions } = await server.ask({ query, variables: { range } });
      expect(errors).toBeUndefined();
      return upstreamCalls(extensions);
    };
    await calls("nodes { ref { name } }");
    expect(await calls("window { from }")).toBe(0);
    const names = await calls("nodes { ref { name } }");
    expect(await calls("nodes { golden { requestCount @include(if: false) } }")).toBe(names);
    expect(await calls("nodes { golden { requestCount } }")).toBe(names + 1);
    await server.close();
  });
});
