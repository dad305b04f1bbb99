/** How many requests have a trace: spans of one busy service counted against what its metrics say. Called by inspect-traces.ts. */
import { amiss, type Inspection, lengthWords, passed } from "../telemetry/inspection.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { CallOptions } from "../telemetry/source.js";
import type { TraceSource } from "../telemetry/trace-source.js";

/** Of one service, ms and counts. */
export interface SampledShare {
  readonly windowMs: number;
  readonly traces: number;
  /** The backend stopped at its limit even for the shortest window. */
  readonly isAtLeast: boolean;
}

/** Spans arrive late: what is newer is left out. */
const settleMs = 60_000;
/** Tried from the longest on until all traces of it come: counts of whole windows only can be compared. */
const windowsMs = [15 * 60_000, 90_000, 9_000] as const;
const mostTraces = 200;
/** Below this, a handful of failed calls leaves no trace. */
const poorShare = 0.005;

/** @throws MESHLENS_ERR_SOURCE_* */
export async function measureSampling(
  source: TraceSource,
  { name, requestsPerSecond }: { readonly name: string; readonly requestsPerSecond: number },
  nowMs: number,
  options: CallOptions,
): Promise<SampledShare> {
  const toMs = nowMs - settleMs;
  const conditions = { minDurationMs: null, maxDurationMs: null, errorsOnly: false, tags: {}, limit: mostTraces };
  let share: SampledShare = { windowMs: 0, traces: 0, isAtLeast: false };
  for (const windowMs of windowsMs) {
    // A window in which even all requests are few says nothing.
    if (share.windowMs > 0 && (requestsPerSecond * windowMs) / 1_000 < 1) break;
    const window = { fromMs: toMs - windowMs, toMs };
    const { traces, isCut } = await source.search({ serviceName: name, window, ...conditions }, options);
    share = { windowMs, traces: traces.length, isAtLeast: isCut };
    if (!isCut) break;
  }
  return share;
}

/** One finding. A request may have several spans of a service or none of ours: the share is a guess, and said to be. */
export function judgeSampling(
  { ref, requestsPerSecond }: { readonly ref: ServiceRef; readonly requestsPerSecond: number },
  { windowMs, traces, isAtLeast }: SampledShare,
): Inspection {
  const requests = Math.round((requestsPerSecond * windowMs) / 1_000);
  const seen = `${isAtLeast ? "at least " : ""}${traces} traces against ${requests} requests of ${ref.name}.${ref.namespace} in ${lengthWords(windowMs)}`;
  const remedy =
    "raise randomSamplingPercentage of Istio's Telemetry (5 is plenty), or keep traces of failed calls by tail sampling in the collector";
  if (requests === 0)
    return amiss("sampling", "UNKNOWN", `${seen}: too little traffic to tell`, "ask again under load");
  const share = Math.min(1, traces / requests);
  if (traces === 0)
    return amiss(
      "sampling",
      "WARN",
      `${seen}: incidents will have no example traces, and diagnosis has metrics and logs only`,
      remedy,
    );
  const percent = `${isAtLeast ? "at least" : "some"} ${Number((share * 100).toPrecision(2))} %`;
  if (share < poorShare && !isAtLeast)
    return amiss("sampling", "WARN", `${seen}, ${percent}: of a few failed calls none may have a trace`, remedy);
  return passed("sampling", `${seen}, ${percent}`);
}
