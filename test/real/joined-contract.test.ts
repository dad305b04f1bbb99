import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { encodeOpaque } from "../../src/graphql/opaque.js";
import { readExpected } from "../support/bookinfo/fixture-files.js";
import type { RecordedRequest } from "../support/recording-proxy.js";
import { waitUntil } from "../support/wait-until.js";
import {
  bookinfo,
  type Generation,
  generationNames,
  generations,
  type JoinedMesh,
  queryText,
  range,
  startJoined,
} from "./joined-mesh.js";
import { readTestState } from "./state-file.js";

const state = readTestState();
const services = ["details", "productpage", "ratings", "reviews"];
const reads: readonly (readonly [query: string, variables: object])[] = [
  ["sources", {}],
  ["services", { range }],
  ["service-graph", { range }],
  ...services.map((name) => ["service-page", { service: bookinfo(name), range }] as const),
  ...Object.values(readExpected().traceCases).map((traceId) => ["trace", { traceId, range }] as const),
  ["slos", {}],
  ["alerts", {}],
];

/** What differs from run to run, or names a server. */
const ofThisRun = new Set(["latencyMs", "checkedAt", "version", "url", "cost"]);

/**
 * An answer as its numbers that a rate function estimated, by path, and all the rest. Prometheus 2 and 3 extrapolate differently where a
 * series was born or reset within a rate's range.
 */
function split(answer: unknown): { readonly exact: unknown; readonly estimates: ReadonlyMap<string, number> } {
  const estimates = new Map<string, number>();
  const walk = (value: unknown, path: string): unknown => {
    if (typeof value === "number" && /\.(series\.values|latency)\./.test(path) && !path.endsWith(".quantile")) {
      estimates.set(path, value);
      return "estimated";
    }
    if (Array.isArray(value)) return value.map((item, at) => walk(item, `${path}.${at}`));
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([key]) => !ofThisRun.has(key));
    return Object.fromEntries(kept.map(([key, item]) => [key, walk(item, `${path}.${key}`)]));
  };
  return { exact: walk(answer, ""), estimates };
}

