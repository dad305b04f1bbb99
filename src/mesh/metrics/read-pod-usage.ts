/** CPU and memory of services' pods, as the kubelet's and kube-state-metrics' series tell them: one question per source. Called by create-mesh.ts. */
import { groupBy } from "../../telemetry/group-by.js";
import type { LabelMatcher, MetricExpression, MetricRow, MetricSource } from "../../telemetry/metric-source.js";
import { podBelongsTo } from "../../telemetry/pod-name.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import type { Pillar } from "../mesh.js";
import { askSources, notConfigured, pillarOf } from "../pillar.js";
import type { PodUsage } from "../pod-usage.js";
import type { MetricsDeps } from "./metric-knowledge.js";

const labels = ["namespace", "pod", "container"];
const hourMs = 3_600_000;
/** The pod's own row and that of its empty first container would count the others twice. */
const ofContainers: LabelMatcher = { label: "container", op: "notIn", values: ["", "POD"] };

const asked = {
  cpu: ["increase", "container_cpu_usage_seconds_total"],
  held: ["increase", "container_cpu_cfs_throttled_periods_total"],
  periods: ["increase", "container_cpu_cfs_periods_total"],
  memory: ["latest", "container_memory_working_set_bytes"],
  limit: ["latest", "kube_pod_container_resource_limits"],
} as const;
type Part = keyof typeof asked;

/** Who asks, and who is whose pod. */
export interface PodUsageTerms {
  readonly visibility: Visibility;
  readonly options: CallOptions;
  readonly workloadsOf: (ref: ServiceRef) => readonly string[];
}

/** Pods of the services that any such series knows; [] where none does. */
export async function readPodUsage(
  refs: readonly ServiceRef[],
  window: TimeWindow,
  { sources, clock }: Pick<MetricsDeps, "sources" | "clock">,
  { visibility, options, workloadsOf }: PodUsageTerms,
): Promise<Pillar<readonly PodUsage[]>> {
  if (sources.length === 0) return notConfigured("prometheus", "metrics");
  const seen = refs.filter(({ namespace }) => canSee(visibility, namespace));
  const namespaces = [...new Set(seen.map(({ namespace }) => namespace))].sort();
  if (namespaces.length === 0) return { value: [], sources: [], errors: [] };
  const answers = await askSources(sources, options, clock, async (source: MetricSource, own) => {
    const parts = Object.entries(asked).map(([id, [kind, metric]]) => ({
      id,
      expression: expressionOf(kind, metric, namespaces),
    }));
    const { rows, warnings } = await source.query({ parts, window, stepMs: null, rangeMs: 0 }, own);
    return { value: rows, warnings };
  });
  const named = seen.map((service) => ({ service, names: [service.name, ...workloadsOf(service)] }));
  return pillarOf(answers, (all) =>
    all.flatMap(({ value }) =>
      [...groupBy(value, ({ labels: { namespace, pod } }) => `${namespace} ${pod}`).values()].flatMap((rows) => {
        const { namespace, pod = "" } = rows[0]?.labels ?? {};
        const owners = named.filter(
          ({ service, names }) => service.namespace === namespace && names.some((name) => podBelongsTo(pod, name)),
        );
        const usage = usageOf(rows, (window.toMs - window.fromMs) / 1000);
        return owners.map(({ service }) => ({ service, pod, ...usage }));
      }),
    ),
  );
}

function expressionOf(kind: "increase" | "latest", metric: string, namespaces: readonly string[]): MetricExpression {
  const isLimit = metric === asked.limit[1];
  const matchers: readonly LabelMatcher[] = [
    { label: "namespace", op: "in", values: namespaces },
    ...(isLimit ? [{ label: "resource", op: "eq", value: "memory" } as const] : [ofContainers]),
  ];
  const select = { metric, matchers };
  return { kind, of: { views: [{ select, seen: select }], edgeLabels: [], stickyMs: hourMs }, groupBy: labels };
}

function usageOf(rows: readonly MetricRow[], seconds: number): Omit<PodUsage, "service" | "pod"> {
  const values = new Map<string, Partial<Record<Part, number>>>();
  for (const {
    part,
    labels: { container = "" },
    values: [value],
  } of rows)
    if (value !== null && value !== undefined) values.set(container, { ...values.get(container), [part]: value });
  const containers = [...values.values()];
  const sum = (part: Part) => total(containers.flatMap((one) => one[part] ?? []));
  const cpuSeconds = sum("cpu");
  return {
    cpuCores: cpuSeconds === null || seconds <= 0 ? null : cpuSeconds / seconds,
    cpuThrottledRatio: largest(containers.flatMap((one) => ratioOf(one.held, one.periods))),
    memoryBytes: sum("memory"),
    memoryLimitRatio: largest(containers.flatMap((one) => ratioOf(one.memory, one.limit))),
  };
}

function ratioOf(part: number | undefined, whole: number | undefined): readonly number[] {
  return part === undefined || whole === undefined || whole <= 0 ? [] : [Math.min(1, part / whole)];
}

function total(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
