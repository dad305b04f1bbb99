/** Resolvers of sources, their statuses, and windows. */
import type { SourceKind as TelemetryKind } from "../../telemetry/source.js";
import type {
  SourceKind,
  SourceResolvers,
  SourceStatusResolvers,
  WindowResolvers,
} from "../generated/resolver-types.js";
import { seriesStepMs } from "../range.js";

const kinds: Readonly<Record<TelemetryKind, SourceKind>> = {
  prometheus: "PROMETHEUS",
  jaeger: "JAEGER",
  zipkin: "ZIPKIN",
  elasticsearch: "ELASTICSEARCH",
  kubernetes: "KUBERNETES",
};

export const sourceResolvers: SourceResolvers = {
  name: ({ name }) => name,
  kind: ({ kind }) => kinds[kind],
  cluster: ({ cluster }) => cluster,
  state: ({ state }) => state,
  version: ({ probe }) => probe?.version ?? null,
  latencyMs: ({ latencyMs }) => latencyMs,
  checkedAt: ({ checkedAtMs }) => checkedAtMs,
  message: ({ message }) => message,
  capabilities: ({ probe }) => probe?.capabilities ?? null,
};

export const sourceStatusResolvers: SourceStatusResolvers = {
  name: ({ name }) => name,
  kind: ({ kind }) => kinds[kind],
  state: ({ state }) => state,
  latencyMs: ({ latencyMs }) => latencyMs,
  message: ({ message }) => message,
};

export const windowResolvers: WindowResolvers = {
  from: ({ fromMs }) => fromMs,
  to: ({ toMs }) => toMs,
  stepMs: (window) => seriesStepMs(window),
};
