/** The committed recording as values: feeds the memory sources in unit tests, and tells every test what must come out. */
import { type MetricSample, parseOpenMetrics } from "../open-metrics.js";
import type { Expected } from "./expectations.js";
import { readExpected, readFixture } from "./fixture-files.js";
import type { ZipkinSpan } from "./zipkin-spans.js";

/** A log document as a shipper sent it. */
export interface RecordedLog {
  readonly index: string;
  readonly id: string;
  readonly source: Readonly<Record<string, unknown>>;
}

/** The recorded mesh. */
export interface Bookinfo {
  readonly metrics: readonly MetricSample[];
  /** Zipkin v2 wire form, one list per trace. */
  readonly traces: readonly (readonly ZipkinSpan[])[];
  readonly logs: readonly RecordedLog[];
  readonly expected: Expected;
}

/** Reads the recording; a few tens of milliseconds, so once per test file. */
export function loadBookinfo(): Bookinfo {
  const lines = jsonLines(readFixture("logs"));
  const logs: RecordedLog[] = [];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const { index } = lines[at] as { index: { _index: string; _id: string } };
    logs.push({ index: index._index, id: index._id, source: lines[at + 1] as Record<string, unknown> });
  }
  return {
    metrics: parseOpenMetrics(readFixture("metrics")),
    traces: jsonLines(readFixture("spans")) as ZipkinSpan[][],
    logs,
    expected: readExpected(),
  };
}

function jsonLines(text: string): unknown[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
