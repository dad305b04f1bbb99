import { describe, expect, test } from "@jest/globals";
import type { MetricSample } from "../open-metrics.js";
import { type FixtureTexts, fixtureFiles, generateFixture, readFixture } from "./fixture-files.js";
import { loadBookinfo } from "./load-bookinfo.js";

const { metrics, traces, logs, expected } = loadBookinfo();
const { fromMs, toMs } = expected;

/** Increase within (fromMs, toMs] by hand: a fall is a restart, a series without a sample at the start begins at 0. */
function increase(samples: readonly MetricSample[]): number {
  let before = samples.findLast((sample) => sample.atMs <= fromMs)?.value ?? 0;
  let total = 0;
  for (const { value, atMs } of samples) {
    if (atMs <= fromMs || atMs > toMs) continue;
    total += value < before ? value : value - before;
    before = value;
  }
  return total;
}

function series(name: string, matching: Readonly<Record<string, string>>): MetricSample[] {
  return metrics.filter(
    (sample) =>
      sample.name === name && Object.entries(matching).every(([label, value]) => sample.labels[label] === value),
  );
}

describe("the recorded mesh", () => {
  test("the committed files are what the generator makes today", () => {
    const made = generateFixture();
    for (const purpose of Object.keys(fixtureFiles) as (keyof FixtureTexts)[]) {
      // Compared as a truth value: a diff of megabytes would hide the message.
      expect({ purpose, isCurrent: made[purpose] === readFixture(purpose) }).toEqual({ purpose, isCurrent: true });
    }
  });

  test("the counters of every edge add up to the calls made, also over births, resets and ends of series", () => {
    for (const row of expected.requests) {
      const labels = {
        reporter: row.reporter,
        source_workload: row.source,
        destination_service_name: row.service,
        destination_workload: row.destination,
        response_code: row.code,
        response_flags: row.flags,
      };
      const counted = increase(series("istio_requests_total", labels));
      const observed = increase(series("istio_request_duration_milliseconds_count", labels));
      const durations = increase(series("istio_request_duration_milliseconds_sum", labels));
      expect([row.service, row.flags, counted, observed, durations]).toEqual([
        row.service,
        row.flags,
        row.count,
        row.count,
        row.durationSumMs,
      ]);
      expect(row.byMinute.reduce((sum, count) => sum + count, 0)).toBe(row.count);
    }
  });

  test("TCP connections and bytes add up too", () => {
    for (const row of expected.connections) {
      const labels = { source_workload: row.source, destination_service_name: row.service, response_flags: row.flags };
      expect(increase(series("istio_tcp_connections_opened_total", labels))).toBe(row.opened);
      // Istio's "received" is the server's: what the caller sent.
      expect(increase(series("istio_tcp_received_bytes_total", labels))).toBe(row.sentBytes);
      expect(increase(series("istio_tcp_sent_bytes_total", labels))).toBe(row.receivedBytes);
    }
  });

  test("it holds a series born within the range on a scraped target, a reset, and a series that vanishes", () => {
    const born = series("istio_requests_total", { response_flags: "FI" });
    expect(born[0]?.value).toBeGreaterThan(1);
    expect(series("up", { pod: born[0]?.labels["pod"] ?? "" })[0]?.atMs).toBeLessThan(born[0]?.atMs ?? 0);
    const details = series("istio_requests_total", { app: "details", reporter: "destination", response_code: "200" });
    expect(details.some((sample, at) => sample.value < (details[at - 1]?.value ?? 0))).toBe(true);
    expect(series("up", { app: "reviews", version: "v1" }).at(-1)?.atMs).toBe(toMs - 60_000);
  });

  test("each trace has the spans that were counted, and the peculiar ones their peculiarity", () => {
    expect(traces.map((spans) => [spans[0]?.traceId, spans.length])).toEqual(
      expected.traces.map((trace) => [trace.traceId, trace.spans]),
    );
    const trace = (id: string) => traces.find((spans) => spans[0]?.traceId === id) ?? [];
    const cases = expected.traceCases;
    expect(cases.shortTraceId).toHaveLength(16);
    expect(trace(cases.sharedSpan).filter((span) => span.shared)).toHaveLength(1);
    const incomplete = trace(cases.missingParent);
    const ids = new Set(incomplete.map((span) => span.id));
    expect(incomplete.some((span) => span.parentId !== undefined && !ids.has(span.parentId))).toBe(true);
    expect(trace(cases.abort).some((span) => span.tags["response_flags"] === "FI")).toBe(true);
    expect(trace(cases.callerGaveUp).filter((span) => span.tags["response_flags"] === "DC")).toHaveLength(4);
    expect(trace(cases.blackHole).filter((span) => span.tags["http.status_code"] === "500")).toHaveLength(2);
  });

  test("a delayed call outlives the page it was made for", () => {
    const spans = traces.find((trace) => trace[0]?.traceId === expected.traceCases.callerGaveUp) ?? [];
    const endOf = (span: (typeof spans)[number] | undefined) => (span?.timestamp ?? 0) + (span?.duration ?? 0);
    expect(Math.max(...spans.map(endOf))).toBeGreaterThan(endOf(spans[0]));
  });

  test("every index has the documents that were counted, and each log line of a trace names one that exists", () => {
    const known = new Set(expected.traces.map((trace) => trace.traceId));
    for (const [index, counts] of Object.entries(expected.logs)) {
      expect([index, logs.filter((log) => log.index === index).length]).toEqual([index, counts.total]);
      expect(Object.keys(counts.byTraceId).filter((id) => !known.has(id))).toEqual([]);
    }
  });
});
