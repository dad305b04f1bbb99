/** Who was to blame each time something fired in a backtest, as an incident would have been told then. Called by `meshlens backtest --evidence`. */
import type { Diagnosis } from "../../diagnosis/diagnosis.js";
import { isMeshlensError } from "../../errors.js";
import type { Severity } from "../../slo/burn-tier.js";
import type { Objective } from "../../slo/objective.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { CommittedChange } from "../cycle-draft.js";
import type { DiagnosisQuestion } from "../diagnosing/diagnosis-question.js";
import { questionOfObjective } from "../diagnosing/question-of-objective.js";
import { evidenceWindow } from "../evidence.js";

/** An incident that fired, or fired again. */
export interface Firing {
  readonly atMs: number;
  readonly objective: Objective;
  readonly service: ServiceRef;
  readonly severity: Severity;
  readonly question: DiagnosisQuestion;
}

/** A firing with what was found. */
export interface DiagnosedFiring {
  readonly firing: Firing;
  /** Null: it was not asked about, or could not be. */
  readonly diagnosis: Diagnosis | null;
  /** Why there is none; null when there is. */
  readonly failure: string | null;
}

/** What it asks with. */
export interface DiagnoseFiringsDeps {
  readonly diagnose: (question: DiagnosisQuestion) => Promise<Diagnosis>;
  readonly onProgress: (done: number, atMs: number) => void;
  readonly signal: AbortSignal;
}

/** Each costs some dozens of upstream calls. */
export const mostDiagnosed = 50;

/** The firings among changes; of an objective that was removed there are none. */
export function firingsOf(changes: readonly CommittedChange[]): readonly Firing[] {
  return changes.flatMap(({ transition, incident, subject }): readonly Firing[] => {
    const { atMs, from, to, severity, burnConditions } = transition;
    if (to !== "FIRING" || from === "FIRING" || subject === null) return [];
    const { service } = incident;
    const { objective } = subject;
    const window = evidenceWindow(burnConditions, atMs);
    return [{ atMs, objective, service, severity, question: questionOfObjective(service, objective, window) }];
  });
}

/** One after the other: pages before tickets, the earliest first, at most 50; in order of time, those left out with the reason. Never rejects. */
export async function diagnoseFirings(
  firings: readonly Firing[],
  { diagnose, onProgress, signal }: DiagnoseFiringsDeps,
): Promise<readonly DiagnosedFiring[]> {
  const rank = ({ severity }: Firing): number => (severity === "PAGE" ? 0 : 1);
  const asked = firings.toSorted((a, b) => rank(a) - rank(b) || a.atMs - b.atMs).slice(0, mostDiagnosed);
  const found = new Map<Firing, DiagnosedFiring>();
  for (const [at, firing] of asked.entries()) {
    if (signal.aborted) break;
    found.set(firing, await one(firing, diagnose));
    onProgress((at + 1) / asked.length, firing.atMs);
  }
  const why = signal.aborted ? "It was stopped before this one." : `Only ${mostDiagnosed} firings are asked about.`;
  return firings
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((firing) => found.get(firing) ?? { firing, diagnosis: null, failure: why });
}

async function one(firing: Firing, diagnose: DiagnoseFiringsDeps["diagnose"]): Promise<DiagnosedFiring> {
  try {
    return { firing, diagnosis: await diagnose(firing.question), failure: null };
  } catch (error) {
    // Only our own sentences are free of secrets.
    return { firing, diagnosis: null, failure: isMeshlensError(error) ? error.message : "It could not be asked." };
  }
}
