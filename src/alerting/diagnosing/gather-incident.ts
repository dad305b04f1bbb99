/**
 * From a service and a window to the evidence of a diagnosis, over one reader. Called by the GraphQL query and by the gatherer of an
 * incident's evidence. Per window: at most ten trace searches, one query for edges, one call for lines.
 */
import { diagnose } from "../../diagnosis/diagnose.js";
import type { Diagnosis } from "../../diagnosis/diagnosis.js";
import type {
  IncidentEvidence,
  LearntBackground,
  MissingPart,
  WindowEvidence,
} from "../../diagnosis/incident-evidence.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { againstOtherDays } from "./against-other-days.js";
import { gatherBaselines } from "./baseline-evidence.js";
import { callerToAsk, mayBeLost } from "./caller-to-ask.js";
import { chooseWindows } from "./choose-windows.js";
import { type DiagnosisQuestion, type DiagnosisReader, oncePerSentence } from "./diagnosis-question.js";
import { asCallersSaw, callsInto, edgeMeasures } from "./edge-measures.js";
import { nearChanges } from "./near-changes.js";
import { isNewer, newestPartMs } from "./newest-part.js";
import { onsetOfTraces } from "./onset-of-traces.js";
import { withPods } from "./pod-facts.js";
import { gatherWindow } from "./window-evidence.js";

const [halfHourMs, hourMs, dayMs] = [1_800_000, 3_600_000, 86_400_000];

/** Gathers and judges. Sources that fail make a smaller claim; never rejects for a source's sake. */
export async function diagnoseIncident(question: DiagnosisQuestion, reader: DiagnosisReader): Promise<Diagnosis> {
  const { evidence, newest } = await gatherIncident(question, reader);
  const chosen = diagnose(evidence);
  const whole = question.baselines === null ? againstOtherDays(evidence, chosen) : chosen;
  if (newest === null) return whole;
  const late = diagnose({ ...evidence, incident: newest });
  return isNewer(late, whole) ? late : whole;
}

/** The evidence alone, and that of the window's newest part where no beginning is known. */
export async function gatherIncident(
  question: DiagnosisQuestion,
  { spanning }: Pick<DiagnosisReader, "spanning">,
): Promise<{ readonly evidence: IncidentEvidence; readonly newest: WindowEvidence | null }> {
  const { objective, isDeniedFailed } = question;
  const { fromMs, toMs } = question.window;
  // Everything but last week lies within it.
  const reader = spanning({ fromMs: fromMs - dayMs - 2 * hourMs, toMs });
  const windows = await chooseWindows(question, reader);
  const { incident: window, slowMs } = windows;
  const onsetMs = windows.onsetMs ?? window.fromMs;
  const counted = edgeMeasures(window, isDeniedFailed, reader);
  const termsOf = async (service: ServiceRef) => {
    const isCounted = callsInto(service, (await counted).edges ?? []).length > 0;
    return { service, isDeniedFailed, slowMs, isCounted };
  };
  const gather = (service: ServiceRef, one: TimeWindow) =>
    gatherWindow({ service, isDeniedFailed, slowMs, isCounted: false }, one, reader);
  const newestMs = newestPartMs(window, question, windows.onsetMs);
  const late = (service: ServiceRef) =>
    newestMs === null ? null : gather(service, { fromMs: window.toMs - newestMs, toMs: window.toMs });
  const before = async (service: ServiceRef) => gatherBaselines(await termsOf(service), windows, reader);
  const gathering = gather(question.service, window);
  // Begun before it is known whose traces tell, unless it is in doubt.
  const isInDoubt = mayBeLost(question.service, (await counted).edges);
  const [own, early, background] = await Promise.all([
    gathering,
    isInDoubt ? null : Promise.all([before(question.service), late(question.service)]),
    learnBackground(onsetMs, isDeniedFailed, reader),
  ]);
  const caller = callerToAsk(question.service, own.evidence);
  const service = caller ?? question.service;
  const [incident, [baselines, newest]] = await Promise.all([
    caller === null ? own : gather(service, window),
    caller === null && early !== null ? early : Promise.all([before(service), late(service)]),
  ]);
  const around = { fromMs: Math.min(onsetMs, window.fromMs) - halfHourMs, toMs: window.toMs };
  const [changes, pods] = await Promise.all([
    nearChanges(incident.services, around, reader),
    withPods(incident.evidence, baselines.filter(hasAnything), incident.services, reader),
  ]);
  const evidence: IncidentEvidence = {
    service,
    ...(caller === null ? {} : { alerting: question.service }),
    objective,
    onsetMs:
      windows.onsetMs ?? onsetOfTraces(incident.evidence.traces ?? []) ?? (question.isBurning ? window.fromMs : null),
    incident: pods.incident,
    baselines: pods.baselines,
    background,
    changes: changes.changes,
    befell: changes.befell,
    missing: oncePerSentence([
      ...(caller === null ? [] : [neverReached(question.service, caller)]),
      ...incident.missing,
      ...windows.missing,
      ...changes.missing,
      ...noBaseline(pods.baselines.length),
      ...pods.missing,
      ...(changes.befell === null
        ? [{ pillar: "WORKLOADS" as const, message: "Restarts within the window are not known." }]
        : []),
    ]),
  };
  // Pods are asked about over the whole window.
  const { workloads } = pods.incident;
  return { evidence, newest: newest === null ? null : { ...newest.evidence, workloads } };
}

/** A day of the mesh as one step: how often services fail anyway. [] when not known. */
async function learnBackground(
  onsetMs: number,
  isDeniedFailed: boolean,
  reader: DiagnosisReader,
): Promise<readonly LearntBackground[]> {
  const { edges } = await edgeMeasures({ fromMs: onsetMs - dayMs, toMs: onsetMs }, isDeniedFailed, reader);
  return asCallersSaw(edges ?? []).flatMap((edge): readonly LearntBackground[] => {
    const { source, destination, requestCount, failedCount, durationSumMs } = edge;
    if (destination.kind !== "SERVICE") return [];
    const steps = [{ requestCount, failedCount, durationSumMs }];
    // Calls from nobody known must not stand for all callers together.
    return source === null
      ? []
      : [{ source, destination: destination.service, stepMs: dayMs, steps, errorLines: null }];
  });
}

function hasAnything({ traces, edges }: WindowEvidence): boolean {
  return (traces?.length ?? 0) > 0 || (edges?.length ?? 0) > 0;
}

function neverReached(service: ServiceRef, caller: ServiceRef): MissingPart {
  const message = `Calls to ${service.name} failed before they reached it and left no traces there: the requests of its caller ${caller.name} were looked at.`;
  return { pillar: "TRACES", message };
}

function noBaseline(count: number): readonly MissingPart[] {
  return count > 0 ? [] : [{ pillar: "BASELINE", message: "No window before the incident holds traces or metrics." }];
}
