/** What a diagnosis is asked about, and what is remembered of it while its evidence is gathered. Used by every file of this folder. */
import type { EvidenceObjective, EvidencePillar, MissingPart } from "../../diagnosis/incident-evidence.js";
import type { MeshReader, Pillar } from "../../mesh/mesh.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";

/** Who burned and when. */
export interface DiagnosisQuestion {
  readonly service: ServiceRef;
  /** What is bad of it; null counts failures and slowness against the baseline. */
  readonly objective: EvidenceObjective | null;
  /** Whether a call that a policy of the mesh denied (403) failed; the contract calls it the caller's error. */
  readonly isDeniedFailed: boolean;
  /** Whether an objective says that it burns; false: somebody asks, and naming one takes more unless the evidence shows a beginning. */
  readonly isBurning: boolean;
  readonly window: TimeWindow;
  /** Windows that did not burn; null chooses them by the service's own metrics. */
  readonly baselines: readonly TimeWindow[] | null;
}

/** The reads evidence is gathered by. */
export interface DiagnosisReader
  extends Pick<MeshReader, "traces" | "graph" | "golden" | "logsOfServices" | "logsOfTraces" | "podUsage" | "changes"> {
  spanning(window: TimeWindow): DiagnosisReader;
}

/** What sources of a pillar did not tell, in sentences; [] when all of them answered in full. */
export function missingOf(pillar: EvidencePillar, { sources }: Pillar<unknown>): readonly MissingPart[] {
  return sources.flatMap(({ name, state, message }) =>
    state === "OK" ? [] : [{ pillar, message: message ?? `Source "${name}" is ${state.toLowerCase()}.` }],
  );
}

/** Each sentence once. */
export function oncePerSentence(parts: readonly MissingPart[]): readonly MissingPart[] {
  return [...new Map(parts.map((part) => [`${part.pillar} ${part.message}`, part])).values()];
}
