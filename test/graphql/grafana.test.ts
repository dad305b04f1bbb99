import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { addIstioPair, createTestMetrics, memorySource, testWindow } from "../support/mesh-metrics.js";
import { t0 } from "../support/spans.js";
import { bookinfoLogs, bookinfoTraces, deadPrometheus, slowTraceId } from "./support/bookinfo-sources.js";
import { exampleQuery, type GraphqlServer, startGraphql } from "./support/graphql-server.js";

const quoted = 'odd "one"';
const range = `from: "${testWindow.fromMs}", to: "${testWindow.toMs}"`;
const serviceColumns =
  "cluster namespace service mesh requestsPerSecond errorRatio p95Ms absence sloState budgetRemaining status";
const nodeColumns =
  "id title mainstat secondarystat arc__ok arc__client arc__failed arc__nodata detail__p95ms truncated status";
const edgeColumns = "id source target mainstat secondarystat thickness color truncated status";

type Row = Readonly<Record<string, unknown>>;

function shop() {
  const metrics = createTestMetrics();
  addIstioPair(metrics, {
    source: "istio-ingressgateway",
    service: "productpage",
    workload: "productpage-v1",
    count: 600,
    ms: 20,
  });
  addIstioPair(metrics, { source: "productpage-v1", service: "reviews", workload: "reviews-v1", count: 540, ms: 20 });
  addIstioPair(metrics, {
    source: "productpage-v1",
    service: "reviews",
    workload: "reviews-v1",
    count: 60,
    code: "503",
    ms: 20,
  });
  addIstioPair(metrics, { source: "productpage-v1", service: quoted, workload: "odd-v1", count: 60, ms: 20 });
  return memorySource(metrics);
}

