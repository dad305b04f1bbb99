/** ERROR lines of the services in question with their true counts, and the lines of some traces. Called by window-evidence.ts. */
import type { ErrorLogs, LogLine, MissingPart, TraceLine } from "../../diagnosis/incident-evidence.js";
import type { MeshLogRecord, MeshTrace } from "../../mesh/mesh.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type DiagnosisReader, missingOf } from "./diagnosis-question.js";

const mostServices = 30;
const linesPerService = 30;
const mostTraces = 40;
const linesPerTrace = 40;

/** One call per log source for all services; null when no source answered. */
export async function errorLines(
  services: readonly ServiceRef[],
  window: TimeWindow,
  reader: Pick<DiagnosisReader, "logs">,
): Promise<{ readonly value: readonly ErrorLogs[] | null; readonly missing: readonly MissingPart[] }> {
  const selection = { levels: ["FATAL", "ERROR"], text: null, lines: "application", pods: null } as const;
  const asked = services.slice(0, mostServices);
  const pillars = await Promise.all(
    asked.map((service) => reader.logs(service, window, selection, linesPerService, null, true)),
  );
  const missing = pillars.flatMap((pillar) => missingOf("LOGS", pillar));
  if (pillars.every(({ value }) => value === null)) return { value: null, missing };
  const value = pillars.flatMap(({ value }, at): readonly ErrorLogs[] => {
    const service = asked[at];
    if (value === null || service === undefined) return [];
    const count = value.total?.value ?? value.records.length;
    return count === 0 ? [] : [{ service, count, lines: value.records.map((record) => lineOf(record, service)) }];
  });
  return { value, missing };
}

/** Lines with the ids of traces, evenly of the traces given; null when no source answered or there are no traces. */
export async function linesOfTraces(
  traces: readonly MeshTrace[],
  spell: (ref: ServiceRef) => ServiceRef,
  reader: Pick<DiagnosisReader, "logsOfTrace">,
): Promise<readonly TraceLine[] | null> {
  const step = Math.max(1, traces.length / mostTraces);
  const asked = traces.filter((_, i) => Math.floor((i + 1) / step) > Math.floor(i / step));
  const pillars = await Promise.all(asked.map((trace) => reader.logsOfTrace(trace, linesPerTrace)));
  if (pillars.every(({ value }) => value === null)) return null;
  return pillars.flatMap(({ value }, at) => {
    const traceId = asked[at]?.traceId ?? "";
    // Lines of the same minutes only may be of other requests.
    const isJoined = value !== null && value.match !== "TIME_WINDOW";
    return (isJoined ? value.records : []).flatMap((record): readonly TraceLine[] =>
      record.service === null || record.accessLog !== null
        ? []
        : [{ ...lineOf(record, spell(record.service)), traceId }],
    );
  });
}

function lineOf({ pod, level, message }: MeshLogRecord, service: ServiceRef): LogLine {
  return { service, pod, level, message };
}
