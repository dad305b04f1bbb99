/** The mesh over its sources: one reader per request, composed of the metrics half and the evidence half. Called by server/compose.ts. */
import type { Clock } from "../telemetry/clock.js";
import type { LogSource } from "../telemetry/log-source.js";
import type { MetricSource } from "../telemetry/metric-source.js";
import type { Source } from "../telemetry/source.js";
import type { TraceSource } from "../telemetry/trace-source.js";
import { canSee } from "../telemetry/visibility.js";
import { callOptions } from "./evidence/evidence-deps.js";
import { createEvidenceReader } from "./evidence/evidence-reader.js";
import type { ClusterNames } from "./identity/cluster-name.js";
import { createTraceServiceNames } from "./identity/trace-service-names.js";
import { knownToTraces } from "./known-to-traces.js";
import type { LinkTargets } from "./links/link-targets.js";
import type { Mesh, MeshKind, MeshReader, ReadContext } from "./mesh.js";
import { createMetricKnowledge } from "./metrics/metric-knowledge.js";
import { createMetricsReader } from "./metrics/metrics-reader.js";
import { createSourceReports } from "./source-reports.js";

/** What a mesh is made of. */
export interface MeshDeps {
  readonly metricSources: readonly MetricSource[];
  readonly traceSources: readonly TraceSource[];
  readonly logSources: readonly LogSource[];
  /** Sources this room does not read itself (Kubernetes); they are in the reports. */
  readonly otherSources?: readonly Source[];
  readonly clock: Clock;
  readonly clusters: ClusterNames;
  readonly links: LinkTargets;
  /** The one metric vocabulary to read; null recognises what is there. */
  readonly dialect: MeshKind | null;
}

/** Builds the mesh; connects to nothing. What it learns of its sources is kept between requests. */
export function createMesh(deps: MeshDeps): Mesh {
  const { metricSources, traceSources, logSources, clock, clusters, links, dialect } = deps;
  const all = [...metricSources, ...traceSources, ...logSources, ...(deps.otherSources ?? [])];
  const metricsDeps = { sources: metricSources, clock, clusters, dialect };
  const knowledge = createMetricKnowledge(metricsDeps);
  const names = createTraceServiceNames(clock);
  const { workloadsOf } = knowledge;
  const evidenceDeps = { traceSources, logSources, clock, clusters, names, links, workloadsOf };
  const reports = createSourceReports(all, clock);

  function reader(context: ReadContext): MeshReader {
    const { findInMetrics, ...metrics } = createMetricsReader(metricsDeps, knowledge, context);
    return {
      ...metrics,
      ...createEvidenceReader(evidenceDeps, context),
      sourceReports: () => reports(callOptions(context)),
      async findService(wanted, window) {
        if (!canSee(context.visibility, wanted.namespace)) return null;
        const found = await findInMetrics(wanted, window);
        if (found.service !== null) return found.service;
        const ref = { ...wanted, cluster: wanted.cluster ?? clusters.fallback };
        const isKnown = await knownToTraces(ref, traceSources, names, metricSources.length > 0, callOptions(context));
        // "No" needs every source's word.
        return isKnown === true || isKnown === null || !found.isCertain ? { ref, mesh: null } : null;
      },
    };
  }

  return { sources: all.map(({ name, kind }) => ({ name, kind })), reader };
}
