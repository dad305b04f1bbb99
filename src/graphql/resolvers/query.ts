/** Resolvers of Query: the roots of every question. */
import type { GraphQLResolveInfo } from "graphql";
import type { MeshService, ServiceRefInput } from "../../mesh/mesh.js";
import { mergeStatuses } from "../../mesh/pillar.js";
import { once } from "../../telemetry/once.js";
import { compareServiceRefs } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { type GraphqlContext, take } from "../context.js";
import { serviceOfCursor } from "../cursors.js";
import { edgeMeasures } from "../edge-plan.js";
import type { QueryResolvers, QueryServicesArgs, ServiceFilter } from "../generated/resolver-types.js";
import { announced, goldenMeasures } from "../golden-plan.js";
import { scopeOf } from "../grafana-scope.js";
import { decodeId, keyOfId, serviceOfId } from "../ids.js";
import type { AlertParent, DeliveryParent, ServicePage, ServiceParent, SloParent, TraceParent } from "../parents.js";
import { rankedMeasure, rankServices } from "../rank-services.js";
import { below, belowInheriting, fieldsBelow } from "../selection.js";
import { windowOf } from "../window-of.js";
import { alertPage } from "./alert.js";
import { newestDeliveries } from "./delivery.js";
import { diagnosisOf } from "./diagnosis.js";
import { sloPage } from "./slo.js";
import { traceWindow } from "./trace.js";

export const queryResolvers: QueryResolvers = {
  node: async (_, args, context) => {
    const id = decodeId(args.id);
    const { alerts, principal } = context;
    const objectiveId = keyOfId(id, "slo");
    const incidentId = keyOfId(id, "alert");
    if (objectiveId !== null) {
      const status = alerts?.desk.objective(objectiveId, principal.visibility) ?? null;
      return status && ({ status, window: windowOf(context, args) } satisfies SloParent);
    }
    if (incidentId !== null) {
      const incident = (await alerts?.desk.incident(incidentId, principal.visibility)) ?? null;
      return incident && ({ incident, window: windowOf(context, args) } satisfies AlertParent);
    }
    const deliveryKey = keyOfId(id, "delivery");
    if (deliveryKey !== null) {
      const delivery = (await alerts?.desk.delivery(deliveryKey, principal.visibility)) ?? null;
      return delivery && ({ delivery } satisfies DeliveryParent);
    }
    const ref = id === null ? null : serviceOfId(id);
    if (ref === null) return null;
    const window = windowOf(context, args);
    const service = await context.reader.findService(ref, window);
    return service && ({ ...service, window } satisfies ServiceParent);
  },

  service: async (_, args, context, info) => {
    const window = windowOf(context, args);
    const { cluster = null, namespace, name } = args.ref;
    const wanted = { cluster, namespace, name };
    const service = (await context.reader.findService(wanted, window)) ?? namedByObjective(context, wanted);
    if (service === null) return null;
    const golden = goldenMeasures(belowInheriting(fieldsBelow(info), "golden"));
    context.reader.announce(announced("services", golden), service.ref, window);
    return { ...service, window };
  },

  services: (_, args, context, info) => {
    const window = windowOf(context, args);
    return { window, page: once(() => servicePage(context, args, window, info)) };
  },

  serviceGraph: (_, args, context, info) => {
    const window = windowOf(context, args);
    const fields = fieldsBelow(info);
    return {
      window,
      graph: once(() => {
        const measures = [
          ...announced("services", goldenMeasures(below(below(fields, "nodes"), "golden"))),
          ...edgeMeasures(below(fields, "edges")),
        ];
        context.reader.announce(measures, null, window);
        return context.reader.graph(window, selectionOf(args.filter), args.maxEdges ?? 5000);
      }),
    };
  },

  trace: async (_, args, context, info): Promise<TraceParent | null> => {
    const given = args.range ? windowOf(context, args) : null;
    const pillar = await context.reader.trace(args.traceId, given);
    const trace = take(context, info, pillar);
    return trace && { trace, window: given ?? traceWindow(trace), sources: async () => pillar.sources };
  },

  diagnosis: (_, args, context) => diagnosisOf(context, args),
  slos: (_, args, context) => sloPage(context, args),
  alerts: (_, args, context) => alertPage(context, args),
  grafana: (_, args, context) => scopeOf(context, args),
  deliveries: (_, args, context) => newestDeliveries(context, args),
  sources: async (_, _args, context) => [...(await context.reader.sourceReports())],
};

/** A service that no source knows and an objective names. */
function namedByObjective({ alerts, principal }: GraphqlContext, wanted: ServiceRefInput): MeshService | null {
  const named = alerts?.desk
    .objectives(principal.visibility)
    .find(
      ({ service }) =>
        service.namespace === wanted.namespace &&
        service.name === wanted.name &&
        (wanted.cluster === null || wanted.cluster === service.cluster),
    );
  return named === undefined ? null : { ref: named.service, mesh: null };
}

async function servicePage(
  context: GraphqlContext,
  args: Pick<QueryServicesArgs, "filter" | "top" | "first" | "after">,
  window: TimeWindow,
  info: GraphQLResolveInfo,
) {
  const fields = fieldsBelow(info);
  const nodes = [...below(fields, "nodes"), ...below(below(fields, "edges"), "node")];
  const measures = [
    ...goldenMeasures(belowInheriting(nodes, "golden")),
    ...(args.top ? [rankedMeasure(args.top.by)] : []),
  ];
  context.reader.announce(announced("services", measures), null, window);
  const pillar = await context.reader.listServices(window, selectionOf(args.filter));
  if (pillar.value === null) return { ...pillar, value: null };
  const all = pillar.value.map((service): ServiceParent => ({ ...service, window }));
  if (args.top) {
    const ranking = await rankServices(context.reader, all, args.top);
    const services = ranking.value;
    return {
      sources: mergeStatuses(pillar.sources, ranking.sources),
      errors: ranking.errors,
      value: services && { services, totalCount: all.length, hasNextPage: false, isRanking: true },
    };
  }
  return { ...pillar, value: pageOf(all, args) };
}

function pageOf(all: readonly ServiceParent[], args: Pick<QueryServicesArgs, "first" | "after">): ServicePage {
  const after = args.after ? serviceOfCursor(args.after) : null;
  const rest = after === null ? all : all.filter((service) => compareServiceRefs(service.ref, after) > 0);
  const first = args.first ?? 20;
  return {
    services: rest.slice(0, first),
    totalCount: all.length,
    hasNextPage: rest.length > first,
    isRanking: false,
  };
}

function selectionOf(filter: ServiceFilter | null | undefined) {
  return {
    clusters: filter?.clusters ?? null,
    namespaces: filter?.namespaces ?? null,
    nameContains: filter?.nameContains ?? null,
    meshes: filter?.mesh ?? null,
  };
}
