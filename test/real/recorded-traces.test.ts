import { afterAll, describe, expect, test } from "@jest/globals";
import { createHttpClient } from "../../src/http/create-http-client.js";
import { createJaegerSource } from "../../src/sources/jaeger/jaeger-source.js";
import { createZipkinSource } from "../../src/sources/zipkin/zipkin-source.js";
import { systemClock } from "../../src/telemetry/clock.js";
import type { Span, Trace, TraceQuery } from "../../src/telemetry/trace-source.js";
import { readExpected } from "../support/bookinfo/fixture-files.js";
import { recordedTraces } from "../support/bookinfo/telemetry-records.js";
import { callOptions } from "./call-options.js";
import { readTestState } from "./state-file.js";

const state = readTestState();
const clock = systemClock;
const makers = { jaeger: createJaegerSource, zipkin: createZipkinSource };
const recorded = recordedTraces();
const { fromMs, toMs, traceCases } = readExpected();
const window = { fromMs, toMs };

/** A trace reduced to what the recording says of it, spans by id: a backend may add tags and events of its own. */
function comparable(trace: Trace | undefined, like: Trace) {
  const tagNames = new Set(like.spans.flatMap((span) => Object.keys(span.tags)));
  const key = (span: Span) => `${span.spanId}/${span.isShared}`;
  const spans = [...(trace?.spans ?? [])].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const told = (tags: Span["tags"]) => Object.fromEntries(Object.entries(tags).filter(([name]) => tagNames.has(name)));
  return { traceId: trace?.traceId, spans: spans.map((span) => ({ ...span, tags: told(span.tags), events: [] })) };
}

function search(change: Partial<TraceQuery>): TraceQuery {
  const anything = { minDurationMs: null, maxDurationMs: null, errorsOnly: false, tags: {}, limit: 1000 };
  return { serviceName: "reviews.bookinfo", window, ...anything, ...change };
}

function idsWhere(hasIt: (span: Span) => boolean): string[] {
  return recorded
    .filter((trace) => trace.spans.some(hasIt))
    .map((trace) => trace.traceId)
    .sort();
}

describe.each(["jaeger", "zipkin"] as const)("the recorded mesh in a real %s", (name) => {
  const http = createHttpClient({ name, url: state[name].url }, { clock });
  const source = makers[name]({ config: { name, cluster: null, isShard: false }, http, clock });
  afterAll(() => source.close());

  test("every trace comes back span by span as it was recorded", async () => {
    for (let at = 0; at < recorded.length; at += 50) {
      const part = recorded.slice(at, at + 50);
      const found = await source.getTraces(
        part.map((trace) => trace.traceId),
        window,
        callOptions(),
      );
      expect(found.isCut).toBe(false);
      const byId = new Map(found.traces.map((trace) => [trace.traceId, trace]));
      for (const trace of part) expect(comparable(byId.get(trace.traceId), trace)).toEqual(comparable(trace, trace));
    }
  });

  test("its services are those of the recording", async () => {
    const names = new Set(recorded.flatMap((trace) => trace.spans.map((span) => span.serviceName)));
    const services = await source.services(callOptions());
    // The server holds what the contract suite sent as well.
    const inMesh = /\.(bookinfo|istio-system)$/;
    expect(services.filter((service) => inMesh.test(service)).sort()).toEqual([...names].sort());
  });

  test("a 64-bit trace id finds its trace in its short and its padded form", async () => {
    const padded = traceCases.shortTraceId.padStart(32, "0");
    for (const id of [traceCases.shortTraceId, padded]) {
      const { traces } = await source.getTraces([id], window, callOptions());
      expect(traces.map((trace) => trace.traceId)).toEqual([padded]);
    }
  });

  test("an unknown trace id gives nothing, and no error", async () => {
    const { traces } = await source.getTraces(["00000000000000000000000000000bad"], window, callOptions());
    expect(traces).toEqual([]);
  });

  test("a search for errors of a service finds exactly the traces in which it has one", async () => {
    const { traces } = await source.search(search({ errorsOnly: true }), callOptions());
    const wanted = idsWhere((span) => span.serviceName === "reviews.bookinfo" && span.status === "ERROR");
    expect(wanted).toHaveLength(25);
    expect(traces.map((trace) => trace.traceId).sort()).toEqual(wanted);
  });

  test("a search by duration and tag finds the calls that ratings held for 7 s", async () => {
    const query = search({ minDurationMs: 6_000, tags: { response_flags: "DI" } });
    const { traces } = await source.search(query, callOptions());
    const wanted = idsWhere((span) => span.tags["response_flags"] === "DI");
    expect(wanted).toHaveLength(15);
    expect(traces.map((trace) => trace.traceId).sort()).toEqual(wanted);
  });

  test("a search stops at its limit and says so", async () => {
    const found = await source.search(search({ limit: 5 }), callOptions());
    expect(found.traces).toHaveLength(5);
    expect(found.isCut).toBe(true);
  });

  test("its dependencies name the mesh's edges", async () => {
    const links = await source.dependencies(window, callOptions());
    expect(
      links.find((link) => link.source === "reviews.bookinfo" && link.destination === "ratings.bookinfo"),
    ).toBeDefined();
  });
});
