/**
 * Prometheus's remote-write protocol (version 0.1.0), as much as feeding recorded samples needs: a snappy-framed protobuf message.
 * Wire form: https://prometheus.io/docs/specs/prw/remote_write_spec/ and google/snappy format_description.txt.
 */
import type { MetricSample } from "../../support/open-metrics.js";

/** What the receiver must be told about the body. */
export const remoteWriteHeaders: Readonly<Record<string, string>> = {
  "content-type": "application/x-protobuf",
  "content-encoding": "snappy",
  "x-prometheus-remote-write-version": "0.1.0",
};

/** One request's body: samples grouped into series, in the order given. Times are whole ms. */
export function encodeRemoteWrite(samples: readonly MetricSample[]): Buffer {
  const series = new Map<string, { labels: Buffer; samples: Buffer[] }>();
  for (const sample of samples) {
    const labels = { __name__: sample.name, ...sample.labels };
    const key = JSON.stringify(Object.entries(labels).sort());
    const known = series.get(key) ?? { labels: encodeLabels(labels), samples: [] };
    series.set(key, known);
    known.samples.push(encodeSample(sample));
  }
  const message = [...series.values()].map((one) => lengthDelimited(1, Buffer.concat([one.labels, ...one.samples])));
  return snappyOfLiterals(Buffer.concat(message));
}

/** A series whose labels are encoded once for many writes: benches send millions of samples. */
export interface EncodedSeries {
  readonly labels: Buffer;
  readonly samples: readonly (readonly [atMs: number, value: number])[];
}

/** The labels of a series, its name under `__name__`. */
export function encodeSeriesLabels(labels: Readonly<Record<string, string>>): Buffer {
  return encodeLabels(labels);
}

/** One request's body of whole series. */
export function encodeSeriesWrite(series: readonly EncodedSeries[]): Buffer {
  const message = series.map(({ labels, samples }) =>
    lengthDelimited(1, Buffer.concat([labels, ...samples.map(([atMs, value]) => encodeSample({ value, atMs }))])),
  );
  return snappyOfLiterals(Buffer.concat(message));
}

/** `Label {name = 1; value = 2}` as field 1 of TimeSeries; the receiver wants them sorted, and none empty. */
function encodeLabels(labels: Readonly<Record<string, string>>): Buffer {
  const present = Object.entries(labels).filter(([, value]) => value !== "");
  present.sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(
    present.map(([name, value]) =>
      lengthDelimited(
        1,
        Buffer.concat([lengthDelimited(1, Buffer.from(name)), lengthDelimited(2, Buffer.from(value))]),
      ),
    ),
  );
}

/** `Sample {double value = 1; int64 timestamp = 2}` as field 2 of TimeSeries. */
function encodeSample({ value, atMs }: Pick<MetricSample, "value" | "atMs">): Buffer {
  const double = Buffer.alloc(9);
  double[0] = (1 << 3) | 1;
  double.writeDoubleLE(value, 1);
  return lengthDelimited(2, Buffer.concat([double, Buffer.from([2 << 3]), varint(atMs)]));
}

function lengthDelimited(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(content.length), content]);
}

/** Non-negative integers up to 2^53: divided, not shifted, because shifts are 32 bit. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  while (left >= 0x80) {
    bytes.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  bytes.push(left);
  return Buffer.from(bytes);
}

const literalBytes = 65_536;

/** Snappy without compression: the length, then literals with two-byte lengths. */
function snappyOfLiterals(content: Buffer): Buffer {
  const pieces = [varint(content.length)];
  for (let at = 0; at < content.length; at += literalBytes) {
    const literal = content.subarray(at, at + literalBytes);
    const last = literal.length - 1;
    pieces.push(Buffer.from([61 << 2, last & 0xff, last >> 8]), literal);
  }
  return Buffer.concat(pieces);
}
