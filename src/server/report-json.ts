/** A source's report as JSON for programs. Called by /readyz and `meshlens check --json`. */
import type { ProbeReport } from "./probe-sources.js";

/** What both tell of a source; times in whole ms, the instant in ISO 8601. */
export function reportJson({ name, kind, cluster, state, latencyMs, message, probe, checkedAtMs }: ProbeReport) {
  return {
    name,
    kind,
    cluster: cluster ?? "default",
    state,
    version: probe?.version ?? null,
    latencyMs: latencyMs === null ? null : Math.round(latencyMs),
    message,
    checkedAt: new Date(checkedAtMs).toISOString(),
  };
}
