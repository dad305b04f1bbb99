/**
 * What every trace source does, whatever the backend. Fed with Zipkin v2 data (trace-contract-data.ts); the source may hold other traces
 * too. Allowed to differ: the order of services, an absent kind told as INTERNAL, tags the backend adds.
 */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CallOptions, UpstreamCall } from "../../src/telemetry/source.js";
import type { Span, Trace, TraceQuery, TraceSource } from "../../src/telemetry/trace-source.js";
import { t0Ms, type ZipkinTrace } from "../support/zipkin-spans.js";
import {
  allOfIt,
  contractTraces,
  hostileNames,
  hostileValue,
  ids,
  refusedNames,
  requestId,
} from "./trace-contract-data.js";

/** Registers the suite. `makeSource` returns a source that holds the given traces; it is asked once and closed at the end. */
export function describeTraceSource(
  name: string,
  makeSource: (traces: readonly ZipkinTrace[]) => Promise<TraceSource>,
): void {
  describe(`${name} as a trace source`, () => {
    let source: TraceSource;
    const options = (given: Partial<CallOptions> = {}): CallOptions => ({
      signal: new AbortController().signal,
      deadlineMs: Date.now() + 20_000,
      ...given,
    });
    const search = (given: Partial<TraceQuery> & { serviceName: string }) =>
      source.search({ ...everything, ...given }, options());
    const found = async (given: Partial<TraceQuery> & { serviceName: string }): Promise<string[]> =>
      (await search(given)).traces.map((trace) => trace.traceId);
    const get = async (...traceIds: string[]): Promise<readonly Trace[]> =>
      (await source.getTraces(traceIds, allOfIt, options())).traces;

    beforeAll(async () => {
      source = await makeSource(contractTraces);
    });
    afterAll(() => source.close());

    test("names the services it holds", async () => {
      const names = await source.services(options());
      expect(names).toEqual(expect.arrayContaining(["contract-front", "contract-cart", ...hostileNames]));
      expect(new Set(names).size).toBe(names.length);
    });

    test("a probe says in one sentence what it found", async () => {
      expect(await source.probe(options())).toMatchObject({ found: expect.stringMatching(/\d+ services/) });
    });

    test("finds the traces of a service, newest first, and no others", async () => {
      expect(await found({ serviceName: "contract-front" })).toEqual([ids.shared, ids.failed, ids.whole]);
      const times = (await search({ serviceName: "contract-many" })).traces.map(({ spans }) => spans[0]?.startMs ?? 0);
      expect(times).toHaveLength(5);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    });

    test("stops at the limit and says so", async () => {
      expect(await search({ serviceName: "contract-many", limit: 3 })).toMatchObject({
        isCut: true,
        traces: { length: 3 },
      });
      expect(await search({ serviceName: "contract-many", limit: 100 })).toMatchObject({
        isCut: false,
        traces: { length: 5 },
      });
    });

    test("looks within the window only", async () => {
      const fromMs = allOfIt.fromMs - 3_600_000;
      expect(await found({ serviceName: "contract-front", window: { fromMs, toMs: fromMs + 60_000 } })).toEqual([]);
      const [first] = await get(ids.failed);
      const atMs = first?.spans[0]?.startMs ?? 0;
      const window = { fromMs: atMs - 300, toMs: atMs + 300 };
      expect(await found({ serviceName: "contract-front", window })).toEqual([ids.failed]);
    });

    test("bounds on the duration are inclusive and know fractions of a millisecond", async () => {
      const lasting = async (minDurationMs: number | null, maxDurationMs: number | null) =>
        (await search({ serviceName: "contract-lasting", minDurationMs, maxDurationMs })).traces.map(
          ({ spans }) => spans[0]?.durationMs,
        );
      expect(await lasting(20, null)).toEqual([300, 20]);
      expect(await lasting(null, 20)).toEqual([20, 1.5]);
      expect(await lasting(1.5, 1.5)).toEqual([1.5]);
      expect(await lasting(1.501, 299.999)).toEqual([20]);
    });

    test("errors only: a span marked as failed counts, a 5xx status without the mark does not", async () => {
      expect(await found({ serviceName: "contract-cart", errorsOnly: true })).toEqual([ids.failed]);
      expect(await found({ serviceName: "contract-refusing", errorsOnly: true })).toEqual([]);
    });

    test("finds a trace by the request id its proxy wrote", async () => {
      expect(await found({ serviceName: "contract-front", tags: { "guid:x-request-id": requestId } })).toEqual([
        ids.whole,
      ]);
    });

    test("all wanted tags must stand on one span", async () => {
      const tagged = (tags: Record<string, string>) => found({ serviceName: "contract-tagged", tags });
      expect(await tagged({ colour: "red" })).toEqual([ids.joint, ids.split]);
      expect(await tagged({ colour: "red", size: "big" })).toEqual([ids.joint]);
      expect(await tagged({ colour: "blue" })).toEqual([]);
    });

    test("a tag's value is compared as it is, however much syntax it holds", async () => {
      const odd = (value: string) => found({ serviceName: "contract-tagged", tags: { odd: value } });
      expect(await odd(hostileValue)).toEqual([ids.joint]);
      expect(await odd(hostileValue.slice(0, -2))).toEqual([]);
      expect(await odd("*")).toEqual([]);
      expect(await odd("x".repeat(10_000))).toEqual([]);
    });

    test("an unknown or empty service has no traces", async () => {
      expect(await search({ serviceName: "contract-nobody" })).toMatchObject({ traces: [], isCut: false });
      expect(await found({ serviceName: "" })).toEqual([]);
    });

    test.each(hostileNames.map((hostile) => [JSON.stringify(hostile), hostile]))(
      "the service name %s is a name and nothing else",
      async (_, serviceName) => {
        const { traces } = await search({ serviceName });
        expect(traces.map(({ spans }) => spans.map((span) => span.serviceName))).toEqual([[serviceName]]);
      },
    );

    test.each(refusedNames.map((refused) => [refused.slice(0, 20), refused]))(
      "the service name %s... finds its own trace, or says why not",
      async (_, serviceName) => {
        const { traces, warnings } = await search({ serviceName });
        if (traces.length === 0) expect(warnings.join()).toMatch(/cannot be asked/);
        else expect(traces.map(({ spans }) => spans.map((span) => span.serviceName))).toEqual([[serviceName]]);
      },
    );

    test.each(Object.entries(ids))("trace `%s` comes back as it was sent", async (_, traceId) => {
      const sent = contractTraces.find(([span]) => span?.traceId === traceId) ?? [];
      const [trace, ...others] = await get(traceId);
      expect(others).toEqual([]);
      expect(trace).toMatchObject({ traceId: traceId.padStart(32, "0"), isComplete: true });
      expect(trace?.spans.map(essence).sort(byKey)).toEqual(sent.map(essenceOfZipkin).sort(byKey));
      const starts = trace?.spans.map((span) => span.startMs) ?? [];
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
    });

    test("tags and events keep their text and their instants", async () => {
      const spans = (await get(ids.whole))[0]?.spans ?? [];
      const client = spans.find((span) => span.spanId === "0000000000000002");
      expect(client?.tags).toMatchObject({
        "guid:x-request-id": requestId,
        upstream_cluster: "outbound|9080||cart",
      });
      const sent = contractTraces[0]?.[1]?.annotations?.[0]?.timestamp ?? 0;
      expect(client?.events).toEqual([{ atMs: sent / 1000, name: "retry", attributes: {} }]);
    });

    test("the halves of a shared span are two spans with one id", async () => {
      const spans = (await get(ids.shared))[0]?.spans ?? [];
      const halves = spans.filter((span) => span.spanId === "0000000000000002");
      expect(halves.map(({ kind, isShared }) => [kind, isShared])).toEqual([
        ["CLIENT", false],
        ["SERVER", true],
      ]);
    });

    test("attempts that share the caller's span are as many spans as there were", async () => {
      const spans = (await get(ids.retried))[0]?.spans ?? [];
      const attempts = spans.filter((span) => span.serviceName === "contract-refusing-once");
      expect(attempts.map(({ startMs, durationMs, status }) => [startMs - t0Ms, durationMs, status])).toEqual([
        [5510, 20, "ERROR"],
        [5540, 30, "UNSET"],
      ]);
    });

    test("many traces at once: each once, unknown ones and texts that are no ids left out", async () => {
      const asked = [ids.whole, ids.short, ids.whole, `${"0".repeat(31)}9`, "no id", "", "*", "../services"];
      const traces = await get(...asked);
      expect(traces.map((trace) => trace.traceId)).toEqual([ids.short.padStart(32, "0"), ids.whole]);
      expect(await get(`${"0".repeat(31)}9`)).toEqual([]);
    });

    test.each([
      ["16 digits", ids.short],
      ["padded to 32", ids.short.padStart(32, "0")],
      ["upper case", ids.short.toUpperCase()],
      ["with dashes", ids.whole.replace(/^(.{8})(.{4})/, "$1-$2-")],
      ["128 bit in upper case", ids.whole.toUpperCase()],
    ])("an id is understood: %s", async (_, spelling) => {
      const wanted = spelling.toLowerCase().replaceAll("-", "").padStart(32, "0");
      expect((await get(spelling)).map((trace) => trace.traceId)).toEqual([wanted]);
    });

    test("more ids than one call takes are found or told to be left out, never lost", async () => {
      const unknown = Array.from({ length: 400 }, (_, n) => `f00d${n.toString(16).padStart(28, "0")}`);
      const batch = await source.getTraces([ids.whole, ...unknown, ids.failed], allOfIt, options());
      expect(batch.traces.map((trace) => trace.traceId)).toContain(ids.whole);
      if (!batch.isCut) expect(batch.traces).toHaveLength(2);
      else expect(batch.warnings.join()).toMatch(/\d+ further traces/);
    });

    test("no ids need no upstream call", async () => {
      const calls: UpstreamCall[] = [];
      const batch = await source.getTraces([], null, options({ onUpstreamCall: (call) => calls.push(call) }));
      expect({ batch, calls }).toEqual({ batch: { traces: [], isCut: false, warnings: [] }, calls: [] });
    });

    test("counts who calls whom", async () => {
      const links = await source.dependencies(allOfIt, options());
      const link = links.find((l) => l.source === "contract-front" && l.destination === "contract-cart");
      expect(link?.callCount).toBeGreaterThanOrEqual(3);
    });

    test("tells about its upstream calls", async () => {
      const calls: UpstreamCall[] = [];
      const told = options({ onUpstreamCall: (call) => calls.push(call) });
      await source.search({ ...everything, serviceName: "contract-many" }, told);
      expect(calls.at(-1)).toMatchObject({ source: source.name, operation: "search", rows: 5, isShared: false });
      expect(calls.at(-1)?.query).toContain("contract-many");
    });

    test("a caller who has gone gets no answer", async () => {
      const signal = AbortSignal.abort();
      const asked = source.search({ ...everything, serviceName: "contract-many" }, options({ signal }));
      await expect(asked).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
    });
  });
}

