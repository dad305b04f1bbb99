import { describe, expect, test } from "@jest/globals";
import type { MeshTrace, TracePosition } from "../../../src/mesh/mesh.js";
import type { Span, Trace } from "../../../src/telemetry/trace-source.js";
import { delayJason, retries, sidecarSpan, span, t0, trace } from "../../support/spans.js";
import { callCounts, everyTrace, holding, hour, makeReader, ratings, reviews } from "./make-reader.js";

const lowerCased = (one: Trace): Trace => ({
  ...one,
  spans: one.spans.map((each) => ({ ...each, operation: each.operation.toLowerCase() })),
});
const shifted = (spans: readonly Span[], ms: number) => spans.map((one) => ({ ...one, startMs: one.startMs + ms }));

describe("trace search", () => {
  test("asks each source once and shows a trace both hold once", async () => {
    const jason = trace("a1", delayJason());
    const traces = [holding("jaeger", [jason]), holding("zipkin", [lowerCased(jason), trace("b2", retries())])];
    const { reader, calls } = makeReader({ traces });
    const { value, sources } = await reader.traces(ratings, hour, everyTrace, 20, null);
    expect(value?.traces.map((one) => [one.traceId.at(-2), one.foundIn, one.spanCount])).toEqual([
      ["a", ["jaeger", "zipkin"], 10],
      ["b", ["zipkin"], 6],
    ]);
    expect(value?.next).toBeNull();
    expect(sources.map(({ state }) => state)).toEqual(["OK", "OK"]);
    expect(callCounts(calls)).toEqual({ "jaeger search": 1, "zipkin search": 1 });
  });

  test("tells jason's page by its root: 6 s, though spans run for 10, with whose spans failed", async () => {
    const { reader } = makeReader({ traces: [holding("zipkin", [trace("a1", delayJason())])] });
    const found = (await reader.traces(ratings, hour, everyTrace, 1, null)).value?.traces[0] as MeshTrace;
    expect(found).toMatchObject({
      durationMs: 6010,
      errorCount: 4,
      isComplete: true,
      root: { service: { namespace: "istio-system", name: "istio-ingressgateway" }, operation: "GET /" },
    });
    expect(found.services.map(({ name }) => name).sort()).toEqual([
      "istio-ingressgateway",
      "productpage",
      "ratings",
      "reviews",
    ]);
    expect(found.criticalPath().reduce((sum, step) => sum + step.selfMs, 0)).toBeLessThanOrEqual(6010);
  });

  test("services of one name in two namespaces do not mix", async () => {
    const plain = (id: string, namespace: string) =>
      trace(id, [span("1", null, { serviceName: "ratings", tags: { "k8s.namespace.name": namespace } })]);
    const { reader } = makeReader({ traces: [holding("jaeger", [plain("a1", "bookinfo"), plain("b2", "other")])] });
    const { value } = await reader.traces(ratings, hour, everyTrace, 20, null);
    expect(value?.traces.map(({ traceId }) => traceId.slice(-2))).toEqual(["a1"]);
  });

  test("a trace of spans that tell no namespace is found by its name", async () => {
    const { reader } = makeReader({
      traces: [holding("jaeger", [trace("a1", [span("1", null, { serviceName: "ratings" })])])],
    });
    expect((await reader.traces(ratings, hour, everyTrace, 20, null)).value?.traces).toHaveLength(1);
  });

  test("a backend that does not know the service is not searched", async () => {
    const { reader, calls } = makeReader({ traces: [holding("jaeger", [trace("a1", retries())])] });
    const { value } = await reader.traces({ ...ratings, name: "details" }, hour, everyTrace, 20, null);
    expect(value).toEqual({ traces: [], next: null });
    expect(callCounts(calls)).toEqual({});
  });

  test("pages show every trace once, newest first, also slow ones that reached the service after the page's end", async () => {
    const slow = Array.from({ length: 25 }, (_, n) => trace(`f${n + 10}`, shifted(delayJason(), n * 300)));
    const same = Array.from({ length: 4 }, (_, n) => trace(`e${n}`, shifted(retries(), 1000)));
    for (const kinds of [["jaeger"], ["jaeger", "zipkin"]] as const) {
      const { reader } = makeReader({ traces: kinds.map((kind) => holding(kind, [...slow, ...same])) });
      const seen: string[] = [];
      let after: TracePosition | null = null;
      for (let page = 0; page < 30; page += 1) {
        const { value }: Awaited<ReturnType<typeof reader.traces>> = await reader.traces(
          ratings,
          hour,
          everyTrace,
          4,
          after,
        );
        seen.push(...(value?.traces ?? []).map(({ startMs, traceId }) => `${9e9 - (startMs - t0)} ${traceId}`));
        after = value?.next ?? null;
        if (after === null) break;
      }
      expect(seen).toEqual([...seen].sort());
      expect(new Set(seen).size).toBe(29);
      expect(seen).toHaveLength(29);
    }
  });

  test("an operation limits to traces in which the service itself did it", async () => {
    const named = (id: string, service: string) =>
      trace(id, [
        sidecarSpan("ratings", "SERVER", "1", null),
        sidecarSpan(service, "CLIENT", "2", "1", { operation: "GET /ratings/0" }),
      ]);
    const { reader } = makeReader({ traces: [holding("jaeger", [named("a1", "ratings"), named("b2", "reviews")])] });
    const selection = { ...everyTrace, operation: "get /Ratings/0" };
    const { value } = await reader.traces(ratings, hour, selection, 20, null);
    expect(value?.traces.map(({ traceId }) => traceId.slice(-2))).toEqual(["a1"]);
  });

  test("a dead source costs its part; all dead is null with an error each", async () => {
    const [alive, dead] = [holding("jaeger", [trace("a1", retries())]), holding("zipkin", [])];
    await dead.close();
    const partial = await makeReader({ traces: [alive, dead] }).reader.traces(reviews, hour, everyTrace, 5, null);
    expect(partial.value?.traces).toHaveLength(1);
    expect(partial.sources.map(({ state }) => state)).toEqual(["OK", "TIMEOUT"]);
    expect(partial.errors).toEqual([]);
    const none = await makeReader({ traces: [dead] }).reader.traces(reviews, hour, everyTrace, 5, null);
    expect(none.value).toBeNull();
    expect(none.errors).toHaveLength(1);
    const unset = await makeReader({}).reader.traces(reviews, hour, everyTrace, 5, null);
    expect(unset.sources.map(({ state }) => state)).toEqual(["NOT_CONFIGURED"]);
  });
});

