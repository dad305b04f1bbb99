/** Every dialect in the order of preference: where two cover one service the first is taken and they are never summed. */
import type { Dialect } from "./dialect.js";
import { envoy, envoyUnderIstio } from "./envoy.js";
import { istio } from "./istio.js";
import { linkerd } from "./linkerd.js";
import { otelServiceGraph, otelSpanMetrics } from "./otel.js";

/** Istio, Linkerd, OpenTelemetry, Envoy. */
export const knownDialects: readonly Dialect[] = [
  istio,
  linkerd,
  otelServiceGraph,
  ...otelSpanMetrics,
  envoy,
  envoyUnderIstio,
];
