/** Rows of log lines, traces and changes of services. */
import type { GraphQLResolveInfo } from "graphql";
import { changeRow } from "../../grafana/annotation-rows.js";
import { logRow, traceRow } from "../../grafana/evidence-rows.js";
import { statusText } from "../../grafana/status-text.js";
import type { MeshService, Pillar } from "../../mesh/mesh.js";
import { mergeStatuses } from "../../mesh/pillar.js";
import { type GraphqlContext, take } from "../context.js";
import type { GrafanaResolvers } from "../generated/resolver-types.js";
import { chosen, type GrafanaScope, servicesOfScope } from "../grafana-scope.js";

/** Services of one name that are asked, and services whose changes are. */
const mostAlike = 5;
const mostChanged = 200;
const mostChanges = 100;

export const grafanaEvidenceResolvers: Pick<GrafanaResolvers, "logs" | "traces" | "changes"> = {
  logs: async (scope, args, context, info) => {
    const selection = {
      levels: args.levels ?? null,
      text: chosen(args.text),
      lines: "application",
      pods: null,
    } as const;
    const first = args.first ?? 100;
    const rows = await ofEach(context, info, scope, chosen(args.service), async ({ ref }, status) => {
      const pillar = await context.reader.logs(ref, scope.window, selection, first, null, false);
      const page = take(context, info, pillar);
      return (page?.records ?? []).map((record) => logRow(record, ref, status(pillar)));
    });
    return rows.sort((a, b) => b.timestamp - a.timestamp).slice(0, first);
  },

  traces: async (scope, args, context, info) => {
    const selection = {
      errorsOnly: args.errorsOnly ?? false,
      minDurationMs: args.minDurationMs ?? null,
      maxDurationMs: null,
      operation: null,
      tags: {},
    };
    const first = args.first ?? 20;
    const rows = await ofEach(context, info, scope, chosen(args.service), async ({ ref }, status) => {
      const pillar = await context.reader.traces(ref, scope.window, selection, first, null);
      const page = take(context, info, pillar);
      return (page?.traces ?? []).map((trace) => traceRow(trace, status(pillar)));
    });
    const once = new Map(rows.map((row) => [row.traceId, row]));
    return [...once.values()].sort((a, b) => b.startTime - a.startTime).slice(0, first);
  },

  changes: async (scope, args, context, info) => {
    const pillar = await servicesOfScope(context.reader, scope, chosen(args.service));
    const services = (take(context, info, pillar) ?? []).slice(0, mostChanged);
    const rows = await Promise.all(
      services.map(async ({ ref }) => {
        const changes = await context.reader.changes(ref, scope.window);
        const status = statusText(changes.sources);
        return (take(context, info, changes) ?? []).map((change) => changeRow(change, status));
      }),
    );
    const once = new Map(rows.flat().map((row) => [row.id, row]));
    return [...once.values()].sort((a, b) => b.time - a.time).slice(0, mostChanges);
  },
};

/** Rows of each service of a name; none without a name. */
async function ofEach<R>(
  context: GraphqlContext,
  info: GraphQLResolveInfo,
  scope: GrafanaScope,
  name: string | null,
  rowsOf: (service: MeshService, status: (pillar: Pillar<unknown>) => string) => Promise<readonly R[]>,
): Promise<R[]> {
  if (name === null) return [];
  const found = await namedServices(context, scope, name);
  if (found.value === null) take(context, info, found);
  const status = (pillar: Pillar<unknown>) => statusText(mergeStatuses(found.sources, pillar.sources));
  const rows = await Promise.all((found.value ?? []).slice(0, mostAlike).map((service) => rowsOf(service, status)));
  return rows.flat();
}

/** With the metrics down a service that is named in full is still asked for its logs and traces. */
async function namedServices(
  { reader }: GraphqlContext,
  scope: GrafanaScope,
  name: string,
): Promise<Pillar<readonly MeshService[]>> {
  const found = await servicesOfScope(reader, scope, name);
  if (found.value !== null || scope.namespace === null) return found;
  const wanted = { cluster: scope.cluster, namespace: scope.namespace, name };
  const service = await reader.findService(wanted, scope.window);
  return { ...found, value: service === null ? [] : [service] };
}