const everything: Omit<TraceQuery, "serviceName"> = {
  window: allOfIt,
  minDurationMs: null,
  maxDurationMs: null,
  errorsOnly: false,
  tags: {},
  limit: 100,
};

/** What may not change on the way through a backend. */
function essence(span: Span) {
  const { spanId, parentSpanId, isShared, serviceName, operation, startMs, durationMs, status, kind } = span;
  const shownKind = kind === "INTERNAL" ? null : kind;
  return { spanId, parentSpanId, isShared, serviceName, operation, startMs, durationMs, status, kind: shownKind };
}

function essenceOfZipkin(span: ZipkinTrace[number]): ReturnType<typeof essence> {
  return {
    spanId: span.id,
    parentSpanId: span.parentId ?? null,
    isShared: span.shared === true,
    serviceName: span.localEndpoint.serviceName,
    operation: span.name,
    startMs: span.timestamp / 1000,
    durationMs: span.duration / 1000,
    status: span.tags?.["error"] === undefined ? "UNSET" : "ERROR",
    kind: span.kind ?? null,
  };
}

function byKey(a: ReturnType<typeof essence>, b: ReturnType<typeof essence>): number {
  return `${a.spanId}${a.isShared}${a.startMs}` < `${b.spanId}${b.isShared}${b.startMs}` ? -1 : 1;
}
