/** Resolvers of Service and of lists of services. */
import type { LogSelection } from "../../mesh/mesh.js";
import { once } from "../../telemetry/once.js";
import { take } from "../context.js";
import { logsOfCursor, serviceCursor, traceOfCursor } from "../cursors.js";
import { edgeMeasures } from "../edge-plan.js";
import type {
  LogFilter,
  ServiceConnectionResolvers,
  ServiceEdgeResolvers,
  ServiceResolvers,
  TraceFilter,
} from "../generated/resolver-types.js";
import { goldenMeasures } from "../golden-plan.js";
import { serviceId } from "../ids.js";
import { below, fieldsBelow, selects } from "../selection.js";
import { windowOf } from "../window-of.js";
import { alertPage } from "./alert.js";

export const serviceResolvers: ServiceResolvers = {
  id: ({ ref }) => serviceId(ref),
  ref: ({ ref }) => ref,
  mesh: async ({ ref, mesh, window }, _, context) =>
    mesh !== undefined ? mesh : ((await context.reader.findService(ref, window))?.mesh ?? null),
  window: ({ window }) => window,

  golden: ({ ref, window: inherited }, args, context, info) => {
    const window = windowOf(context, args, inherited);
    const measures = goldenMeasures(fieldsBelow(info));
    return { signals: context.reader.golden(ref, window), view: "callers", window, measures };
  },

  dependencies: ({ ref, window: inherited }, args, context, info) => {
    const window = windowOf(context, args, inherited);
    // Said at once, so that it goes out with the golden signals of the same page; asked only when it is read.
    context.reader.announce(edgeMeasures(below(fieldsBelow(info), "edges")), ref, window);
    return { window, edges: once(() => context.reader.edgesOf(ref, args.direction ?? "BOTH", window)) };
  },

  traces: ({ ref, window: inherited }, args, context) => {
    const window = windowOf(context, args, inherited);
    const after = args.after ? traceOfCursor(args.after) : null;
    return {
      window,
      page: once(() => context.reader.traces(ref, window, traceSelection(args.filter), args.first ?? 20, after)),
    };
  },

  logs: ({ ref, window: inherited }, args, context, info) => {
    const window = windowOf(context, args, inherited);
    const after = args.after ? logsOfCursor(args.after) : null;
    const withTotal = selects(fieldsBelow(info), "totalCount");
    const selection = logSelection(args.filter);
    return {
      window,
      page: once(() => context.reader.logs(ref, window, selection, args.first ?? 20, after, withTotal)),
    };
  },

  logVolume: ({ ref, window: inherited }, args, context) => {
    const window = windowOf(context, args, inherited);
    const selection = logSelection(args.filter);
    return { volume: once(() => context.reader.logVolume(ref, window, selection, args.maxPoints ?? 60)) };
  },

  health: ({ ref }, _, context) => ({ health: once(() => context.reader.health(ref)) }),
  changes: ({ ref, window: inherited }, args, context) => {
    const window = windowOf(context, args, inherited);
    return { first: args.first ?? 20, changes: once(() => context.reader.changes(ref, window)) };
  },
  slos: ({ ref, window }, _, { alerts, principal }) =>
    alerts?.desk.objectivesOf(ref, principal.visibility).map((status) => ({ status, window })) ?? null,
  alerts: ({ ref }, args, context) => alertPage(context, args, ref),
  links: ({ ref, window }, _, context) => [...context.reader.serviceLinks(ref, window)],
};

export const serviceConnectionResolvers: ServiceConnectionResolvers = {
  window: ({ window }) => window,
  sources: async (parent) => (await parent.page()).sources,
  nodes: async (parent, _, context, info) => take(context, info, await parent.page())?.services ?? null,
  edges: async (parent, _, context, info) => {
    const page = take(context, info, await parent.page());
    return page?.services.map((service) => ({ service, isRanking: page.isRanking })) ?? null;
  },
  pageInfo: async (parent) => {
    const page = (await parent.page()).value;
    const last = page?.isRanking === false ? page.services.at(-1) : undefined;
    return { hasNextPage: page?.hasNextPage ?? false, endCursor: last === undefined ? null : serviceCursor(last.ref) };
  },
  totalCount: async (parent, _, context, info) => take(context, info, await parent.page())?.totalCount ?? null,
};

export const serviceEdgeResolvers: ServiceEdgeResolvers = {
  cursor: ({ service, isRanking }) => (isRanking ? null : serviceCursor(service.ref)),
  node: ({ service }) => service,
};

function traceSelection(filter: TraceFilter | null | undefined) {
  return {
    errorsOnly: filter?.errorsOnly ?? false,
    minDurationMs: filter?.minDurationMs ?? null,
    maxDurationMs: filter?.maxDurationMs ?? null,
    operation: filter?.operation ?? null,
    tags: Object.fromEntries((filter?.tags ?? []).map(({ key, value }) => [key, value])),
  };
}

const lineKinds = { APPLICATION: "application", ACCESS: "access", ANY: "any" } as const;

function logSelection(filter: LogFilter | null | undefined): LogSelection {
  return {
    levels: filter?.levels ?? null,
    text: filter?.text ?? null,
    lines: lineKinds[filter?.lines ?? "APPLICATION"],
    pods: filter?.pods ?? null,
  };
}
