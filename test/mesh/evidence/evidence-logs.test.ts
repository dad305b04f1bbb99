import { describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../../src/errors.js";
import type { MeshTrace } from "../../../src/mesh/mesh.js";
import type { LogRecord } from "../../../src/telemetry/log-source.js";
import { listedLogSource } from "../../support/listed-log-source.js";
import { accessLogRecord, logRecord } from "../../support/log-records.js";
import { retries, sidecarSpan, trace } from "../../support/spans.js";
import { callCounts, everyTrace, holding, hour, makeReader, ratings, reviews } from "./make-reader.js";

const anyLine = { levels: null, text: null, lines: "any", pods: null } as const;
const idOf = (n: number) => `a${n}`.padStart(32, "0");

describe("log search", () => {
  const records = Array.from({ length: 25 }, (_, n) => logRecord({ at: n / 7, message: `line ${n}` }));

  test("pages of several sources run by time and hold every record once", async () => {
    const logs = [
      listedLogSource(records.slice(0, 9), { name: "east", cluster: "east" }),
      listedLogSource(records.slice(9), { name: "west", cluster: "west" }),
    ];
    const { reader } = makeReader({ logs });
    const seen: LogRecord[] = [];
    let after = null;
    for (let page = 0; page < 20; page += 1) {
      const { value }: Awaited<ReturnType<typeof reader.logs>> = await reader.logs(
        reviews,
        hour,
        anyLine,
        4,
        after,
        true,
      );
      expect(value?.total).toEqual({ value: 25, relation: "EQ" });
      seen.push(...(value?.records ?? []));
      after = value?.next ?? null;
      if (after === null) break;
    }
    expect(seen.map(({ atMs }) => -Math.floor(atMs))).toEqual(
      seen.map(({ atMs }) => -Math.floor(atMs)).sort((a, b) => a - b),
    );
    expect(seen.map(({ message }) => message).sort()).toEqual(records.map(({ message }) => message).sort());
  });

  test("a replica goes on where the one that died had ended", async () => {
    const [first, second] = [listedLogSource(records, { name: "a" }), listedLogSource(records, { name: "b" })];
    const { reader } = makeReader({ logs: [first, second] });
    const one = (await reader.logs(reviews, hour, anyLine, 10, null, false)).value;
    first.failure = new MeshlensError("MESHLENS_ERR_SOURCE_UNREACHABLE", "a is gone");
    const two = (await reader.logs(reviews, hour, anyLine, 100, one?.next ?? null, false)).value;
    const seen = [...(one?.records ?? []), ...(two?.records ?? [])].map(({ message }) => message);
    expect(seen.sort()).toEqual(records.map(({ message }) => message).sort());
  });

  test("records name their source and their service in its cluster", async () => {
    const { reader } = makeReader({ logs: [listedLogSource(records, { name: "east", cluster: "east" })] });
    const { value } = await reader.logs(reviews, hour, anyLine, 1, null, false);
    expect(value?.records[0]).toMatchObject({
      source: "east",
      service: { cluster: "east", namespace: "bookinfo", name: "reviews" },
    });
    expect(value?.total).toBeNull();
  });

  test("a dead source is told with its state, and is an error only when all are dead", async () => {
    const [alive, dead] = [listedLogSource(records), listedLogSource([], { name: "dead", cluster: "west" })];
    dead.failure = new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", "dead did not answer");
    const partial = await makeReader({ logs: [alive, dead] }).reader.logs(reviews, hour, anyLine, 5, null, true);
    expect([partial.value?.records.length, partial.errors.length]).toEqual([5, 0]);
    expect(partial.sources.map(({ state }) => state)).toEqual(["OK", "TIMEOUT"]);
    const none = await makeReader({ logs: [dead] }).reader.logs(reviews, hour, anyLine, 5, null, true);
    expect([none.value, none.errors.length]).toEqual([null, 1]);
  });

  test("a hidden namespace is not asked for", async () => {
    const logs = listedLogSource(records);
    const { reader } = makeReader({ logs: [logs], visibility: { namespaces: new Set(["other"]) } });
    expect((await reader.logs(reviews, hour, anyLine, 5, null, true)).value?.records).toEqual([]);
    expect((await reader.logVolume(reviews, hour, anyLine, 10)).value).toEqual({ timestampsMs: [], byLevel: [] });
    expect(logs.calls).toEqual([]);
  });
});

describe("lines of traces", () => {
  const spansOf = (service: string) => [sidecarSpan(service, "SERVER", "1", null, { ms: 100 })];
  const load = async (given: Parameters<typeof makeReader>[0], ids: readonly string[]) => {
    const made = makeReader(given);
    const traces = await Promise.all(ids.map(async (id) => (await made.reader.trace(id, null)).value as MeshTrace));
    return { ...made, traces };
  };

  test("of a page of traces and of all their spans are one call, and one more for those that found none", async () => {
    const held = [1, 2, 3].map((n) => trace(idOf(n), n === 3 ? spansOf("details").map(withoutRequestId) : retries()));
    const logs = listedLogSource([
      logRecord({ traceId: idOf(1), spanId: "2".padStart(16, "0"), at: 5 }),
      logRecord({ traceId: idOf(2), at: 7 }),
      logRecord({ pod: "details-v1-6f6cfc45b-h5m2n", at: 9, serviceNames: ["details"] }),
    ]);
    const { reader, traces } = await load(
      { traces: [holding("jaeger", held)], logs: [logs] },
      held.map(({ traceId }) => traceId),
    );
    const ofTraces = Promise.all(traces.map((one) => reader.logsOfTrace(one, 20)));
    const ofSpans = Promise.all(traces.flatMap((one) => one.spans().map((span) => reader.logsOfSpan(one, span, 10))));
    expect((await ofTraces).map(({ value }) => [value?.match, value?.records.length])).toEqual([
      ["TRACE_ID", 1],
      ["TRACE_ID", 1],
      ["TIME_WINDOW", 1],
    ]);
    expect((await ofSpans).flatMap(({ value }) => value?.match ?? [])).toEqual([
      "TRACE_ID",
      "TIME_WINDOW",
      "TIME_WINDOW",
    ]);
    expect(logs.calls.map((requests) => requests.length)).toEqual([5, 1]);
  });

  test("access-log lines come by request id, alone or beside lines with the trace's id", async () => {
    const held = trace(idOf(1), spansOf("reviews"));
    const access = accessLogRecord({});
    const application = logRecord({ traceId: idOf(1), at: 3 });
    for (const [records, match] of [
      [[access], "REQUEST_ID"],
      [[application, access], "TRACE_ID"],
    ] as const) {
      const given = { traces: [holding("jaeger", [held])], logs: [listedLogSource(records)] };
      const { reader, traces } = await load(given, [idOf(1)]);
      const { value } = await reader.logsOfTrace(traces[0] as MeshTrace, 20);
      expect([value?.match, value?.records.length]).toEqual([match, records.length]);
    }
  });

  test("of hidden namespaces are left out", async () => {
    const logs = [
      listedLogSource([logRecord({ traceId: idOf(1), namespace: "secrets" }), logRecord({ traceId: idOf(1) })]),
    ];
    const given = { traces: [holding("jaeger", [trace(idOf(1), spansOf("reviews"))])], logs };
    const { reader, traces } = await load({ ...given, visibility: { namespaces: new Set(["bookinfo"]) } }, [idOf(1)]);
    const { value } = await reader.logsOfTrace(traces[0] as MeshTrace, 20);
    expect(value?.records.map(({ namespace }) => namespace)).toEqual(["bookinfo"]);
  });

  test("are found by what its visible spans say, without making those ready to be shown", async () => {
    const bank = { "istio.namespace": "bank", node_id: "sidecar~10.0.0.9~ledger-v1-6f6cfc45b-h5m2n.bank~bank.svc" };
    const hidden = sidecarSpan("ledger", "SERVER", "9", "1", { tags: { ...bank, "guid:x-request-id": "of-the-bank" } });
    const logs = listedLogSource([]);
    const given = { traces: [holding("jaeger", [trace(idOf(1), [...spansOf("reviews"), hidden])])], logs: [logs] };
    const { reader, traces } = await load({ ...given, visibility: { namespaces: new Set(["bookinfo"]) } }, [idOf(1)]);
    const one = traces[0] as MeshTrace;
    const unshown = {
      ...one,
      spans: (): never => {
        throw new Error("names were struck out of spans that nobody reads");
      },
    };
    expect((await reader.logsOfTrace(unshown, 20)).value?.records).toEqual([]);
    expect(logs.calls.flat().length).toBeGreaterThan(0);
    expect(JSON.stringify(logs.calls)).not.toMatch(/of-the-bank|ledger/);
  });

  test("of a trace none wrote are none, with no match", async () => {
    const given = { traces: [holding("jaeger", [trace(idOf(1), spansOf("reviews"))])], logs: [listedLogSource([])] };
    const { reader, traces } = await load(given, [idOf(1)]);
    expect((await reader.logsOfTrace(traces[0] as MeshTrace, 20)).value).toEqual({ match: null, records: [] });
  });
});

describe("a service page", () => {
  test("costs one search per trace source, which holds the traces its lines name, and per log source one for lines, one for counts and one for lines of traces", async () => {
    const held = [1, 2, 3, 4, 5].map((n) => trace(idOf(n), retries()));
    const logs = listedLogSource(
      held.map(({ traceId }, at) => logRecord({ traceId, at, level: "ERROR", serviceNames: ["ratings"] })),
    );
    const { reader, calls } = makeReader({ traces: [holding("jaeger", held), holding("zipkin", held)], logs: [logs] });
    const page = reader.traces(ratings, hour, { ...everyTrace, errorsOnly: true }, 5, null).then(async ({ value }) => {
      const joined = await Promise.all((value?.traces ?? []).map((one) => reader.logsOfTrace(one, 20)));
      return joined.map((one) => one.value?.match);
    });
    const lines = reader
      .logs(ratings, hour, { ...anyLine, levels: ["ERROR", "WARN"] }, 20, null, true)
      .then(({ value }) =>
        Promise.all((value?.records ?? []).map((one) => reader.traceOfLog(one.traceId ?? "", hour))),
      );
    const volume = reader.logVolume(ratings, hour, anyLine, 60);
    expect(await page).toEqual(Array(5).fill("TRACE_ID"));
    expect((await lines).map((one) => one?.spanCount)).toEqual(Array(5).fill(6));
    expect((await volume).value?.byLevel.map(({ level }) => level)).toEqual(["ERROR"]);
    expect(callCounts(calls)).toEqual({
      "logs msearch": 3,
      "jaeger search": 1,
      "zipkin search": 1,
    });
    expect(logs.calls.map((requests) => requests.map(({ kind }) => kind))).toEqual([
      ["search"],
      ["volume"],
      Array(10).fill("search"),
    ]);
  });
});

function withoutRequestId<S extends { readonly tags: Readonly<Record<string, string>> }>(span: S): S {
  const { "guid:x-request-id": _, ...tags } = span.tags;
  return { ...span, tags };
}
