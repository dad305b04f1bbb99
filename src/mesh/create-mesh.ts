/** The mesh over its sources: one reader per request, composed of the metrics half, the evidence half and health. Called by server/compose.ts. */
import type { Clock } from "../telemetry/clock.js";
import type { LogSource } from "../telemetry/log-source.js";
import type { MetricSource } from "../telemetry/metric-source.js";
import type { TraceSource } from "../telemetry/trace-source.js";
import { canSee } from "../telemetry/visibility.js";
import type { WorkloadSource } from "../telemetry/workload-source.js";
import { callOptions } from "./evidence/evidence-deps.js";
import { createEvidenceReader } from "./evidence/evidence-reader.js";
import type { ClusterNames } from "./identity/cluster-name.js";
import { createTraceServiceNames } from "./identity/trace-service-names.js";
import { knownToTraces } from "./known-to-traces.js";
import type { LinkTargets } from "./links/link-targets.js";
import type { Mesh, MeshKind, MeshReader, ReadContext } from "./mesh.js";
import { createMetricKnowledge } from "./metrics/metric-knowledge.js";
import { createMetricsReader } from "./metrics/metrics-reader.js";
import { readPodUsage } from "./metrics/read-pod-usage.js";
import { createSourceReports } from "./source-reports.js";
import { createFindInWorkloads } from "./workloads/find-in-workloads.js";
import { createWorkloadReader } from "./workloads/workload-reader.js";

/** What a mesh is made of. */
export interface MeshDeps {
  readonly metricSources: readonly MetricSource[];
  readonly traceSources: readonly TraceSource[];
  readonly logSources: readonly LogSource[];
  readonly workloadSources: readonly WorkloadSource[];
  readonly clock: Clock;
  readonly clusters: ClusterNames;
  readonly links: LinkTargets;
  /** The one metric vocabulary to read; null recognises what is there. */
  readonly dialect: MeshKind | null;
}

/** Builds the mesh; connects to nothing. What it learns of its sources is kept between requests. */
export function createMesh(deps: MeshDeps): Mesh {
  const { metricSources, traceSources, logSources, workloadSources, clock, clusters, links, dialect } = deps;
  const all = [...metricSources, ...traceSources, ...logSources, ...workloadSources];
  const metricsDeps = { sources: metricSources, clock, clusters, dialect };
  const knowledge = createMetricKnowledge(metricsDeps);
  const names = createTraceServiceNames(clock);
  const { workloadsOf } = knowledge;
  const evidenceDeps = { traceSources, logSources, clock, clusters, names, links, workloadsOf };
  const workloadDeps = { workloadSources, clock, clusters };
  const reports = createSourceReports(all, clock);

  function reader(context: ReadContext): MeshReader {
    const { findInMetrics, ...metrics } = createMetricsReader(metricsDeps, knowledge, context);
    const findInWorkloads = createFindInWorkloads(workloadDeps, context);
    const whole: MeshReader = {
      ...metrics,
      spanning(window) {
        const { findInMetrics: _, ...within } = createMetricsReader(metricsDeps, knowledge, context, window);
        return { ...whole, ...within };
      },
      ...createEvidenceReader(evidenceDeps, context),
      ...createWorkloadReader(workloadDeps, context),
      podUsage: (refs, window) =>
        readPodUsage(refs, window, metricsDeps, {
          visibility: context.visibility,
          options: callOptions(context),
          workloadsOf,
        }),
      sourceReports: () => reports(callOptions(context)),
      async findService(wanted, window) {
        if (!canSee(context.visibility, wanted.namespace)) return null;
        const found = await findInMetrics(wanted, window);
        if (found.service !== null) return found.service;
        const inWorkloads = await findInWorkloads(wanted);
        if (inWorkloads.service !== null) return inWorkloads.service;
        const ref = { ...wanted, cluster: wanted.cluster ?? clusters.fallback };
        const isKnown = await knownToTraces(ref, traceSources, names, metricSources.length > 0, callOptions(context));
        // "No" needs every source's word.
        const isCertain = found.isCertain && inWorkloads.isCertain && isKnown !== null;
        return isKnown === true || !isCertain ? { ref, mesh: null } : null;
      },
    };
    return whole;
  }

  return { sources: all.map(({ name, kind }) => ({ name, kind })), reader };
}
