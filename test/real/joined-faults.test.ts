import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { ProxyFault } from "../support/recording-proxy.js";
import { waitUntil } from "../support/wait-until.js";
import type { ServicePage, Status } from "./joined-answers.js";
import {
  type Answer,
  bookinfo,
  type Generation,
  generationNames,
  type JoinedMesh,
  range,
  type SourceName,
  sourceNames,
  startJoined,
} from "./joined-mesh.js";

type Page = Answer<{ readonly service: ServicePage }>;

/** A user's configuration; of short patience where silence is to be told before the test's own is over. */
const configuration = (isSilent: boolean) => {
  const [requestTimeoutMs, timeoutMs] = isSilent ? [5_000, 3_000] : [30_000, 20_000];
  return `
server: { requestTimeoutMs: ${requestTimeoutMs} }
sources:
  - { name: prometheus, kind: prometheus, url: "\${PROMETHEUS_URL}", timeoutMs: ${timeoutMs} }
  - { name: jaeger, kind: jaeger, url: "\${JAEGER_URL}", timeoutMs: ${timeoutMs} }
  - { name: zipkin, kind: zipkin, url: "\${ZIPKIN_URL}", timeoutMs: ${timeoutMs} }
  - { name: logs, kind: elasticsearch, url: "\${ELASTICSEARCH_URL}", timeoutMs: ${timeoutMs} }
`;
};

const html = "<html><title>Log in</title></html>";
const faults: readonly (readonly [title: string, fault: ProxyFault, state: string])[] = [
  ["refuses connections", { kind: "refuse" }, "UNAVAILABLE"],
  ["is silent", { kind: "silence" }, "TIMEOUT"],
  ["answers 500", { kind: "answer", status: 500, body: "secret stack trace" }, "UNAVAILABLE"],
  [
    "answers with a login page",
    { kind: "answer", headers: { "content-type": "text/html" }, body: html },
    "UNAVAILABLE",
  ],
  ["resets its answers half way", { kind: "cut" }, "UNAVAILABLE"],
  ["asks to wait", { kind: "answer", status: 429, headers: { "retry-after": "1" }, body: "{}" }, "RATE_LIMITED"],
];
/** Every fault of every source; by turns over the older and the newer servers, which saves half of the time. */
const cases = sourceNames.flatMap((source, s) =>
  faults.map(([title, fault, state], f) => {
    const generation = generationNames[(s + f) % generationNames.length] as Generation;
    return { source, title, fault, state, generation };
  }),
);
const newest = generationNames.at(-1) as Generation;

/** Prometheus adds floats in any order: the last digits differ from one answer to the next. */
function rounded<T>(value: T): T {
  const round = (_: string, item: unknown) => (typeof item === "number" ? Number(item.toPrecision(9)) : item);
  return JSON.parse(JSON.stringify(value, round)) as T;
}

/** The page by pillar, without what one run differs from another in. */
function pillarsOf({ golden, dependencies, traces, logs, logVolume }: ServicePage) {
  return rounded({
    metrics: { golden: { ...golden, sources: [] }, edges: dependencies.edges },
    traces: traces.nodes?.map(({ links: _, foundIn: __, logs: ___, ...trace }) => trace) ?? null,
    foundIn: traces.nodes?.map(({ foundIn }) => foundIn) ?? null,
    linesOfTraces: traces.nodes?.map(({ logs: { match, nodes } }) => ({ match, nodes })) ?? null,
    lines: logs.nodes && { total: logs.totalCount, nodes: logs.nodes.map(({ trace: _, ...line }) => line) },
    tracesOfLines: logs.nodes?.map(({ trace }) => trace) ?? null,
    volume: logVolume.byLevel,
  });
}

/** State of each source, the worst of the pillars that name it. */
function statesOf({ golden, dependencies, traces, logs, logVolume }: ServicePage): Record<string, string> {
  const states: Record<string, string> = {};
  const all = [golden.sources ?? [], dependencies.sources, traces.sources, logs.sources, logVolume.sources];
  for (const { name, state } of all.flat()) if (state !== "OK" || !(name in states)) states[name] = state;
  return states;
}

const butFor = (dead: SourceName) => (foundIn: readonly string[]) => foundIn.filter((name) => name !== dead);
const allOk = { prometheus: "OK", jaeger: "OK", zipkin: "OK", logs: "OK" };
const nothing = { requestCount: null, requestRate: null, errorRatio: null, latency: null, failures: null };

/** What stays of a page whose `source` is dead: its pillar says nothing, everything else is what it was. */
function without(source: SourceName, whole: ReturnType<typeof pillarsOf>) {
  if (source === "prometheus") return { ...whole, metrics: { golden: nothing, edges: null } };
  if (source !== "logs") return { ...whole, foundIn: whole.foundIn?.map(butFor(source)) };
  const unread = whole.linesOfTraces?.map(() => ({ match: null, nodes: null }));
  return { ...whole, linesOfTraces: unread, lines: null, tracesOfLines: null, volume: null };
}

