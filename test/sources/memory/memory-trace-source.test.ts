import { describe, expect, test } from "@jest/globals";
import { createMemoryTraceSource } from "../../../src/sources/memory/memory-trace-source.js";
import { decodeZipkin } from "../../../src/sources/zipkin/zipkin-decode.js";
import { describeTraceSource } from "../../contract/trace-source.contract.js";
import { span, t0, trace } from "../../support/spans.js";

const config = {
  name: "traces",
  kind: "jaeger",
  cluster: null,
  isShard: false,
  maxAgeMs: null,
  maxSpans: 100_000,
} as const;
const options = { signal: new AbortController().signal, deadlineMs: t0 + 10_000 };

describeTraceSource("memory", async (traces) => {
  const source = createMemoryTraceSource({ config, clock: { nowMs: () => t0 } });
  source.append(decodeZipkin("contract", traces, null).traces);
  return source;
});

describe("a memory trace source", () => {
  const makeAt = (now: { ms: number }, given: { maxAgeMs?: number | null; maxSpans?: number }) =>
    createMemoryTraceSource({ config: { ...config, ...given }, clock: { nowMs: () => now.ms } });
  const idsOf = async (source: ReturnType<typeof createMemoryTraceSource>, ...ids: string[]) =>
    (await source.getTraces(ids, null, options)).traces.map((found) => found.traceId.replace(/^0+/, ""));

  test("spans that come later join their trace", async () => {
    const source = makeAt({ ms: t0 }, {});
    source.append([trace("1", [span("a", null)])]);
    source.append([trace("1", [span("b", "a", { at: 5 }), span("a", null)])]);
    const [found] = (await source.getTraces(["1"], null, options)).traces;
    expect(found?.spans.map(({ spanId }) => spanId)).toEqual(["000000000000000a", "000000000000000b"]);
  });

  test("forgets traces that started longer ago than its age", async () => {
    const now = { ms: t0 };
    const source = makeAt(now, { maxAgeMs: 60_000 });
    source.append([trace("1", [span("a", null)]), trace("2", [span("a", null, { at: 30_000 })])]);
    now.ms = t0 + 70_000;
    expect(await idsOf(source, "1", "2")).toEqual(["2"]);
    source.append([trace("3", [span("a", null, { at: 69_000 })])]);
    expect(await idsOf(source, "1", "2", "3")).toEqual(["3", "2"]);
  });

  test("the traces appended longest ago make room for new spans", async () => {
    const source = makeAt({ ms: t0 }, { maxSpans: 3 });
    source.append([trace("1", [span("a", null), span("b", "a")]), trace("2", [span("a", null, { at: 1 })])]);
    source.append([trace("3", [span("a", null, { at: 2 })])]);
    expect(await idsOf(source, "1", "2", "3")).toEqual(["3", "2"]);
  });

  test("a trace beyond all room keeps its earliest spans and is not complete", async () => {
    const source = makeAt({ ms: t0 }, { maxSpans: 2 });
    source.append([trace("1", [span("a", null), span("b", "a", { at: 1 }), span("c", "a", { at: 2 })])]);
    const [found] = (await source.getTraces(["1"], null, options)).traces;
    expect(found).toMatchObject({ isComplete: false, spans: [{ startMs: t0 }, { startMs: t0 + 1 }] });
  });
});
