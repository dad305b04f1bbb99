import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { addIstioPair, createTestMetrics, memorySource, testWindow } from "../support/mesh-metrics.js";
import { deadPrometheus } from "./support/bookinfo-sources.js";
import { everyone, type GraphqlServer, startGraphql } from "./support/graphql-server.js";

const range = `from: "${testWindow.fromMs}", to: "${testWindow.toMs}"`;
const table = `{ grafana(${range}) { services { service namespace requestsPerSecond status } } }`;

/** A source that counts its questions. */
function counted(source: MetricSource) {
  const asked = { count: 0 };
  const query: MetricSource["query"] = (...args) => {
    asked.count += 1;
    return source.query(...args);
  };
  return { asked, source: { ...source, query } };
}

function shop() {
  const metrics = createTestMetrics();
  for (const namespace of ["shop", "bank"]) {
    addIstioPair(metrics, { source: "a-v1", service: "b", workload: "b-v1", count: 600, ms: 20, namespace });
  }
  return counted(memorySource(metrics));
}

describe("rows that many viewers ask for", () => {
  const { asked, source } = shop();
  const time = { nowMs: testWindow.toMs };
  let namespaces: "all" | ReadonlySet<string> = "all";
  let server: GraphqlServer;
  beforeAll(async () => {
    const clock = { nowMs: () => time.nowMs };
    const principalOf = () => ({ ...everyone, visibility: { namespaces } });
    server = await startGraphql({ metricSources: [source], clock }, { clock, principalOf });
  });
  afterAll(() => server.close());

  /** Upstream questions of some viewers at once. */
  async function load(viewers: number, query = table): Promise<number> {
    const before = asked.count;
    const answers = await Promise.all(Array.from({ length: viewers }, () => server.ask({ query })));
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, data: answers[0]?.data ?? {} });
    return asked.count - before;
  }

  test("fifty viewers ask no more upstream than one, at once and within 15 s", async () => {
    const one = await load(1);
    expect(one).toBeGreaterThan(0);
    expect(await load(50)).toBe(0);
    time.nowMs += 15_000;
    expect(await load(50)).toBeLessThanOrEqual(one);
    expect(await load(50)).toBe(0);
  });

  test("the two questions of a node graph are one upstream, sent apart or together", async () => {
    const [nodes, edges] = ["nodes { id detail__p95ms }", "edges { id detail__p95ms }"].map(
      (field) => `{ grafana(${range}) { ${field} } }`,
    );
    time.nowMs += 15_000;
    const before = asked.count;
    const [, drawn] = await Promise.all([server.ask({ query: nodes ?? "" }), server.ask({ query: edges ?? "" })]);
    expect(drawn?.data).toMatchObject({ grafana: { edges: [{}, {}] } });
    const both = asked.count - before;
    time.nowMs += 15_000;
    expect(both).toBe(await load(1, edges));
    expect(await load(1, nodes)).toBe(0);
  });

  test("a viewer who may see less is never answered with another's rows", async () => {
    const seen = async () => {
      const { data } = await server.ask({ query: table });
      return (data as { grafana: { services: { namespace: string }[] } }).grafana.services.map((row) => row.namespace);
    };
    expect(new Set(await seen())).toEqual(new Set(["shop", "bank"]));
    namespaces = new Set(["bank"]);
    expect(new Set(await seen())).toEqual(new Set(["bank"]));
    namespaces = "all";
  });

  test("other columns or arguments are another question", async () => {
    const narrow = table.replace("requestsPerSecond", "p95Ms");
    expect((await server.ask({ query: narrow })).data).not.toEqual((await server.ask({ query: table })).data);
    const named = table.replace("services {", 'services(service: "nobody") {');
    expect((await server.ask({ query: named })).data).toEqual({ grafana: { services: [] } });
  });
});

test("what is dead is told to every viewer, and not kept once it is well again", async () => {
  const { source: well } = shop();
  const dead = await deadPrometheus();
  const state = { isDead: true };
  const now = () => (state.isDead ? dead : well);
  const source: MetricSource = {
    ...well,
    query: (...args) => now().query(...args),
    presentMetrics: (...args) => now().presentMetrics(...args),
  };
  const server = await startGraphql({ metricSources: [source] });
  const answers = await Promise.all([server.ask({ query: table }), server.ask({ query: table })]);
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 502, errors: [{ extensions: { code: "SOURCE_UNAVAILABLE" } }] });
  }
  state.isDead = false;
  expect(await server.ask({ query: table })).toMatchObject({ status: 200 });
  await server.close();
});
