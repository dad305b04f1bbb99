/** A long window without a known beginning is looked at twice: as a whole, and its newest part. Pure; called by gather-incident.ts. */
import type { Diagnosis } from "../../diagnosis/diagnosis.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { DiagnosisQuestion } from "./diagnosis-question.js";

const shortestWindowMs = 360_000;

/** How much of a long window is looked at once more; null where it is short, or the burn is known to have begun with it. */
export function newestPartMs(window: TimeWindow, question: DiagnosisQuestion, onsetMs: number | null): number | null {
  const lengthMs = window.toMs - window.fromMs;
  const isNarrowed = onsetMs !== null && window.fromMs > question.window.fromMs;
  return lengthMs <= shortestWindowMs || isNarrowed || question.baselines !== null ? null : lengthMs / 4;
}

/** More than this much of what the whole window shows of a service: then it began within the window. */
const denser = 1.5;
/** Less than this much: then it ended within the window. */
const thinner = 0.5;

/** Whether the newest part of a window shows what is thinned out in the whole, or stands there behind what has ended since. */
export function isNewer(late: Diagnosis, whole: Diagnosis): boolean {
  const [first] = late.suspects;
  if (first === undefined || first.score < denser * first.standardError) return false;
  if (first.score < denser * scoreIn(whole, first.service)) return false;
  const [former] = whole.suspects;
  const isSame = former === undefined || serviceKey(former.service) === serviceKey(first.service);
  return isSame || scoreIn(late, former.service) < thinner * former.score;
}

function scoreIn({ suspects }: Diagnosis, service: ServiceRef): number {
  const key = serviceKey(service);
  return suspects.find((one) => serviceKey(one.service) === key)?.score ?? 0;
}
