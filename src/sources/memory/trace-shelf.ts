/**
 * Traces packed and deflated in batches, with what a search must know of each: a mesh's hours of traces in a fortieth of the memory of
 * their objects.
 * Used by the memory trace source only.
 */
import { packTraces, unpackTraces } from "../../telemetry/packed-traces.js";
import type { DependencyLink, Trace } from "../../telemetry/trace-source.js";
import { countLinks } from "./count-links.js";
import { deflated, inflated } from "./deflated.js";

/** One trace on the shelf. Traces of one shape share their lists. */
export interface ShelvedTrace {
  readonly traceId: string;
  readonly startMs: number;
  /** Start of its latest span. */
  readonly lastStartMs: number;
  /** Of its longest span. */
  readonly longestMs: number;
  readonly spanCount: number;
  readonly services: readonly string[];
  /** Services with a span in error. */
  readonly failing: readonly string[];
  readonly links: readonly DependencyLink[];
}

/** Takes traces and gives them back. */
export interface TraceShelf {
  put(trace: Trace): ShelvedTrace;
  /** Reads traces that were put here. Quick for neighbours: the batch read last is still unpacked. */
  reader(): (shelved: ShelvedTrace) => Trace;
}

interface Place extends ShelvedTrace {
  /** The trace itself until its batch is full, then where it stands. */
  trace: Trace | null;
  batch: Uint8Array | null;
  nth: number;
}

const batchSize = 64;
const mostShapes = 5_000;

/** An empty shelf. What nobody refers to any more is free with the last trace of its batch. */
export function createTraceShelf(): TraceShelf {
  const shapes = new Map<string, readonly unknown[]>();
  const places = new WeakMap<ShelvedTrace, Place>();
  let open: Place[] = [];

  function shared<T>(list: readonly T[]): readonly T[] {
    const key = JSON.stringify(list);
    const known = shapes.get(key);
    if (known !== undefined) return known as readonly T[];
    if (shapes.size >= mostShapes) shapes.clear();
    shapes.set(key, list);
    return list;
  }

  function pack(): void {
    const traces = open.flatMap(({ trace }) => (trace === null ? [] : [trace]));
    const batch = deflated(new Uint8Array(packTraces({ traces, receivedCount: traces.length, warnings: [] })));
    open.forEach((place, nth) => {
      place.trace = null;
      place.batch = batch;
      place.nth = nth;
    });
    open = [];
  }

  return {
    put(trace) {
      const { traceId, spans } = trace;
      const place: Place = {
        traceId,
        startMs: spans[0]?.startMs ?? 0,
        lastStartMs: spans.at(-1)?.startMs ?? 0,
        longestMs: spans.reduce((longest, { durationMs }) => Math.max(longest, durationMs), 0),
        spanCount: spans.length,
        services: shared([...new Set(spans.map(({ serviceName }) => serviceName))].sort()),
        failing: shared(
          [...new Set(spans.filter(({ status }) => status === "ERROR").map(({ serviceName }) => serviceName))].sort(),
        ),
        links: shared(countLinks(spans)),
        trace,
        batch: null,
        nth: 0,
      };
      places.set(place, place);
      open.push(place);
      if (open.length >= batchSize) pack();
      return place;
    },
    reader() {
      let [last, traces]: [Uint8Array | null, readonly Trace[]] = [null, []];
      return (shelved) => {
        const place = places.get(shelved);
        if (place?.trace) return place.trace;
        const batch = place?.batch;
        if (!place || !batch) throw new TypeError("the trace was not put on this shelf");
        if (batch !== last) [last, traces] = [batch, unpackTraces(inflated(batch).buffer).traces];
        return traces[place.nth] as Trace;
      };
    },
  };
}