describe("a page over real servers, of which one misbehaves", () => {
  const healthyOf = new Map<Generation, ReturnType<typeof pillarsOf>>();
  let healthy: ReturnType<typeof pillarsOf>;
  let mesh: JoinedMesh;
  const start = async (generation = newest, isSilent = false) => {
    mesh = await startJoined(generation, configuration(isSilent));
    healthy = healthyOf.get(generation) ?? healthy;
  };
  const reviews = async (): Promise<Page> => {
    const page: Page = await mesh.ask("service-page", { service: bookinfo("reviews"), range });
    expect(page.status).toBe(200);
    return page;
  };
  const recovers = async () => {
    let page = await reviews();
    await waitUntil(
      "the page is whole again",
      async () => {
        page = await reviews();
        return page.errors.length === 0 && Object.values(statesOf(page.data.service)).every((state) => state === "OK");
      },
      { limitMs: 30_000 },
    );
    expect(pillarsOf(page.data.service)).toEqual(healthy);
  };

  beforeAll(async () => {
    for (const generation of generationNames) {
      await start(generation);
      const page = await reviews();
      expect({ errors: page.errors, states: statesOf(page.data.service) }).toEqual({ errors: [], states: allOk });
      expect(page.data.service.traces.nodes).toHaveLength(5);
      healthyOf.set(generation, pillarsOf(page.data.service));
      await mesh.close();
    }
  });
  afterEach(() => mesh.close());

  test.each(cases)(
    "$source $title ($generation): its own pillar says so, the others are whole, and all of it when it is well again",
    async ({ source, fault, state, generation }) => {
      await start(generation, fault.kind === "silence");
      // What is learned of the mesh and its backends is known before the trouble begins.
      await mesh.ask("service-page", { service: bookinfo("ratings"), range });
      await mesh.proxies[source].fail(fault);
      const { data, errors } = await reviews();
      expect(statesOf(data.service)).toEqual({ ...allOk, [source]: state });
      expect(pillarsOf(data.service)).toMatchObject(without(source, healthy));
      const hasTwin = source === "jaeger" || source === "zipkin";
      const code = state === "TIMEOUT" ? "SOURCE_TIMEOUT" : "SOURCE_UNAVAILABLE";
      expect(errors.map(({ extensions }) => extensions)).toMatchObject(hasTwin ? [] : [{ code, source }]);
      expect(JSON.stringify({ data, errors })).not.toContain("secret");
      await mesh.proxies[source].recover();
      await recovers();
    },
  );

  test.each(sourceNames)(
    "%s was not there when Meshlens started: the page is an answer, and whole once it is there",
    async (source) => {
      await start();
      await mesh.proxies[source].fail({ kind: "refuse" });
      const reports = await mesh.ask<{ readonly sources: readonly Status[] }>("sources");
      expect(reports).toMatchObject({ status: 200, errors: [] });
      const states = reports.data.sources.map(({ name, state }) => [name, state]);
      expect(Object.fromEntries(states)).toEqual({ ...allOk, [source]: "UNAVAILABLE" });
      const { data } = await reviews();
      expect(statesOf(data.service)).toEqual({ ...allOk, [source]: "UNAVAILABLE" });
      await mesh.proxies[source].recover();
      await recovers();
    },
  );

  test("without Jaeger and Zipkin there are no traces and an error for each; all else is whole", async () => {
    await start();
    await mesh.ask("service-page", { service: bookinfo("ratings"), range });
    await mesh.proxies.jaeger.fail({ kind: "refuse" });
    await mesh.proxies.zipkin.fail({ kind: "answer", status: 500, body: "{}" });
    const { data, errors } = await reviews();
    expect(statesOf(data.service)).toEqual({ ...allOk, jaeger: "UNAVAILABLE", zipkin: "UNAVAILABLE" });
    expect(errors.map(({ extensions }) => extensions)).toMatchObject([{ source: "jaeger" }, { source: "zipkin" }]);
    expect(pillarsOf(data.service)).toMatchObject({
      ...healthy,
      traces: null,
      foundIn: null,
      linesOfTraces: null,
      tracesOfLines: healthy.tracesOfLines?.map(() => null),
    });
    await mesh.proxies.jaeger.recover();
    await mesh.proxies.zipkin.recover();
    await recovers();
  });

  test("without any backend every pillar says so, with one error for each source", async () => {
    await start();
    for (const proxy of Object.values(mesh.proxies)) await proxy.fail({ kind: "refuse" });
    const { data, errors } = await reviews();
    expect(Object.values(statesOf(data.service))).toEqual(sourceNames.map(() => "UNAVAILABLE"));
    expect(errors.map(({ extensions }) => extensions.source).sort()).toEqual([...sourceNames].sort());
    for (const proxy of Object.values(mesh.proxies)) await proxy.recover();
    await recovers();
  });
});