describe("the contract's queries over real servers", () => {
  const meshes = new Map<Generation, JoinedMesh>();
  beforeAll(async () => {
    for (const generation of generationNames) meshes.set(generation, await startJoined(generation));
  });
  afterAll(() => Promise.all([...meshes.values()].map((mesh) => mesh.close())));
  const over = (generation: Generation) => meshes.get(generation) as JoinedMesh;

  test.each(generationNames)("%s: a page asks little of each backend, the first time and after", async (generation) => {
    const { ask, proxies, url: server } = over(generation);
    const count = (requests: readonly RecordedRequest[], sought: RegExp) =>
      requests.filter(({ url, body }) => sought.test(`${url} ${body.toString()}`)).length;
    // Readiness tries every source once after the start; those calls are not the page's.
    await fetch(`${server}/readyz`);
    for (const proxy of Object.values(proxies)) proxy.take();
    for (const name of services) {
      expect(await ask("service-page", { service: bookinfo(name), range })).toMatchObject({ errors: [] });
      const promql = proxies.prometheus.take().filter(({ url }) => /\/query(_range)?$/.test(url));
      expect(promql.length).toBeLessThanOrEqual(8);
      const [jaeger, zipkin, logs] = [proxies.jaeger.take(), proxies.zipkin.take(), proxies.logs.take()];
      expect(count(jaeger, /traces\?service=/)).toBe(1);
      expect(count(zipkin, /traces\?serviceName=/)).toBe(1);
      // Less where an earlier page asked the same.
      expect(count(jaeger, /traces\?traceID=|traces\/[0-9a-f]+/)).toBeLessThanOrEqual(1);
      expect(count(zipkin, /traceMany\?|trace\//)).toBeLessThanOrEqual(1);
      // Lines, counts over time, lines of the traces.
      expect(count(logs, /_m?search /)).toBeLessThanOrEqual(3);
    }
  });

  test("are answered alike over both generations, but for what their rate functions estimate", async () => {
    const [older, newer] = generationNames.map(over) as [JoinedMesh, JoinedMesh];
    let near = 0;
    let all = 0;
    for (const [query, variables] of reads) {
      const [a, b] = [await older.ask(query, variables), await newer.ask(query, variables)];
      expect(a).toMatchObject({ status: 200, errors: [] });
      const [first, second] = [split(a), split(b)];
      expect(second.exact).toEqual(first.exact);
      for (const [path, value] of first.estimates) {
        const other = second.estimates.get(path) ?? Number.NaN;
        const apart = Math.abs(value - other) / Math.max(Math.abs(value), Math.abs(other), 1e-9);
        expect({ path, isNear: apart <= 0.2 }).toEqual({ path, isNear: true });
        if (apart < 1e-6) near += 1;
        all += 1;
      }
    }
    expect(all).toBeGreaterThan(300);
    expect(near / all).toBeGreaterThan(0.8);
  });

  test.each(generationNames)("%s: every source is there with its version", async (generation) => {
    const { prometheus, logs } = generations[generation];
    const source = (name: string, kind: string, { version }: { readonly version: string }) => ({
      name,
      kind,
      cluster: null,
      state: "OK",
      version,
      message: null,
      latencyMs: expect.any(Number),
      checkedAt: expect.stringMatching(/Z$/),
      capabilities: expect.any(Array),
    });
    expect(await over(generation).ask("sources")).toEqual({
      status: 200,
      errors: [],
      extensions: expect.any(Object),
      data: {
        sources: [
          source("prometheus", "PROMETHEUS", state[prometheus]),
          source("jaeger", "JAEGER", state.jaeger),
          source("zipkin", "ZIPKIN", state.zipkin),
          source("logs", "ELASTICSEARCH", state[logs]),
        ],
      },
    });
  });

  test("a service nobody saw is null, without an error", async () => {
    const nobody = { service: bookinfo("nobody"), range };
    const answer = await over(generationNames[0] as Generation).ask("service-page", nobody);
    expect(answer).toMatchObject({ status: 200, errors: [], data: { service: null } });
  });

  test("objectives, alerts, health and changes are not configured, which is no error", async () => {
    const mesh = over(generationNames[0] as Generation);
    const nothing = { nodes: null, pageInfo: { hasNextPage: false, endCursor: null } };
    expect(await mesh.ask("slos")).toMatchObject({ status: 200, errors: [], data: { slos: nothing } });
    expect(await mesh.ask("alerts")).toMatchObject({ status: 200, errors: [], data: { alerts: nothing } });
    const sources = [{ name: "kubernetes", state: "NOT_CONFIGURED" }];
    expect(await mesh.ask("service-page", { service: bookinfo("reviews"), range })).toMatchObject({
      errors: [],
      data: {
        service: {
          health: { sources, state: "UNKNOWN", workloads: null },
          changes: { sources, nodes: null },
          slos: null,
          alerts: { nodes: null },
        },
      },
    });
  });

  test.each([
    ["Acknowledge", "acknowledgeAlert", "alert"],
    ["Silence", "silenceAlert", "alert"],
    ["Retry", "retryDelivery", "delivery"],
  ])("the action %s is understood and says why it does nothing", async (operation, field, kind) => {
    const id = encodeOpaque({ kind, parts: ["1"] });
    const variables = operation === "Silence" ? { id, for: "1h" } : { id };
    const answer = await over(generationNames[0] as Generation).ask("alert-actions", variables, operation);
    expect(answer).toMatchObject({ status: 200, errors: [] });
    expect(answer.data).toMatchObject({
      [field]: { [kind]: null, userErrors: [{ field: ["input", `${kind}Id`], code: "NOT_CONFIGURED" }] },
    });
  });

  test("the subscription is accepted over graphql-transport-ws", async () => {
    const url = `${over(generationNames[0] as Generation).url.replace("http", "ws")}/graphql`;
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, lazy: false });
    const subscribe = (query: string) => {
      const errors: unknown[] = [];
      const sink = { next: () => {}, error: (error: unknown) => errors.push(error), complete: () => {} };
      client.subscribe({ query }, sink);
      return errors;
    };
    const accepted = subscribe(queryText("alert-changed"));
    // Messages of a socket are answered in order: when the second is refused, the first has been taken.
    const refused = subscribe("subscription { alertChanged { nope } }");
    await waitUntil("the other subscription is refused", () => refused.length > 0);
    expect(accepted).toEqual([]);
    await client.dispose();
  });
});
