/** The time before an incident: metrics of some stretches, and a few traces of each of many short pieces. Called by gather-incident.ts. */
import type { WindowEvidence } from "../../diagnosis/incident-evidence.js";
import type { MeshTrace } from "../../mesh/mesh.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { ChosenWindows } from "./choose-windows.js";
import type { DiagnosisReader } from "./diagnosis-question.js";
import { edgeMeasures, isSilent } from "./edge-measures.js";
import { linesOfBaselines, linesOfTraces } from "./log-evidence.js";
import { oneSpelling } from "./one-spelling.js";
import { endsOf, gatherWindow, respell, type WindowTerms, weightedTrace } from "./window-evidence.js";

/** Of all pieces together, and the least of each: fewer tell nothing of it. */
const wantedTraces = 180;
const [leastPerPiece, mostPerPiece] = [15, 40];

/** Windows of evidence: those with metrics hold no traces and those with traces no metrics, but where the windows were given. */
export async function gatherBaselines(
  terms: WindowTerms,
  { stretches, pieces }: Pick<ChosenWindows, "stretches" | "pieces">,
  reader: DiagnosisReader,
): Promise<readonly WindowEvidence[]> {
  if (pieces === null) {
    const gathered = await Promise.all(stretches.map((stretch) => gatherWindow(terms, stretch, reader)));
    return gathered.map(({ evidence }) => evidence);
  }
  const counted = await Promise.all(stretches.map((stretch) => edgeMeasures(stretch, terms.isDeniedFailed, reader)));
  const silent = terms.isCounted
    ? counted.flatMap((one, i) => (isSilent(terms.service, one) ? (stretches[i] ?? []) : []))
    : [];
  const heard = pieces.filter((piece) => !silent.some((one) => piece.fromMs >= one.fromMs && piece.toMs <= one.toMs));
  const traced = await tracesOf(terms, heard, reader);
  const spell = oneSpelling([terms.service, ...counted.flatMap(({ edges }) => (edges ?? []).flatMap(endsOf))]);
  const respelt = traced.map(({ piece, traces }) => ({
    piece,
    traces: traces.map((trace) => respell(trace, spell, terms.isDeniedFailed)),
  }));
  const lines = await linesOfTraces(
    respelt.flatMap(({ traces }) => traces),
    spell,
    reader,
    linesOfBaselines,
  );
  return [
    ...respelt.map(({ piece, traces }) => ({ ...nothing, ...tracedWindow(piece, traces, lines) })),
    ...counted.map(({ edges, connections }, i) => ({
      ...nothing,
      window: stretches[i] ?? { fromMs: 0, toMs: 0 },
      edges,
      connections,
    })),
  ];
}

const nothing = { traces: null, edges: null, errorLogs: null, traceLines: null, workloads: null };

const dayMs = 86_400_000;

/** One fair search for each piece; those that no source answers, or that hold none, are left out. */
async function tracesOf({ service }: WindowTerms, pieces: readonly TimeWindow[], reader: DiagnosisReader) {
  // Backends often keep no other days: these pieces are not counted on.
  const newestMs = Math.max(...pieces.map(({ toMs }) => toMs));
  const today = pieces.filter(({ toMs }) => newestMs - toMs < dayMs / 2).length;
  const limit = Math.min(mostPerPiece, Math.max(leastPerPiece, Math.ceil(wantedTraces / Math.max(1, today))));
  const any = {
    errorsOnly: false,
    minDurationMs: null,
    maxDurationMs: null,
    operation: null,
    tags: {},
    isSample: true,
  };
  const found = await Promise.all(pieces.map((piece) => reader.traces(service, piece, any, limit, null)));
  return pieces.flatMap((piece, i) => {
    const traces = found[i]?.value?.traces ?? [];
    return traces.length === 0 ? [] : [{ piece, traces }];
  });
}

function tracedWindow(
  window: TimeWindow,
  traces: readonly MeshTrace[],
  lines: WindowEvidence["traceLines"],
): Pick<WindowEvidence, "window" | "traces" | "traceLines"> {
  const ids = new Set(traces.map(({ traceId }) => traceId));
  return {
    window,
    traces: traces.map((trace) => weightedTrace(trace, 1)),
    traceLines: lines?.filter(({ traceId }) => ids.has(traceId)) ?? null,
  };
}
