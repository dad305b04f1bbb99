import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { LogRecord } from "../../src/telemetry/log-source.js";
import type { Trace } from "../../src/telemetry/trace-source.js";
import { readExpected } from "../support/bookinfo/fixture-files.js";
import { logIndices } from "../support/bookinfo/log-documents.js";
import { recordedLogs, recordedTraces } from "../support/bookinfo/telemetry-records.js";
import type { ServicePage, WholeTrace } from "./joined-answers.js";
import { bookinfo, generationNames, type JoinedMesh, range, startJoined } from "./joined-mesh.js";

const expected = readExpected();
const { fromMs, traceCases } = expected;
const services = ["details", "productpage", "ratings", "reviews"];
const traces = recordedTraces();
const lines = recordedLogs(logIndices.fluentd);
const linesTold = expected.logs[logIndices.fluentd];

const iso = (ms: number) => new Date(Math.floor(ms)).toISOString();
const startOf = (trace: Trace) => trace.spans[0]?.startMs ?? 0;
/** What the caller waited for: delayed calls of ratings go on for seconds after the page has given up. */
const durationOf = (trace: Trace) => trace.spans.find((span) => span.parentSpanId === null)?.durationMs;
const traceOf = (traceId: string | null) => traces.find((trace) => trace.traceId === traceId?.padStart(32, "0"));
const isApplication = (line: LogRecord) => line.accessLog === null;
const isOf = (name: string) => (line: LogRecord) => line.serviceNames.includes(name);

/** Lines of the trace by its id, and its proxies' access log by its request ids. */
function linesOf(traceId: string) {
  const own = lines.filter((line) => line.traceId === traceId);
  const requestIds = new Set(own.map((line) => line.requestId));
  const access = lines.filter((line) => !isApplication(line) && line.requestId && requestIds.has(line.requestId));
  return { own, access, all: [...own, ...access] };
}

