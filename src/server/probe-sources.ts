/** Reaches sources once each, in parallel, every one within its own deadline. Used by /readyz and `meshlens check`. */
import { isMeshlensError } from "../errors.js";
import type { SourceReport } from "../mesh/mesh.js";
import type { Clock } from "../telemetry/clock.js";
import { type Source, stateOfError } from "../telemetry/source.js";

/** How one source answered. */
export type ProbeReport = SourceReport;

/** What to reach and for how long; `onReport` is told about each source as it answers. */
export interface ProbeOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly onReport?: (report: ProbeReport) => void;
}

/** A report per source, in the order given. Never rejects: a dead source is a report too. */
export async function probeSources(sources: readonly Source[], options: ProbeOptions): Promise<readonly ProbeReport[]> {
  return Promise.all(startProbes(sources, options));
}

/** The same, each as soon as its source has answered. None rejects. */
export function startProbes(sources: readonly Source[], options: ProbeOptions): readonly Promise<ProbeReport>[] {
  return sources.map(async (source) => {
    const report = await probeSource(source, options);
    options.onReport?.(report);
    return report;
  });
}

async function probeSource(source: Source, { clock, timeoutMs }: ProbeOptions): Promise<ProbeReport> {
  const startMs = performance.now();
  const facts = { name: source.name, kind: source.kind, cluster: source.cluster };
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const probe = await source.probe({ signal, deadlineMs: clock.nowMs() + timeoutMs });
    const latencyMs = performance.now() - startMs;
    return { ...facts, state: "OK", latencyMs, message: null, probe, checkedAtMs: clock.nowMs() };
  } catch (error) {
    return {
      ...facts,
      state: stateOfError(error),
      latencyMs: performance.now() - startMs,
      // Only our own sentences are free of secrets.
      message: isMeshlensError(error) ? error.message : "the probe failed for a reason Meshlens does not know",
      probe: null,
      checkedAtMs: clock.nowMs(),
    };
  }
}
