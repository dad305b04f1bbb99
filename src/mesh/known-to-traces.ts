/** Whether a trace backend knows a service that no metric names. Called by createMesh. */
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { CallOptions } from "../telemetry/source.js";
import type { TraceSource } from "../telemetry/trace-source.js";
import type { TraceServiceNames } from "./identity/trace-service-names.js";

/**
 * @param isQualified only a name with the namespace counts, because metrics would know the bare one
 * @returns null when no backend knows it and one could not say
 */
export async function knownToTraces(
  ref: ServiceRef,
  sources: readonly TraceSource[],
  names: TraceServiceNames,
  isQualified: boolean,
  options: CallOptions,
): Promise<boolean | null> {
  const answers = await Promise.allSettled(sources.map((source) => names.nameIn(source, ref, [], options)));
  const found = answers.some(
    (answer) =>
      answer.status === "fulfilled" &&
      answer.value !== null &&
      (!isQualified || answer.value.toLowerCase().includes(`.${ref.namespace.toLowerCase()}`)),
  );
  if (found) return true;
  return answers.some((answer) => answer.status === "rejected") ? null : false;
}
