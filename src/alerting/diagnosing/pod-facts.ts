/** CPU and memory of the pods in question, in the incident and before. Called by gather-incident.ts. */
import type { MissingPart, PodFacts, WindowEvidence } from "../../diagnosis/incident-evidence.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type DiagnosisReader, missingOf } from "./diagnosis-question.js";

const mostServices = 40;

/** The windows with their pods, by one question each for the incident and the first window before it. */
export async function withPods(
  incident: WindowEvidence,
  baselines: readonly WindowEvidence[],
  services: readonly ServiceRef[],
  reader: Pick<DiagnosisReader, "podUsage">,
): Promise<{
  readonly incident: WindowEvidence;
  readonly baselines: readonly WindowEvidence[];
  readonly missing: readonly MissingPart[];
}> {
  const asked = services.slice(0, mostServices);
  const [first, ...others] = baselines;
  const [now, before] = await Promise.all([
    factsOf(asked, incident.window, reader),
    first === undefined ? null : factsOf(asked, first.window, reader),
  ]);
  return {
    incident: { ...incident, workloads: now.facts },
    baselines: first === undefined ? [] : [{ ...first, workloads: before?.facts ?? null }, ...others],
    missing: now.missing,
  };
}

async function factsOf(services: readonly ServiceRef[], window: TimeWindow, reader: Pick<DiagnosisReader, "podUsage">) {
  const pillar = await reader.podUsage(services, window);
  const facts = pillar.value?.map((usage): PodFacts => ({ ...usage, restarts: null })) ?? null;
  const isSilent = facts !== null && facts.length === 0;
  const untold: MissingPart = {
    pillar: "WORKLOADS",
    message: "CPU and memory of pods are not known: no container_cpu_usage_seconds_total of them in the metrics.",
  };
  return { facts: isSilent ? null : facts, missing: isSilent ? [untold] : missingOf("WORKLOADS", pillar) };
}