describe("what a caller may see of a trace", () => {
  const spans = [
    sidecarSpan("reviews", "SERVER", "1", null, { ms: 50 }),
    span("2", "1", {
      serviceName: "vault.secrets",
      operation: "GET /keys",
      ms: 30,
      tags: { token: "x" },
      events: [{ atMs: t0, name: "opened", attributes: { key: "k" } }],
    }),
  ];
  const traces = () => [holding("jaeger", [trace("a1", spans)])];
  const visibility = { namespaces: new Set(["bookinfo"]) };

  test("spans of hidden namespaces keep their time and nothing that names them", async () => {
    const { reader } = makeReader({ traces: traces(), visibility });
    const { value } = await reader.trace("a1", null);
    const hidden = value?.spans().find(({ spanId }) => spanId.endsWith("2"));
    expect(hidden).toMatchObject({
      service: null,
      operation: "(not visible to you)",
      tags: {},
      events: [],
      durationMs: 30,
    });
    expect(JSON.stringify([value?.spans(), value?.services, value?.root])).not.toMatch(
      /vault|secrets|keys|token|opened/,
    );
    expect(value?.services.map(({ name }) => name)).toEqual(["reviews"]);
  });

  test("a trace without a visible span is not there", async () => {
    const { reader } = makeReader({ traces: traces(), visibility: { namespaces: new Set(["other"]) } });
    expect((await reader.trace("a1", null)).value).toBeNull();
    expect(await reader.traceOfLog("a1", hour)).toBeNull();
  });

  test("a hidden service is not searched for", async () => {
    const { reader, calls } = makeReader({ traces: traces(), visibility: { namespaces: new Set(["other"]) } });
    expect((await reader.traces(reviews, hour, everyTrace, 5, null)).value?.traces).toEqual([]);
    expect(calls).toEqual([]);
  });
});

