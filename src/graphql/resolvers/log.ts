/** Resolvers of log records, pages of them and their volume. */

import { once } from "../../telemetry/once.js";
import { take } from "../context.js";
import { logCursor } from "../cursors.js";
import type {
  JoinedLogsResolvers,
  LogConnectionResolvers,
  LogEdgeResolvers,
  LogRecordResolvers,
  LogVolumeResolvers,
} from "../generated/resolver-types.js";

export const logConnectionResolvers: LogConnectionResolvers = {
  sources: async (parent) => (await parent.page()).sources,
  totalCount: async (parent, _, context, info) => take(context, info, await parent.page())?.total ?? null,
  nodes: async (parent, _, context, info) => {
    const page = take(context, info, await parent.page());
    return page?.records.map((record) => ({ record, window: parent.window })) ?? null;
  },
  edges: async (parent, _, context, info) => {
    const page = take(context, info, await parent.page());
    if (page === null) return null;
    const end = page.next && logCursor(page.next);
    return page.records.map((record, index) => ({
      record: { record, window: parent.window },
      cursor: index === page.records.length - 1 ? end : null,
    }));
  },
  pageInfo: async (parent) => {
    const next = (await parent.page()).value?.next ?? null;
    return { hasNextPage: next !== null, endCursor: next && logCursor(next) };
  },
};

export const logEdgeResolvers: LogEdgeResolvers = {
  cursor: ({ cursor }) => cursor,
  node: ({ record }) => record,
};

export const joinedLogsResolvers: JoinedLogsResolvers = {
  sources: ({ pillar }) => pillar.sources,
  match: ({ pillar }, _, context, info) => take(context, info, pillar)?.match ?? null,
  nodes: ({ pillar, window }, _, context, info) =>
    take(context, info, pillar)?.records.map((record) => ({ record, window })) ?? null,
};

export const logRecordResolvers: LogRecordResolvers = {
  at: ({ record }) => record.atMs,
  level: ({ record }) => record.level,
  message: ({ record }) => record.message,
  pod: ({ record }) => record.pod,
  container: ({ record }) => record.container,
  service: ({ record, window }) => record.service && { ref: record.service, window },
  traceId: ({ record }) => record.traceId,
  spanId: ({ record }) => record.spanId,
  requestId: ({ record }) => record.requestId,
  trace: async ({ record: { traceId }, window }, _, { reader }) => {
    const trace = traceId === null ? null : await reader.traceOfLog(traceId, window);
    return trace && { trace, window, sources: once(async () => (await reader.trace(trace.traceId, window)).sources) };
  },
  source: ({ record }) => record.source,
  accessLog: ({ record }) => record.accessLog,
  links: ({ record }) => record.links,
};

export const logVolumeResolvers: LogVolumeResolvers = {
  sources: async (parent) => (await parent.volume()).sources,
  timestamps: async (parent, _, context, info) => take(context, info, await parent.volume())?.timestampsMs ?? null,
  byLevel: async (parent, _, context, info) => take(context, info, await parent.volume())?.byLevel ?? null,
};