describe("rows for Grafana", () => {
  let server: GraphqlServer;
  beforeAll(async () => {
    server = await startGraphql({ metricSources: [shop()] });
  });
  afterAll(() => server.close());

  async function rows(list: string, columns: string, args = range): Promise<readonly Row[]> {
    const name = /^\w+/.exec(list)?.[0] ?? "";
    const answer = await server.ask({ query: `{ grafana(${args}) { ${list} { ${columns} } } }` });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.errors).toBeUndefined();
    return (answer.data as { grafana: Record<string, Row[]> }).grafana[name] ?? [];
  }

  test("the service table has the API's own numbers", async () => {
    const table = await rows("services", serviceColumns);
    const absolute = { from: new Date(testWindow.fromMs).toISOString(), to: new Date(testWindow.toMs).toISOString() };
    const api = await server.ask({ query: exampleQuery("services"), variables: { range: { absolute }, first: 100 } });
    type Node = { ref: { name: string }; golden: { requestRate: { value: number }; errorRatio: { value: number } } };
    const { nodes } = (api.data as { services: { nodes: Node[] } }).services;
    expect(table.map(({ service, requestsPerSecond, errorRatio }) => [service, requestsPerSecond, errorRatio])).toEqual(
      nodes.map(({ ref, golden }) => [ref.name, golden.requestRate?.value ?? null, golden.errorRatio?.value ?? null]),
    );
    expect(table.find(({ service }) => service === "reviews")).toMatchObject({
      namespace: "bookinfo",
      mesh: "ISTIO",
      requestsPerSecond: 1,
      errorRatio: expect.closeTo(0.1),
      sloState: null,
      status: "OK",
    });
  });

  test("the graph's two frames fit each other, and its columns are those of the panel", async () => {
    const nodes = await rows("nodes", nodeColumns);
    const edges = await rows("edges", edgeColumns);
    const ids = nodes.map(({ id }) => id);
    expect(edges.length).toBeGreaterThan(2);
    for (const { source, target } of edges) expect(ids).toEqual(expect.arrayContaining([source, target]));
    expect(nodes.find(({ title }) => title === "reviews")).toMatchObject({
      mainstat: "1 req/s",
      secondarystat: "10 % failed",
      arc__failed: expect.closeTo(0.1),
      truncated: false,
    });
  });

  test("a capped graph says so in both frames", async () => {
    const [nodes, edges] = [
      await rows("nodes(maxNodes: 2)", nodeColumns),
      await rows("edges(maxNodes: 2)", edgeColumns),
    ];
    expect(nodes.map(({ truncated }) => truncated)).toEqual([true, true]);
    for (const { truncated } of edges) expect(truncated).toBe(true);
  });

  test("a series has a row for each point of each service", async () => {
    const points = await rows(
      'series(measure: ERROR_RATIO, service: "reviews", maxPoints: 2)',
      "time service value status",
    );
    expect(points.length).toBeGreaterThanOrEqual(2);
    expect(points.at(-1)).toMatchObject({ service: "reviews", value: expect.closeTo(0.1), status: "OK" });
    const times = points.map(({ time }) => Number(time));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test("a name with quotes is asked for percent-encoded, and found", async () => {
    const one = await rows(`services(service: "${encodeURIComponent(quoted)}")`, serviceColumns);
    expect(one.map(({ service }) => service)).toEqual([quoted]);
  });

  test("a variable's values are sorted and each there once", async () => {
    expect(await rows("values(of: NAMESPACE)", "value text")).toEqual([{ value: "bookinfo", text: "bookinfo" }]);
    const services = (await rows("values(of: SERVICE)", "value")).map(({ value }) => value);
    expect(services).toEqual([...services].sort());
    expect(services).toContain("reviews");
  });

  // The second is what Grafana sends for a variable that the dashboard does not have.
  test.each(['mesh: "linkerd"', `namespace: "$${"{nothing:percentencode}"}"`, 'cluster: "elsewhere"'])(
    "%s matches nothing and is no error",
    async (choice) => {
      expect(await rows("services", serviceColumns, `${range}, ${choice}`)).toEqual([]);
      expect(await rows("nodes", nodeColumns, `${range}, ${choice}`)).toEqual([]);
    },
  );

  test.each(['mesh: "All", cluster: "", namespace: ".%2A"', 'mesh: "Istio", namespace: "$__all"'])(
    "%s chooses everything",
    async (choice) => {
      expect((await rows("services", serviceColumns, `${range}, ${choice}`)).length).toBeGreaterThanOrEqual(3);
    },
  );

  test("an instant may be ISO, and all viewers within 15 s share the answer", async () => {
    const iso = new Date(testWindow.toMs + 7_000).toISOString();
    const later = `from: "${testWindow.fromMs + 7_000}", to: "${iso}"`;
    expect(await rows("services", serviceColumns, later)).toEqual(await rows("services", serviceColumns));
  });

  test.each([
    ['from: "yesterday"', "GrafanaTime"],
    [`from: "${testWindow.toMs}", to: "${testWindow.fromMs}"`, "ends before it begins"],
    ['mesh: "consul"', "There is no such mesh"],
    [`namespace: "${"x".repeat(300)}"`, "300 characters"],
  ])("%s is refused before anything is asked", async (args, words) => {
    const answer = await server.ask({ query: `{ grafana(${args}) { services { service } } }` });
    expect(answer.status).toBe(400);
    expect(answer.errors?.[0]?.message).toContain(words);
  });

  test("what has no source or no objectives has no rows and no error", async () => {
    for (const list of ["slos", "sloHistory", "burns", "alerts", "changes", 'logs(service: "reviews")']) {
      expect(await rows(list, "status")).toEqual([]);
    }
  });
});

describe("rows for Grafana while a source is down", () => {
  const aroundT0 = `from: "${t0 - 1_800_000}", to: "${t0 + 1_800_000}", namespace: "bookinfo"`;
  let server: GraphqlServer;
  beforeAll(async () => {
    const sources = {
      metricSources: [await deadPrometheus()],
      traceSources: [bookinfoTraces()],
      logSources: [bookinfoLogs()],
    };
    server = await startGraphql(sources);
  });
  afterAll(() => server.close());

  test("502 where every source of the rows is down, because Grafana sees nothing else", async () => {
    for (const list of ["services { service }", "nodes { id }", "edges { id }", "values(of: SERVICE) { value }"]) {
      const answer = await server.ask({ query: `{ grafana { ${list} } }` });
      expect(answer).toMatchObject({ status: 502, errors: [{ extensions: { code: "SOURCE_UNAVAILABLE" } }] });
    }
  });

  test("200 for the same question beside another root: only Grafana needs the exception", async () => {
    const answer = await server.ask({ query: "{ grafana { services { service } } sources { name } }" });
    expect(answer.status).toBe(200);
  });

  test("the banner tells which source is down", async () => {
    const answer = await server.ask({ query: "{ grafana { sources { name state status } } }" });
    expect(answer.status).toBe(200);
    expect(answer.data?.["grafana"]).toMatchObject({
      sources: expect.arrayContaining([
        { name: "prometheus", state: "UNAVAILABLE", status: expect.stringContaining("prometheus UNAVAILABLE: ") },
      ]),
    });
  });

  test("the other pillars answer, and their rows say what is missing", async () => {
    const query = `{ grafana(${aroundT0}) {
      logs(service: "reviews") { timestamp body level id traceId kibanaUrl status }
      traces(service: "reviews") { traceId startTime durationMs errorCount services url status }
    } }`;
    const answer = await server.ask({ query });
    expect(answer.status).toBe(200);
    expect(answer.data?.["grafana"]).toMatchObject({
      logs: [
        { body: expect.any(String), level: "info", traceId: null },
        { level: "warning", traceId: slowTraceId },
        { level: "error", body: "ratings did not answer", status: expect.stringContaining("prometheus UNAVAILABLE") },
      ],
      traces: [{ traceId: slowTraceId, startTime: t0, status: expect.stringContaining("prometheus UNAVAILABLE") }],
    });
  });
});
