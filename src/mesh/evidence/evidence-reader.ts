/** The traces-and-logs half of MeshReader; create-mesh.ts joins it with the metrics half. One reader serves one request. */

import { setMaxListeners } from "node:events";
import { serviceLinks } from "../links/service-links.js";
import { traceLinks } from "../links/trace-links.js";
import type { MeshReader, ReadContext } from "../mesh.js";
import type { EvidenceDeps } from "./evidence-deps.js";
import { linesOfTraces } from "./lines-of-traces.js";
import { createLogAsker } from "./log-asker.js";
import { logPatterns } from "./log-patterns.js";
import { searchLogs } from "./log-search.js";
import { logVolume } from "./log-volume.js";
import { logsOfServices } from "./logs-of-services.js";
import type { TraceView } from "./mesh-trace.js";
import { createSampledSearch, type SearchSources } from "./sampled-search.js";
import { createTraceLogs } from "./trace-logs.js";
import { createTraceLookup } from "./trace-lookup.js";
import { searchTraces } from "./trace-search.js";

/** The methods this half answers. */
export type EvidenceReader = Pick<
  MeshReader,
  | "traces"
  | "trace"
  | "traceOfLog"
  | "logs"
  | "logsOfServices"
  | "logVolume"
  | "logPatterns"
  | "logsOfTrace"
  | "logsOfTraces"
  | "logsOfSpan"
  | "serviceLinks"
>;

/**
 * Upstream calls of a service page: one search per trace source, one lookup of the traces its log lines name that the search did not find,
 * and per log source one call for lines and their total, one for counts over time, and one for the lines of its traces (a second one only for
 * traces no line names).
 */
export function createEvidenceReader(deps: EvidenceDeps, context: ReadContext): EvidenceReader {
  const { visibility } = context;
  // A page has dozens of questions under way on the one signal; Node would warn of a leak at eleven.
  setMaxListeners(0, context.signal);
  const view: TraceView = {
    visibility,
    clusters: deps.clusters,
    linksOf: (trace) => traceLinks(trace, deps.links),
  };
  const lookup = createTraceLookup(deps, context, view);
  const search: SearchSources = async (question, sources) => {
    const searched = await searchTraces(question, sources, deps, context, view);
    lookup.remember(searched.found, question.window);
    return searched;
  };
  const sample = createSampledSearch(deps.traceSources, search);
  const ask = createLogAsker(deps, context);
  const traceLogs = createTraceLogs(deps, visibility, ask);
  return {
    traces: async (ref, window, selection, limit, after) => {
      const question = { ref, window, selection, limit, after };
      return selection.isSample === true ? sample(question) : (await search(question, deps.traceSources)).page;
    },
    trace: (traceId, window) => lookup.one(traceId, window),
    traceOfLog: (traceId, window) => lookup.ofLog(traceId, window),
    logs: (ref, window, selection, limit, after, withTotal) =>
      searchLogs({ ref, window, selection, limit, after, withTotal }, deps, visibility, ask),
    logsOfServices: (refs, window, selection, limitEach) =>
      logsOfServices({ refs, window, selection, limitEach }, deps, visibility, ask),
    logVolume: (ref, window, selection, maxPoints) =>
      logVolume(ref, window, selection, maxPoints, deps, visibility, ask),
    logPatterns: (ref, windows, selection, limit) => logPatterns(ref, windows, selection, limit, deps, visibility, ask),
    logsOfTrace: (trace, limit) => traceLogs.ofTrace(trace, limit),
    logsOfTraces: (traces, limitEach) => linesOfTraces(traces, limitEach, deps, visibility, ask),
    logsOfSpan: (trace, span, limit) => traceLogs.ofSpan(trace, span, limit),
    serviceLinks: (ref, window) =>
      serviceLinks(ref, window, deps.links, (source) => deps.names.knownIn(source, ref, deps.workloadsOf(ref))),
  };
}
