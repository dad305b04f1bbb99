/** Looks at every source at once, each within the same time, and never fails: what could not be found out is a finding too. Used by `check --deep`. */
import { isMeshlensError } from "../errors.js";
import type { Mesh, MeshKind, SourceReport } from "../mesh/mesh.js";
import { createDetectDialects } from "../mesh/metrics/detect-dialects.js";
import type { Clock } from "../telemetry/clock.js";
import { amiss, type Inspection, lengthWords, passed } from "../telemetry/inspection.js";
import type { LogSource } from "../telemetry/log-source.js";
import type { MetricSource } from "../telemetry/metric-source.js";
import { type CallOptions, type Source, type SourceKind, stateOfError, toleratedSkewMs } from "../telemetry/source.js";
import type { TraceSource } from "../telemetry/trace-source.js";
import { seeAll } from "../telemetry/visibility.js";
import { inspectMetrics } from "./inspect-metrics.js";
import { type CountedService, inspectTraces } from "./inspect-traces.js";
import type { NeededWindows } from "./needed-windows.js";
import { judgeRetention, logNeeds } from "./retention.js";

/** Findings of one source, the store or Slack. */
export interface Inspected {
  readonly name: string;
  readonly kind: SourceKind | "store" | "slack";
  readonly findings: readonly Inspection[];
}

/** What is looked at, by what for how long. */
export interface InspectionDeps {
  readonly mesh: Mesh;
  readonly sources: readonly Source[];
  /** How each of them answered, in the same order; none rejects. */
  readonly probes: readonly Promise<SourceReport>[];
  readonly metricSources: readonly MetricSource[];
  readonly traceSources: readonly TraceSource[];
  readonly logSources: readonly LogSource[];
  readonly dialect: MeshKind | null;
  readonly windows: NeededWindows;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Told of each source as it is done. */
  readonly onInspected?: () => void;
}

const hourMs = 3_600_000;
const trafficWindowMs = hourMs / 4;
const busiest = 10;
/** Services whose traffic is looked at; all of them are one question to the metrics. */
const mostServices = 500;

/** One entry per source, in the order given. */
export async function inspectSources(deps: InspectionDeps): Promise<readonly Inspected[]> {
  const { clock, timeoutMs } = deps;
  const options = { signal: AbortSignal.timeout(timeoutMs), deadlineMs: clock.nowMs() + timeoutMs };
  const nowMs = clock.nowMs();
  const detect = createDetectDialects(clock, deps.dialect);
  let traffic: Promise<readonly CountedService[] | null> | null = null;
  const busy = () => {
    traffic ??= busiestServices(deps.mesh, nowMs, options);
    return traffic;
  };
  const metrics = new Map(deps.metricSources.map((source) => [source.name, source]));
  const traces = new Map(deps.traceSources.map((source) => [source.name, source]));

  async function findingsOf(source: Source, probed: Promise<SourceReport> | undefined): Promise<readonly Inspection[]> {
    const report = await probed;
    if (report?.probe == null) return unreached(source, report, options);
    const { probe } = report;
    const metricSource = metrics.get(source.name);
    const traceSource = traces.get(source.name);
    const { inspect } = source;
    const parts = await Promise.all([
      inspect === undefined
        ? judgeClock(probe.clockSkewMs ?? null)
        : settled(source, async () => {
            const { clockSkewMs, oldestMs, findings } = await inspect(options);
            if (oldestMs === undefined) return [...findings, ...judgeClock(clockSkewMs)];
            const reach = { foundMs: nowMs - oldestMs, goneMs: null };
            return [...findings, ...judgeClock(clockSkewMs), judgeRetention(logNeeds(), reach, "keep indices longer")];
          }),
      metricSource === undefined
        ? []
        : settled(source, () => inspectMetrics(metricSource, { detect, windows: deps.windows, nowMs }, options)),
      traceSource === undefined
        ? []
        : settled(source, async () => inspectTraces(traceSource, { traffic: await busy(), nowMs }, options)),
    ]);
    const reachable = passed("reachable", ["answers", probe.version, probe.found].filter(Boolean).join(", "));
    return [reachable, ...parts.flat()];
  }

  return Promise.all(
    deps.sources.map(async (source, nth) => {
      const findings = await findingsOf(source, deps.probes[nth]);
      deps.onInspected?.();
      return { name: source.name, kind: source.kind, findings };
    }),
  );
}

/** Who is let in but refused what he asks for is told which rights he lacks, where the adapter can find that out. */
async function unreached(
  source: Source,
  report: SourceReport | undefined,
  options: CallOptions,
): Promise<readonly Inspection[]> {
  const words = report?.message ?? "it was not probed";
  const failure = failureOf(source, words, report?.state === "TIMEOUT");
  const { inspect } = source;
  if (report?.state !== "UNAUTHORIZED" || inspect === undefined) return [failure];
  const found = await attempt(source, () => inspect(options));
  return "failure" in found ? [failure] : [failure, ...found.value.findings];
}

/** What failed on the way: the rest of the source's findings stand. */
async function settled(source: Source, work: () => Promise<readonly Inspection[]>): Promise<readonly Inspection[]> {
  const done = await attempt(source, work);
  return "failure" in done ? [done.failure] : done.value;
}

async function attempt<T>(source: Source, work: () => Promise<T>): Promise<{ value: T } | { failure: Inspection }> {
  try {
    return { value: await work() };
  } catch (error) {
    // Only our own sentences are free of secrets.
    const message = isMeshlensError(error) ? error.message : "it failed for a reason Meshlens does not know";
    return { failure: failureOf(source, message, stateOfError(error) === "TIMEOUT") };
  }
}

function failureOf({ name }: Source, message: string, isLate: boolean): Inspection {
  return isLate
    ? amiss(
        "reachable",
        "UNKNOWN",
        message,
        `raise timeoutMs of ${name} or --timeout, and look whether the backend is slow`,
      )
    : amiss("reachable", "FAIL", message, `mend what the sentence says of ${name}, then check again`);
}

function judgeClock(skewMs: number | null): readonly Inspection[] {
  if (skewMs === null) return [amiss("clock", "UNKNOWN", "it does not tell the time", "set its clock and ours by NTP")];
  const lead = `its clock is ${lengthWords(Math.abs(skewMs))} ${skewMs > 0 ? "ahead of" : "behind"} ours`;
  if (Math.abs(skewMs) <= toleratedSkewMs) return [passed("clock", lead)];
  return [
    amiss(
      "clock",
      "WARN",
      `${lead}: windows of its records and ours do not meet`,
      "set both by NTP (chrony, systemd-timesyncd)",
    ),
  ];
}

/** Null where no metrics tell. */
async function busiestServices(
  mesh: Mesh,
  nowMs: number,
  options: CallOptions,
): Promise<readonly CountedService[] | null> {
  const window = { fromMs: nowMs - trafficWindowMs, toMs: nowMs };
  const reader = mesh.reader({ visibility: seeAll, ...options });
  const all = { clusters: null, namespaces: null, nameContains: null, meshes: null };
  const { value } = await reader.listServices(window, all);
  if (value === null) return null;
  const counted = await Promise.all(
    value.slice(0, mostServices).map(async ({ ref }) => {
      const outcome = await reader.golden(ref, window).outcome("callers");
      return { ref, requestsPerSecond: ((outcome.value?.requestCount ?? 0) * 1_000) / trafficWindowMs };
    }),
  );
  return counted
    .filter(({ requestsPerSecond }) => requestsPerSecond > 0)
    .sort((a, b) => b.requestsPerSecond - a.requestsPerSecond)
    .slice(0, busiest);
}
