import { describe, expect, test } from "@jest/globals";
import { joinToSpan, joinToTrace, requestIdsOf } from "../../../src/mesh/evidence/join-logs.js";
import type { Span } from "../../../src/telemetry/trace-source.js";
import { accessLogRecord, logRecord } from "../../support/log-records.js";
import { sidecarSpan } from "../../support/spans.js";

const pod = "reviews-v1-6f6cfc45b-h5m2n";
const inbound = { upstream_cluster: "inbound|9080||" };
const outbound = { upstream_cluster: "outbound|9080||ratings.bookinfo.svc.cluster.local" };
const server = sidecarSpan("reviews", "SERVER", "2", "1", { ms: 100, tags: inbound });
const client = sidecarSpan("reviews", "CLIENT", "3", "2", { at: 20, ms: 50, tags: outbound });
const nothing = { byTraceId: [], byRequestId: [], byTime: [] };
const traceId = "a".repeat(32);

describe("lines of a span", () => {
  const own = logRecord({ at: 30, traceId, spanId: "2" });
  const other = logRecord({ at: 31, traceId, spanId: "9" });
  const nameless = logRecord({ at: 32, traceId });
  const inLine = accessLogRecord({ upstreamCluster: "inbound|9080||" }, { pod });
  const outLine = accessLogRecord({ upstreamCluster: outbound.upstream_cluster }, { pod, at: 20 });
  const lines = { byTraceId: [own, other, nameless], byRequestId: [inLine, outLine], byTime: [] };

  test("are those with its id, and its own proxy's access-log line beside them", () => {
    expect(joinToSpan(server, lines)).toEqual({ match: "TRACE_ID", records: [inLine, own] });
  });

  test("are joined by request id where only its proxy wrote one, on its own side", () => {
    expect(joinToSpan(client, lines)).toEqual({ match: "REQUEST_ID", records: [outLine] });
  });

  test("are its pod's lines in its time that name no span, as a last resort", () => {
    const bare = { ...nothing, byTraceId: [other, nameless] };
    expect(joinToSpan(server, bare)).toEqual({ match: "TIME_WINDOW", records: [nameless] });
  });

  test("of one attempt are not those of the next with the same request id", () => {
    const second = { ...client, spanId: "4".padStart(16, "0"), startMs: client.startMs + 60, durationMs: 10 };
    expect(joinToSpan(second, lines)).toEqual({ match: null, records: [] });
  });
});

describe("lines that name a shared span", () => {
  test("are the server's whose pod wrote them, of several attempts the one's that ran then", () => {
    const caller = sidecarSpan("productpage", "CLIENT", "2", "1", { ms: 100 });
    const attempt = (at: number) => sidecarSpan("reviews", "SERVER", "2", "1", { at, ms: 30, isShared: true });
    const [first, second] = [attempt(5), attempt(60)];
    const line = logRecord({ at: 70, traceId, spanId: "2", pod });
    const trace = [caller, first, second];
    const linesOf = (span: Span) => joinToSpan(span, { ...nothing, byTraceId: [line] }, trace).records;
    expect(trace.map(linesOf)).toEqual([[], [], [line]]);
  });

  test("are everyone's who bears the id when the pod that wrote them is none of theirs", () => {
    const caller = sidecarSpan("productpage", "CLIENT", "2", "1", { ms: 100 });
    const stranger = logRecord({ at: 10, traceId, spanId: "2", pod: "behind-a-waypoint" });
    const lines = { ...nothing, byTraceId: [stranger] };
    expect(joinToSpan(caller, lines, [caller]).records).toEqual([stranger]);
  });
});

describe("access-log lines of attempts that follow each other at once", () => {
  test("are each the line of the attempt they began with", () => {
    const attempt = (id: string, at: number) =>
      sidecarSpan("reviews", "CLIENT", id, "2", { at, ms: 50, tags: outbound });
    const line = (at: number) => accessLogRecord({ upstreamCluster: outbound.upstream_cluster }, { pod, at });
    const [first, second] = [line(0), line(54)];
    const lines = { ...nothing, byRequestId: [second, first] };
    expect(joinToSpan(attempt("5", 0), lines).records).toEqual([first]);
    expect(joinToSpan(attempt("6", 54), lines).records).toEqual([second]);
  });
});

describe("lines of a trace", () => {
  test("found by time are only those a pod wrote while one of its spans ran", () => {
    const inside = logRecord({ at: 99, pod });
    const late = logRecord({ at: 200, pod });
    const stranger = logRecord({ at: 50, pod: "details-v1-6f6cfc45b-h5m2n" });
    expect(joinToTrace([server, client], { ...nothing, byTime: [inside, late, stranger] })).toEqual({
      match: "TIME_WINDOW",
      records: [inside],
    });
  });

  test("a line found by trace id and by request id is there once", () => {
    const both = accessLogRecord({}, { traceId });
    expect(joinToTrace([server], { ...nothing, byTraceId: [both], byRequestId: [both] }).records).toEqual([both]);
  });
});

describe("request ids of a trace", () => {
  test("are asked for with each sampling decision Envoy may have written into them", () => {
    expect(requestIdsOf([server, client])).toEqual([
      "37b7938f-d830-909b-b634-6c69d2cc0287",
      "37b7938f-d830-409b-b634-6c69d2cc0287",
      "37b7938f-d830-a09b-b634-6c69d2cc0287",
      "37b7938f-d830-b09b-b634-6c69d2cc0287",
    ]);
  });

  test("an access-log line with another decision is still the span's", () => {
    const line = accessLogRecord({ requestId: "37b7938f-d830-409b-b634-6c69d2cc0287" }, { pod });
    expect(joinToSpan(server, { ...nothing, byRequestId: [line] }).match).toBe("REQUEST_ID");
  });

  test("that are no UUIDs are asked for as they are", () => {
    expect(requestIdsOf([sidecarSpan("a", "SERVER", "1", null, { tags: { "guid:x-request-id": "req*1" } })])).toEqual([
      "req*1",
    ]);
  });
});
