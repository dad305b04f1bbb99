/** Traces by id: one asked for by a user, or the many that log lines name, all in one call per source. */
import DataLoader from "dataloader";
import { groupBy } from "../../telemetry/group-by.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { normaliseTraceId } from "../../telemetry/trace-id.js";
import type { MeshTrace, Pillar, ReadContext } from "../mesh.js";
import { askSources, notConfigured, pillarOf } from "../pillar.js";
import { callOptions, type EvidenceDeps } from "./evidence-deps.js";
import { type MergedTrace, mergeTraces } from "./merge-traces.js";
import { meshTrace, type TraceView } from "./mesh-trace.js";

/** Jaeger has no call for many traces: each id is one of these gets. */
const jaegerIds = 20;
/** A trace may begin before and end after the lines that name it. */
const marginMs = 15 * 60_000;

/** Lookups of one request; equal ids are asked for once. */
export interface TraceLookup {
  /** Null value with sources OK: no source holds it, or nothing of it is visible. */
  one(traceId: string, window: TimeWindow | null): Promise<Pillar<MeshTrace>>;
  /** Null when no source holds it, none could answer, or it is beyond the first 20 ids in Jaeger. */
  ofLog(traceId: string, window: TimeWindow): Promise<MeshTrace | null>;
  /** Traces that a search of this request has found: those every source holds whole are not asked for again. */
  remember(found: readonly MergedTrace[], window: TimeWindow): void;
}

interface LogKey {
  readonly traceId: string;
  readonly window: TimeWindow;
}

/** Lookups through the sources of `deps`, merged over all of them. */
export function createTraceLookup(deps: EvidenceDeps, context: ReadContext, view: TraceView): TraceLookup {
  const lookUp = async (traceIds: readonly string[], window: TimeWindow | null) => {
    const asked = await askSources(deps.traceSources, callOptions(context), deps.clock, async (source, options) => {
      const ids = source.kind === "jaeger" ? traceIds.slice(0, jaegerIds) : traceIds;
      const batch = await source.getTraces(ids, window, options);
      return { value: batch.traces, warnings: batch.warnings };
    });
    return pillarOf(asked, (answers) =>
      mergeTraces(answers.flatMap(({ source, value }) => value.map((trace) => ({ source, trace })))),
    );
  };
  const loader = new DataLoader<LogKey, MergedTrace | null, string>(
    async (keys) => {
      const found = new Map<string, MergedTrace>();
      const byWindow = groupBy(keys, ({ window }) => `${window.fromMs} ${window.toMs}`);
      await Promise.all(
        [...byWindow.values()].map(async (group) => {
          const window = group[0]?.window ?? null;
          const { value } = await lookUp(
            group.map(({ traceId }) => traceId),
            window && { fromMs: window.fromMs - marginMs, toMs: window.toMs + marginMs },
          );
          for (const trace of value ?? []) found.set(tailOf(trace.traceId), trace);
        }),
      );
      return keys.map(({ traceId }) => found.get(tailOf(traceId)) ?? null);
    },
    { cacheKeyFn: ({ traceId }) => traceId },
  );
  // Many lines name the same trace.
  const shownBefore = new Map<MergedTrace, MeshTrace | null>();
  function shown(merged: MergedTrace): MeshTrace | null {
    const known = shownBefore.get(merged);
    if (known !== undefined) return known;
    const trace = meshTrace(merged, view);
    shownBefore.set(merged, trace);
    return trace;
  }

  return {
    async one(traceId, window) {
      if (deps.traceSources.length === 0) return notConfigured("jaeger", "traces");
      const id = normaliseTraceId(traceId);
      if (id === null) return { value: null, sources: [], errors: [] };
      const { value, ...rest } = await lookUp([id], window);
      const merged = value?.[0];
      return { ...rest, value: merged === undefined ? null : meshTrace(merged, view) };
    },
    async ofLog(traceId, window) {
      const id = normaliseTraceId(traceId);
      if (id === null || deps.traceSources.length === 0) return null;
      const merged = await loader.load({ traceId: id, window });
      return merged === null ? null : shown(merged);
    },
    remember(found, window) {
      for (const trace of found) {
        if (!trace.isCut && trace.foundIn.length === deps.traceSources.length) {
          loader.prime({ traceId: trace.traceId, window }, trace);
        }
      }
    },
  };
}

/** Log lines may hold the last 64 bits of an id only. */
function tailOf(traceId: string): string {
  return traceId.slice(16);
}
