/** The state of every configured source, as `sources`, readiness and `check` show it. */
import type { Clock } from "../telemetry/clock.js";
import { type CallOptions, clockWords, type Source } from "../telemetry/source.js";
import type { SourceReport } from "./mesh.js";
import { askSources } from "./pillar.js";

/** How long a report is kept, ms: many pages show it, no source should be asked for each. */
const keptMs = 15_000;

/** Probes each source on its own (a replica too), in parallel; a report is kept for 15 s. */
export function createSourceReports(sources: readonly Source[], clock: Clock) {
  const kept = new Map<string, SourceReport>();

  async function reportOf(source: Source, options: CallOptions): Promise<SourceReport> {
    const known = kept.get(source.name);
    if (known !== undefined && clock.nowMs() - known.checkedAtMs <= keptMs) return known;
    const { answers, statuses } = await askSources([source], options, clock, async (one, own) => ({
      value: await one.probe(own),
      warnings: [],
    }));
    const status = statuses[0] ?? {
      name: source.name,
      kind: source.kind,
      state: "UNAVAILABLE",
      latencyMs: null,
      message: null,
    };
    const probe = answers[0]?.value ?? null;
    const report: SourceReport = {
      ...status,
      message: status.message ?? (probe === null ? null : clockWords(probe)),
      cluster: source.cluster,
      probe,
      checkedAtMs: clock.nowMs(),
    };
    // A client that went away says nothing about the source.
    if (!options.signal.aborted) kept.set(source.name, report);
    return report;
  }

  return (options: CallOptions): Promise<readonly SourceReport[]> =>
    Promise.all(sources.map((source) => reportOf(source, options)));
}
