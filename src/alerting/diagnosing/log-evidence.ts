/** ERROR lines of the services in question with their true counts, and the lines of some traces. Called by window-evidence.ts. */
import type { ErrorLogs, LogLine, MissingPart, TraceLine } from "../../diagnosis/incident-evidence.js";
import type { MeshLogRecord, MeshTrace } from "../../mesh/mesh.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type DiagnosisReader, missingOf } from "./diagnosis-question.js";

const mostServices = 30;
const linesPerService = 30;
/** Of an incident; of all the time before it together. */
const linesOfIncident = 40;
export const linesOfBaselines = 120;
const linesPerTrace = 40;

/** By one search per namespace; null when no source answered. */
export async function errorLines(
  services: readonly ServiceRef[],
  window: TimeWindow,
  reader: Pick<DiagnosisReader, "logsOfServices">,
): Promise<{ readonly value: readonly ErrorLogs[] | null; readonly missing: readonly MissingPart[] }> {
  const selection = { levels: ["FATAL", "ERROR"], text: null, lines: "application", pods: null } as const;
  const asked = services.slice(0, mostServices);
  const pillar = await reader.logsOfServices(asked, window, selection, linesPerService);
  const value = pillar.value?.flatMap(({ records, total }, at): readonly ErrorLogs[] => {
    const service = asked[at];
    const count = total?.value ?? records.length;
    if (service === undefined || count === 0) return [];
    return [{ service, count, lines: records.map((record) => lineOf(record, service)) }];
  });
  return { value: value ?? null, missing: missingOf("LOGS", pillar) };
}

/** Lines with the ids of traces, evenly of the traces given; null when no source answered or there are no traces. */
export async function linesOfTraces(
  traces: readonly MeshTrace[],
  spell: (ref: ServiceRef) => ServiceRef,
  reader: Pick<DiagnosisReader, "logsOfTraces">,
  mostTraces = linesOfIncident,
): Promise<readonly TraceLine[] | null> {
  const step = Math.max(1, traces.length / mostTraces);
  const asked = traces.filter((_, i) => Math.floor((i + 1) / step) > Math.floor(i / step));
  if (asked.length === 0) return null;
  const { value } = await reader.logsOfTraces(asked, linesPerTrace);
  return (
    value?.flatMap(({ records }, at) =>
      records.flatMap((record): readonly TraceLine[] =>
        record.service === null || record.accessLog !== null
          ? []
          : [{ ...lineOf(record, spell(record.service)), traceId: asked[at]?.traceId ?? "" }],
      ),
    ) ?? null
  );
}

function lineOf({ pod, level, message }: MeshLogRecord, service: ServiceRef): LogLine {
  return { service, pod, level, message };
}
