/** Reads that belong together and go out as few questions: sampled traces, lines of many traces, lines of many services. */
import { describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../../src/errors.js";
import type { TraceSource } from "../../../src/telemetry/trace-source.js";
import { listedLogSource } from "../../support/listed-log-source.js";
import { accessLogRecord, logRecord } from "../../support/log-records.js";
import { sidecarSpan, trace } from "../../support/spans.js";
import { callCounts, everyTrace, holding, hour, makeReader, ratings, reviews } from "./make-reader.js";

const idOf = (n: number) => `a${n}`.padStart(32, "0");
const traces = Array.from({ length: 12 }, (_, n) =>
  trace(idOf(n), [sidecarSpan("reviews", "SERVER", "2", null, { at: n * 1000, tags: requestOf(n) })]),
);

const failed = traces.map((one) => ({
  ...one,
  spans: one.spans.map((span) => ({ ...span, status: "ERROR" as const })),
}));

function withSpanOf(service: string) {
  return traces.map((one) => ({
    ...one,
    spans: [...one.spans, sidecarSpan(service, "SERVER", service === "details" ? "7" : "8", "2")],
  }));
}

function requestOf(n: number) {
  return { "guid:x-request-id": `37b7938f-d830-909b-b634-6c69d2cc0${String(n).padStart(3, "0")}` };
}

describe("searches of a sample", () => {
  const sample = { ...everyTrace, isSample: true };
  const searchThrice = async (sources: readonly TraceSource[]) => {
    const { reader, calls } = makeReader({ traces: sources });
    const pages = await Promise.all([0, 1, 2].map(() => reader.traces(reviews, hour, sample, 10, null)));
    return { pages, counts: callCounts(calls) };
  };

  test("a backend that holds copies of another's traces is asked once", async () => {
    const { pages, counts } = await searchThrice([holding("jaeger", traces), holding("zipkin", traces)]);
    expect(counts).toEqual({ "jaeger search": 3, "zipkin search": 1 });
    expect(pages.map(({ value }) => value?.traces.map(({ traceId }) => traceId))).toEqual([
      pages[0]?.value?.traces.map(({ traceId }) => traceId),
      pages[0]?.value?.traces.map(({ traceId }) => traceId),
      pages[0]?.value?.traces.map(({ traceId }) => traceId),
    ]);
    expect(pages[0]?.value?.traces).toHaveLength(10);
  });

  test.each([
    ["the half of a trace", withSpanOf("details"), withSpanOf("ratings")],
    ["other traces", traces.slice(0, 6), traces.slice(6)],
  ])("each is asked every time where it alone holds %s", async (_, here, there) => {
    const { counts } = await searchThrice([holding("jaeger", here), holding("zipkin", there)]);
    expect(counts).toEqual({ "jaeger search": 3, "zipkin search": 3 });
  });

  test("the one that is asked is the one that tells of failures", async () => {
    const { counts } = await searchThrice([holding("jaeger", traces), holding("zipkin", failed)]);
    expect(counts).toEqual({ "jaeger search": 1, "zipkin search": 3 });
  });

  test("too few traces prove nothing", async () => {
    const few = traces.slice(0, 4);
    const { counts } = await searchThrice([holding("jaeger", few), holding("zipkin", few)]);
    expect(counts).toEqual({ "jaeger search": 3, "zipkin search": 3 });
  });

  test("when the one that is asked alone fails, the others are asked again", async () => {
    const jaeger = holding("jaeger", traces);
    let searches = 0;
    const dying: TraceSource = {
      ...jaeger,
      search(query, options) {
        searches += 1;
        if (searches > 1) throw new MeshlensError("MESHLENS_ERR_SOURCE_UNREACHABLE", "jaeger is gone");
        return jaeger.search(query, options);
      },
    };
    const { pages } = await searchThrice([dying, holding("zipkin", traces)]);
    expect(pages.map(({ value }) => value?.traces.length)).toEqual([10, 10, 10]);
    expect(pages[2]?.sources.map(({ state }) => state)).toEqual(["UNAVAILABLE", "OK"]);
  });
});

describe("lines of many traces", () => {
  const lines = traces.flatMap((one, n) => [
    logRecord({ at: n * 1000, traceId: one.traceId, message: `by id ${n}` }),
    logRecord({ at: n * 1000 + 1, message: `TraceID: ${one.traceId} in its text` }),
    accessLogRecord({ requestId: requestOf(n)["guid:x-request-id"] }, { at: n * 1000 + 2, message: `access ${n}` }),
  ]);

  test("come by one call, each trace with its own, as when it is asked alone", async () => {
    const logs = listedLogSource(lines);
    const { reader } = makeReader({ traces: [holding("jaeger", traces)], logs: [logs] });
    const found = (await reader.traces(reviews, hour, everyTrace, 20, null)).value?.traces ?? [];
    const { value } = await reader.logsOfTraces(found, 20);
    expect(logs.calls.map((requests) => requests.length)).toEqual([4]);
    const alone = await Promise.all(found.map(async (one) => (await reader.logsOfTrace(one, 20)).value));
    expect(value).toEqual(alone);
    expect(value?.map(({ records }) => records.length)).toEqual(found.map(() => 3));
  });

  test("are limited for each trace, and none are sought by time", async () => {
    const logs = listedLogSource(lines.slice(0, 2));
    const { reader } = makeReader({ traces: [holding("jaeger", traces)], logs: [logs] });
    const found = (await reader.traces(reviews, hour, everyTrace, 20, null)).value?.traces.toReversed() ?? [];
    const { value } = await reader.logsOfTraces(found, 1);
    expect(value?.map(({ records }) => records.length)).toEqual([1, ...found.slice(1).map(() => 0)]);
    expect(logs.calls).toHaveLength(1);
  });
});

describe("lines of many services", () => {
  const selection = { levels: ["ERROR"], text: null, lines: "application", pods: null } as const;
  const errorsOf = (name: string, count: number) =>
    Array.from({ length: count }, (_, n) =>
      logRecord({
        at: n,
        level: "ERROR",
        message: `${name} ${n}`,
        serviceNames: name === "ratings" ? [] : [name],
        pod: `${name}-v1-6f6cfc45b-h5m2n`,
      }),
    );
  const named = [reviews, { ...ratings, name: "ratings-v1" }, { ...ratings, namespace: "shop" }];

  test("come by one search per namespace, counted and the newest of each", async () => {
    const logs = listedLogSource([...errorsOf("reviews", 7), ...errorsOf("ratings", 3), logRecord()]);
    const { reader } = makeReader({ logs: [logs] });
    const { value } = await reader.logsOfServices(named, hour, selection, 2);
    expect(value?.map(({ total }) => total?.value)).toEqual([7, 3, 0]);
    expect(value?.map(({ records }) => records.map(({ message }) => message))).toEqual([
      ["reviews 6", "reviews 5"],
      ["ratings 2", "ratings 1"],
      [],
    ]);
    expect(logs.calls.map((requests) => requests.length)).toEqual([2]);
  });

  test("too many for one answer are counted service by service", async () => {
    const logs = listedLogSource([...errorsOf("reviews", 1_500), ...errorsOf("ratings", 3)]);
    const { reader } = makeReader({ logs: [logs] });
    const { value } = await reader.logsOfServices(named.slice(0, 2), hour, selection, 2);
    expect(value?.map(({ total }) => total?.value)).toEqual([1_500, 3]);
    expect(logs.calls.map((requests) => requests.length)).toEqual([1, 2]);
  });

  test("of a hidden namespace are not asked for, and a dead source is told", async () => {
    const logs = listedLogSource(errorsOf("reviews", 2));
    const hidden = makeReader({ logs: [logs], visibility: { namespaces: new Set(["shop"]) } }).reader;
    expect((await hidden.logsOfServices([reviews], hour, selection, 2)).value?.[0]?.records).toEqual([]);
    expect(logs.calls).toEqual([]);
    logs.failure = new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", "did not answer");
    const dead = await makeReader({ logs: [logs] }).reader.logsOfServices(named, hour, selection, 2);
    expect([dead.value, dead.sources[0]?.state]).toEqual([null, "TIMEOUT"]);
  });
});
