/**
 * Traces as one flat buffer: what crosses from a decoding worker to the event loop without being cloned object by object.
 * A worker packs (packTraces), the loop unpacks (unpackTraces); spans are made when a trace's `spans` is first read.
 *
 * Layout: 8 section lengths (uint32), then float64 sections, then uint32 sections, then UTF-8 bytes. Texts stand once, by number.
 */
import type { Span, SpanEvent, SpanKind, Trace } from "./trace-source.js";

/** What a decoder makes of one answer. */
export interface DecodedTraces {
  /** Newest start first. */
  readonly traces: readonly Trace[];
  /** Traces the backend sent, before any were filtered out here: tells whether it stopped at its limit. */
  readonly receivedCount: number;
  readonly warnings: readonly string[];
}

const kinds: readonly (SpanKind | null)[] = [null, "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const statuses: readonly Span["status"][] = ["UNSET", "OK", "ERROR"];
const sectionCount = 8;
/** Numbers per row of the integer sections. */
const traceRow = 4;
const spanRow = 8;
const eventRow = 3;

/** Flattens decoded traces. The buffer is self-contained and may be transferred. */
export function packTraces(decoded: DecodedTraces): ArrayBuffer {
  const texts = new Map<string, number>();
  const text = (value: string): number => {
    const known = texts.get(value);
    if (known !== undefined) return known;
    texts.set(value, texts.size);
    return texts.size - 1;
  };
  const times: number[] = [];
  const eventTimes: number[] = [];
  const traceRows: number[] = [];
  const spanRows: number[] = [];
  const eventRows: number[] = [];
  const pairs: number[] = [];
  const addPairs = (map: Readonly<Record<string, string>>): number => {
    for (const key of Object.keys(map)) pairs.push(text(key), text(map[key] ?? ""));
    return pairs.length / 2;
  };
  const warnings = decoded.warnings.map(text);
  for (const trace of decoded.traces) {
    const spans = trace.spans;
    traceRows.push(text(trace.traceId), times.length / 2, spans.length, trace.isComplete ? 1 : 0);
    for (const span of spans) {
      times.push(span.startMs, span.durationMs);
      const flags = kinds.indexOf(span.kind) | (statuses.indexOf(span.status) << 3) | (span.isShared ? 32 : 0);
      const parent = span.parentSpanId === null ? 0 : text(span.parentSpanId) + 1;
      const ends = [addPairs(span.tags)];
      for (const event of span.events) {
        eventTimes.push(event.atMs);
        eventRows.push(text(event.name), pairs.length / 2, addPairs(event.attributes));
      }
      ends.push(eventTimes.length);
      spanRows.push(
        text(span.spanId),
        parent,
        text(span.serviceName),
        text(span.operation),
        flags,
        ...ends,
        pairs.length / 2,
      );
    }
  }
  const encoded = [...texts.keys()].map((value) => Buffer.from(value, "utf8"));
  let end = 0;
  const textEnds = encoded.map((bytes) => (end += bytes.length));
  const integers = [traceRows, spanRows, eventRows, pairs, warnings, textEnds];
  const header = [times.length, eventTimes.length, ...integers.map((section) => section.length)];
  const integerCount = integers.reduce((sum, section) => sum + section.length, 0) + 1;
  const floatBytes = 8 * (times.length + eventTimes.length);
  const packed = new ArrayBuffer(sectionCount * 4 + floatBytes + 4 * integerCount + end);
  new Uint32Array(packed, 0, sectionCount).set(header);
  const floats = new Float64Array(packed, sectionCount * 4, times.length + eventTimes.length);
  floats.set(times);
  floats.set(eventTimes, times.length);
  const words = new Uint32Array(packed, sectionCount * 4 + floatBytes, integerCount);
  words[0] = decoded.receivedCount;
  let at = 1;
  for (const section of integers) {
    words.set(section, at);
    at += section.length;
  }
  const bytes = Buffer.from(packed, sectionCount * 4 + floatBytes + 4 * integerCount);
  encoded.forEach((value, i) => {
    value.copy(bytes, i === 0 ? 0 : textEnds[i - 1]);
  });
  return packed;
}

/** The traces of a buffer made by packTraces. Cheap until `spans` of a trace is read; the buffer lives as long as any of them. */
export function unpackTraces(packed: ArrayBuffer): DecodedTraces {
  const [timeCount = 0, eventCount = 0, ...lengths] = new Uint32Array(packed, 0, sectionCount);
  const floats = sectionCount * 4;
  const times = new Float64Array(packed, floats, timeCount);
  const eventTimes = new Float64Array(packed, floats + 8 * timeCount, eventCount);
  let offset = floats + 8 * (timeCount + eventCount);
  const [receivedCount = 0] = new Uint32Array(packed, offset, 1);
  offset += 4;
  const section = (index: number): Uint32Array => {
    const length = lengths[index] ?? 0;
    const words = new Uint32Array(packed, offset, length);
    offset += 4 * length;
    return words;
  };
  const [traceRows, spanRows, eventRows, pairs, warnings, textEnds] = [0, 1, 2, 3, 4, 5].map(section) as SixSections;
  const textAt = textReader(Buffer.from(packed, offset), textEnds);

  const readPairs = (from: number, to: number): Record<string, string> => {
    const map: Record<string, string> = {};
    for (let i = from; i < to; i++) setOwn(map, textAt(pairs[2 * i] ?? 0), textAt(pairs[2 * i + 1] ?? 0));
    return map;
  };
  const readEvents = (from: number, to: number): SpanEvent[] => {
    const events: SpanEvent[] = [];
    for (let i = from; i < to; i++) {
      const [name = 0, pairsFrom = 0, pairsTo = 0] = eventRows.subarray(i * eventRow, (i + 1) * eventRow);
      events.push({ atMs: eventTimes[i] ?? 0, name: textAt(name), attributes: readPairs(pairsFrom, pairsTo) });
    }
    return events;
  };
  const readSpan = (i: number): Span => {
    const word = (column: number): number => spanRows[i * spanRow + column] ?? 0;
    const previous = (column: number): number => (i === 0 ? 0 : (spanRows[(i - 1) * spanRow + column] ?? 0));
    const flags = word(4);
    const parent = word(1);
    return {
      spanId: textAt(word(0)),
      parentSpanId: parent === 0 ? null : textAt(parent - 1),
      isShared: (flags & 32) !== 0,
      serviceName: textAt(word(2)),
      operation: textAt(word(3)),
      kind: kinds[flags & 7] ?? null,
      startMs: times[2 * i] ?? 0,
      durationMs: times[2 * i + 1] ?? 0,
      status: statuses[(flags >> 3) & 3] ?? "UNSET",
      tags: readPairs(previous(7), word(5)),
      events: readEvents(previous(6), word(6)),
    };
  };
  const traces: Trace[] = [];
  for (let i = 0; i < traceRows.length; i += traceRow) {
    const [id = 0, first = 0, count = 0, isComplete = 0] = traceRows.subarray(i, i + traceRow);
    let spans: readonly Span[] | null = null;
    traces.push({
      traceId: textAt(id),
      isComplete: isComplete === 1,
      get spans() {
        spans ??= Array.from({ length: count }, (_, n) => readSpan(first + n));
        return spans;
      },
    });
  }
  return { traces, receivedCount, warnings: [...warnings].map(textAt) };
}

type SixSections = [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];

/** Texts by number, each decoded once: equal texts of a batch are one string in memory. */
function textReader(bytes: Buffer, ends: Uint32Array): (index: number) => string {
  const made: (string | undefined)[] = [];
  return (index) => {
    const known = made[index];
    if (known !== undefined) return known;
    const value = bytes.toString("utf8", index === 0 ? 0 : ends[index - 1], ends[index]);
    made[index] = value;
    return value;
  };
}

/** Sets a key that came from outside: `__proto__` must become a key like any other. */
export function setOwn(map: Record<string, string>, key: string, value: string): void {
  if (key === "__proto__")
    Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
  else map[key] = value;
}