describe.each(generationNames)("the recorded mesh over %s, in evidence", (generation) => {
  let mesh: JoinedMesh;
  const pages = new Map<string, ServicePage>();
  beforeAll(async () => {
    mesh = await startJoined(generation);
    for (const name of services) {
      const answer = await mesh.ask<{ service: ServicePage }>("service-page", { service: bookinfo(name), range });
      expect(answer).toMatchObject({ status: 200, errors: [] });
      pages.set(name, answer.data.service);
    }
  });
  afterAll(() => mesh.close());
  const page = (name: string) => pages.get(name) as ServicePage;

  test.each(services)("the newest failing traces of %s, each once though Jaeger and Zipkin hold it", (name) => {
    const failing = traces
      .filter(({ spans }) => spans.some((span) => span.serviceName === `${name}.bookinfo` && span.status === "ERROR"))
      .sort((a, b) => startOf(b) - startOf(a))
      .slice(0, 5);
    const { sources, nodes } = page(name).traces;
    expect(sources).toMatchObject([
      { name: "jaeger", state: "OK" },
      { name: "zipkin", state: "OK" },
    ]);
    expect(
      nodes?.map(({ services: took, logs: _, ...trace }) => ({
        ...trace,
        services: took.map(({ ref }) => `${ref.name}.${ref.namespace}`).sort(),
      })),
    ).toMatchObject(
      failing.map((trace) => ({
        traceId: trace.traceId,
        foundIn: ["jaeger", "zipkin"],
        startedAt: iso(startOf(trace)),
        durationMs: durationOf(trace),
        spanCount: trace.spans.length,
        errorCount: trace.spans.filter((span) => span.status === "ERROR").length,
        services: [...new Set(trace.spans.map((span) => span.serviceName))].sort(),
      })),
    );
  });

  test.each(services.filter((name) => name !== "ratings"))(
    "every failing trace of %s carries its own lines by its id, and its proxies' by its requests",
    (name) => {
      const { nodes } = page(name).traces;
      expect(nodes).toHaveLength(5);
      for (const { traceId, logs } of nodes ?? []) {
        const { all, own } = linesOf(traceId);
        expect(own).toHaveLength(linesTold?.byTraceId[traceId] ?? 0);
        expect(logs.match).toBe("TRACE_ID");
        const oldest = all.sort((a, b) => a.atMs - b.atMs).slice(0, 20);
        expect(logs.nodes.map((line) => line.at)).toEqual(oldest.map((line) => iso(line.atMs)));
        const known = new Set(all.map((line) => `${line.pod} ${line.message} ${line.traceId}`));
        for (const line of logs.nodes) expect(known).toContain(`${line.pod} ${line.message} ${line.traceId}`);
      }
    },
  );

  test.each(services)("errors and warnings of %s are counted, newest first, each with its trace's duration", (name) => {
    const found = lines
      .filter((line) => isOf(name)(line) && (line.level === "ERROR" || line.level === "WARN"))
      .sort((a, b) => b.atMs - a.atMs);
    expect(found.length).toBeGreaterThan(0);
    const { totalCount, nodes } = page(name).logs;
    expect(totalCount).toEqual({ value: found.length, relation: "EQ" });
    expect(
      nodes?.map(({ at, level, message, pod, spanId, trace }) => ({ at, level, message, pod, spanId, trace })),
    ).toEqual(
      found.slice(0, 20).map((line) => {
        const trace = traceOf(line.traceId);
        return {
          at: iso(line.atMs),
          level: line.level,
          message: line.message,
          pod: line.pod,
          spanId: line.spanId,
          trace: trace && { traceId: trace.traceId, durationMs: durationOf(trace) },
        };
      }),
    );
  });

  test.each(services)("lines of %s are counted by level and step", (name) => {
    const { timestamps, byLevel } = page(name).logVolume;
    const stepMs = (timestamps?.[1] ?? 0) - (timestamps?.[0] ?? 0);
    const counted = new Map<string, number[]>();
    for (const line of lines.filter((one) => isOf(name)(one) && isApplication(one))) {
      const steps = counted.get(line.level) ?? timestamps?.map(() => 0) ?? [];
      const at = Math.floor((line.atMs - fromMs) / stepMs);
      steps[at] = (steps[at] ?? 0) + 1;
      counted.set(line.level, steps);
    }
    expect(new Map(byLevel?.map(({ level, values }) => [level, values]))).toEqual(counted);
  });

  describe.each(Object.entries(traceCases))("the trace of %s", (_, traceId) => {
    const recorded = traceOf(traceId) as Trace;
    let trace: WholeTrace;
    beforeAll(async () => {
      const answer = await mesh.ask<{ trace: WholeTrace }>("trace", { traceId, range });
      expect(answer).toMatchObject({ status: 200, errors: [] });
      trace = answer.data.trace;
    });

    test("has every span once, from both backends, with its service, times and state", () => {
      expect(trace).toMatchObject({
        traceId: recorded.traceId,
        foundIn: ["jaeger", "zipkin"],
        startedAt: iso(startOf(recorded)),
        durationMs: durationOf(recorded),
        complete: traceId !== traceCases.missingParent,
      });
      const key = (span: { readonly spanId: string; readonly kind: string | null }) => `${span.spanId} ${span.kind}`;
      const shown = trace.spans.map(({ service, ...span }) => ({
        key: key(span),
        service: `${service?.ref.name}.${service?.ref.namespace}`,
        operation: span.operation,
        parentSpanId: span.parentSpanId,
        startedAt: span.startedAt,
        durationMs: span.durationMs,
        status: span.status,
      }));
      expect(shown.sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(
        recorded.spans
          .map((span) => ({
            key: key(span),
            service: span.serviceName,
            operation: span.operation,
            parentSpanId: span.parentSpanId,
            startedAt: iso(span.startMs),
            durationMs: span.durationMs,
            status: span.status,
          }))
          .sort((a, b) => (a.key < b.key ? -1 : 1)),
      );
      const critical = trace.criticalPath.reduce((total, { selfMs }) => total + selfMs, 0);
      expect(critical).toBeGreaterThan(0);
      expect(critical).toBeLessThanOrEqual(trace.durationMs + 0.001);
    });

    test("has its lines, and each span has its own and its proxy's", () => {
      const { own, all } = linesOf(recorded.traceId);
      expect(trace.logs.match).toBe("TRACE_ID");
      expect(trace.logs.nodes).toHaveLength(all.length);
      for (const span of trace.spans) {
        // Applications write the id of their server's span, which a client may share.
        const withId = own.filter((line) => line.spanId === span.spanId && span.kind === "SERVER");
        expect(span.logs.nodes.length).toBe(withId.length + 1);
        expect(span.logs.match).toBe(withId.length > 0 ? "TRACE_ID" : "REQUEST_ID");
      }
    });
  });
});