describe("traces by id", () => {
  test("one trace is put together from all sources, in any spelling of its id", async () => {
    const spans = delayJason();
    const traces = [
      holding("jaeger", [trace("ab1", spans.slice(0, 6))]),
      holding("zipkin", [trace("ab1", spans.slice(3))]),
    ];
    const { value } = await makeReader({ traces }).reader.trace("0000000000000AB1", hour);
    expect(value).toMatchObject({ foundIn: ["jaeger", "zipkin"], spanCount: 10, isComplete: true });
  });

  test("an id no source holds is null with healthy sources", async () => {
    const { value, sources } = await makeReader({ traces: [holding("jaeger", [])] }).reader.trace("abc", null);
    expect(value).toBeNull();
    expect(sources.map(({ state }) => state)).toEqual(["OK"]);
  });

  test("a missing parent makes a trace incomplete, its time from first start to last end", async () => {
    const spans = [
      sidecarSpan("ratings", "SERVER", "2", "1", { at: 10, ms: 20 }),
      sidecarSpan("ratings", "SERVER", "3", "1", { at: 40, ms: 20 }),
    ];
    const { value } = await makeReader({ traces: [holding("jaeger", [trace("a1", spans)])] }).reader.trace("a1", null);
    expect(value).toMatchObject({ isComplete: false, durationMs: 50, startMs: t0 + 10 });
  });

  test("the client of a shared pair is the root, also where the server's clock is behind", async () => {
    const spans = [
      sidecarSpan("reviews", "CLIENT", "1", null, { ms: 100 }),
      sidecarSpan("ratings", "SERVER", "1", null, { at: -500, ms: 80, isShared: true }),
    ];
    const { value } = await makeReader({ traces: [holding("zipkin", [trace("a1", spans)])] }).reader.trace("a1", null);
    expect(value).toMatchObject({ durationMs: 100, root: { service: { name: "reviews" } } });
    expect(value?.criticalPath().map(({ selfMs }) => selfMs)).toEqual([20, 80]);
  });

  test("the traces many log lines name are looked up in one call per source, each id once", async () => {
    const held = Array.from({ length: 30 }, (_, n) => trace(`a${n + 10}`, retries()));
    const traces = [holding("jaeger", held), holding("zipkin", held.slice(0, 5))];
    const { reader, calls } = makeReader({ traces });
    const ids = [...held, ...held].map(({ traceId }) => traceId);
    const found = await Promise.all(ids.map((id) => reader.traceOfLog(id, hour)));
    expect(callCounts(calls)).toEqual({ "jaeger traces": 1, "zipkin traces": 1 });
    expect(found.slice(0, 30).map((one) => one?.foundIn.length ?? 0)).toEqual([
      ...Array(5).fill(2),
      ...Array(15).fill(1),
      ...Array(10).fill(0),
    ]);
  });

  test("what a search of the same request found in every source is not looked up again, what one source lacks is", async () => {
    const held = Array.from({ length: 4 }, (_, n) => trace(`f${n}`, delayJason()));
    const { reader, calls } = makeReader({
      traces: [holding("jaeger", held), holding("zipkin", held.slice(0, 3))],
    });
    await reader.traces(reviews, hour, everyTrace, 10, null);
    const ofLines = async (ids: readonly string[]) =>
      (await Promise.all(ids.map((id) => reader.traceOfLog(id, hour)))).map((one) => [
        one?.traceId.slice(-2),
        one?.spanCount,
      ]);
    expect(await ofLines(["f0", "f1", "f2"])).toEqual([
      ["f0", 10],
      ["f1", 10],
      ["f2", 10],
    ]);
    expect(callCounts(calls)).toEqual({ "jaeger search": 1, "zipkin search": 1 });
    expect(await ofLines(["f3"])).toEqual([["f3", 10]]);
    expect(callCounts(calls)).toMatchObject({ "jaeger traces": 1, "zipkin traces": 1 });
  });
});
