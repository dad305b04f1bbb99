/** Resolvers of health and changes. */
import { take } from "../context.js";
import type {
  ChangeResolvers,
  ChangesResolvers,
  HealthResolvers,
  PodResolvers,
  WorkloadResolvers,
} from "../generated/resolver-types.js";

export const healthResolvers: HealthResolvers = {
  sources: async ({ health }) => (await health()).sources,
  state: async ({ health }) => (await health()).value?.state ?? "UNKNOWN",
  reasons: async ({ health }, _, context, info) => take(context, info, await health())?.reasons ?? null,
  workloads: async ({ health }, _, context, info) => take(context, info, await health())?.workloads ?? null,
};

export const workloadResolvers: WorkloadResolvers = {
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  desired: ({ desired }) => desired,
  ready: ({ ready }) => ready,
  available: ({ available }) => available,
  restarts: ({ restarts }) => restarts,
  images: ({ images }) => images,
  conditions: ({ conditions }) => conditions,
  pods: ({ pods }) => pods,
};

export const podResolvers: PodResolvers = {
  name: ({ name }) => name,
  phase: ({ phase }) => phase,
  ready: ({ isReady }) => isReady,
  restarts: ({ restarts }) => restarts,
  node: ({ node }) => node,
  startedAt: ({ startedAtMs }) => startedAtMs,
  reasons: ({ reasons }) => reasons,
};

export const changesResolvers: ChangesResolvers = {
  sources: async ({ changes }) => (await changes()).sources,
  nodes: async ({ changes, first }, _, context, info) => take(context, info, await changes())?.slice(0, first) ?? null,
};

export const changeResolvers: ChangeResolvers = {
  at: ({ atMs }) => atMs,
  kind: ({ kind }) => kind,
  namespace: ({ namespace }) => namespace,
  name: ({ name }) => name,
  summary: ({ summary }) => summary,
  detail: ({ detail }) => detail,
};
