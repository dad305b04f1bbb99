/** Rows of services and their series, sources, links and variable values. */
import type { ObjectiveStatus } from "../../alerting/alert-board.js";
import { type MeasuredService, names, seriesRows, serviceRows } from "../../grafana/service-rows.js";
import { statusText } from "../../grafana/status-text.js";
import type { AnnouncedMeasure, GoldenSignals, MeshService, Pillar, Series } from "../../mesh/mesh.js";
import { mergeStatuses } from "../../mesh/pillar.js";
import type { Eventually } from "../../telemetry/eventually.js";
import { groupBy } from "../../telemetry/group-by.js";
import { serviceKey } from "../../telemetry/service-ref.js";
import { windowSeconds } from "../../telemetry/time-window.js";
import { type GraphqlContext, take } from "../context.js";
import type { GrafanaMeasure, GrafanaResolvers } from "../generated/resolver-types.js";
import { chosen, servicesOfScope } from "../grafana-scope.js";
import { fieldsBelow, selects } from "../selection.js";
import { scopedObjectives } from "./grafana-slos.js";

/** Lines in one panel: more cannot be told apart. */
const mostSeries = 20;
const quantiles = { p50Ms: 0.5, p95Ms: 0.95, p99Ms: 0.99 } as const;

export const grafanaServiceResolvers: Pick<GrafanaResolvers, "sources" | "services" | "series" | "links" | "values"> = {
  sources: async (_, _args, { reader }) =>
    (await reader.sourceReports()).map((report) => ({
      name: report.name,
      kind: report.kind,
      status: statusText([report]),
      state: report.state,
      message: report.message,
      latencyMs: report.latencyMs,
      time: report.checkedAtMs,
    })),

  services: async (scope, args, context, info) => {
    const fields = fieldsBelow(info);
    const asked = Object.entries(quantiles).filter(([name]) => selects(fields, name));
    context.reader.announce(
      [
        outcome,
        ...asked.map(([, quantile]) => ({ of: "services", measure: "latency", view: "callers", quantile }) as const),
      ],
      null,
      scope.window,
    );
    const pillar = await servicesOfScope(context.reader, scope, chosen(args.service));
    const services = take(context, info, pillar) ?? [];
    const objectives = groupBy(scopedObjectives(context, scope, null, null), ({ service }) => serviceKey(service));
    const statuses = [pillar.sources];
    const measured = await Promise.all(
      services.map((service) =>
        measureService(context, service, scope.window, asked, objectives.get(serviceKey(service.ref)) ?? [], statuses),
      ),
    );
    return serviceRows(measured, windowSeconds(scope.window), statusText(mergeStatuses(...new Set(statuses))));
  },

  series: async (scope, args, context, info) => {
    const { reader } = context;
    const pillar = await servicesOfScope(reader, scope, chosen(args.service));
    const services = take(context, info, pillar) ?? [];
    const busiest = services.length > mostSeries ? await mostCalled(context, services, scope.window) : services;
    const rows = busiest.map(async ({ ref }) => {
      const series = await askSeries(reader.golden(ref, scope.window), args.measure, args.maxPoints ?? 60);
      const status = statusText(mergeStatuses(pillar.sources, series.sources));
      return seriesRows(ref, take(context, info, series) ?? { timestampsMs: [], values: [] }, status);
    });
    return (await Promise.all(rows)).flat();
  },

  links: async (scope, args, context, info) => {
    const name = chosen(args.service);
    if (name === null) return [];
    const pillar = await servicesOfScope(context.reader, scope, name);
    const status = statusText(pillar.sources);
    return (take(context, info, pillar) ?? []).flatMap(({ ref }) =>
      context.reader.serviceLinks(ref, scope.window).map((link) => ({
        ...link,
        namespace: ref.namespace,
        service: ref.name,
        status,
      })),
    );
  },

  values: async (scope, args, context, info) => {
    if (args.of === "SLO") {
      const all = scopedObjectives(context, scope, chosen(args.service), null);
      return valueRows(
        all.map(({ objective }) => objective.name),
        "OK",
      );
    }
    const pillar = await servicesOfScope(context.reader, scope, null);
    const column = { CLUSTER: "cluster", NAMESPACE: "namespace", SERVICE: "service" } as const;
    const services = take(context, info, pillar) ?? [];
    return valueRows(
      services.map(({ ref }) => names(ref)[column[args.of as keyof typeof column]]),
      statusText(pillar.sources),
    );
  },
};

const outcome: AnnouncedMeasure = { of: "services", measure: "outcome", view: "callers" };

async function measureService(
  { reader }: GraphqlContext,
  service: MeshService,
  window: Parameters<GraphqlContext["reader"]["golden"]>[1],
  asked: readonly (readonly [string, number])[],
  objectives: readonly ObjectiveStatus[],
  statuses: Pillar<unknown>["sources"][],
): Promise<MeasuredService> {
  const golden = reader.golden(service.ref, window);
  const counted = await golden.outcome("callers");
  statuses.push(counted.sources);
  const latencies = await Promise.all(
    asked.map(async ([name, quantile]) => [name, (await golden.latencyMs("callers", quantile)).value] as const),
  );
  return {
    service,
    outcome: counted.value,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    ...Object.fromEntries(latencies),
    absence: await golden.absence(),
    objectives,
  };
}

async function mostCalled(
  { reader }: GraphqlContext,
  services: readonly MeshService[],
  window: Parameters<GraphqlContext["reader"]["golden"]>[1],
): Promise<readonly MeshService[]> {
  const counted = await Promise.all(
    services.map(async (service) => {
      const { value } = await reader.golden(service.ref, window).outcome("callers");
      return { service, count: value?.requestCount ?? 0 };
    }),
  );
  return counted
    .sort((a, b) => b.count - a.count)
    .slice(0, mostSeries)
    .map(({ service }) => service);
}

const quantileOf = { LATENCY_P50: 0.5, LATENCY_P95: 0.95, LATENCY_P99: 0.99 } as const;

function askSeries(golden: GoldenSignals, measure: GrafanaMeasure, maxPoints: number): Eventually<Pillar<Series>> {
  if (measure === "REQUEST_RATE") return golden.requestRateSeries("callers", maxPoints);
  if (measure === "ERROR_RATIO") return golden.errorRatioSeries("callers", maxPoints);
  return golden.latencyMsSeries("callers", quantileOf[measure], maxPoints);
}

function valueRows(values: readonly string[], status: string) {
  return [...new Set(values)].sort().map((value) => ({ value, text: value, status }));
}
