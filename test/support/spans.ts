/** Hand-made spans and traces of Bookinfo, as Envoy sidecars report them: times in ms after `t0`. */
import type { Span, Trace } from "../../src/telemetry/trace-source.js";

/** When the made-up traces start, epoch ms. */
export const t0 = Date.UTC(2026, 10, 21, 9, 0, 0);

/** A span of `service.bookinfo` with Istio's tags; anything may be overridden. */
export function span(
  id: string,
  parentId: string | null,
  given: Partial<Span> & { at?: number; ms?: number } = {},
): Span {
  const { at = 0, ms = 10, ...rest } = given;
  return {
    spanId: id.padStart(16, "0"),
    parentSpanId: parentId === null ? null : parentId.padStart(16, "0"),
    isShared: false,
    serviceName: "productpage.bookinfo",
    operation: "GET /",
    kind: null,
    startMs: t0 + at,
    durationMs: ms,
    status: "UNSET",
    tags: {},
    events: [],
    ...rest,
  };
}

/** A span of a sidecar with the tags Istio and Envoy set. */
export function sidecarSpan(
  service: string,
  kind: "CLIENT" | "SERVER",
  id: string,
  parentId: string | null,
  given: Partial<Span> & { at?: number; ms?: number } = {},
): Span {
  const tags = {
    component: "proxy",
    "istio.canonical_service": service,
    "istio.namespace": "bookinfo",
    "guid:x-request-id": "37b7938f-d830-909b-b634-6c69d2cc0287",
    node_id: `sidecar~127.0.0.1~${service}-v1-6f6cfc45b-h5m2n.bookinfo~bookinfo.svc.cluster.local`,
    ...given.tags,
  };
  return span(id, parentId, { serviceName: `${service}.bookinfo`, kind, ...given, tags });
}

export function trace(traceId: string, spans: readonly Span[], isComplete = true): Trace {
  return { traceId: traceId.padStart(32, "0"), spans, isComplete };
}

/** productpage waits 3 s twice for reviews, whose call of ratings is delayed by 7 s and goes on for nobody. */
export function delayJason(): readonly Span[] {
  const gaveUp = { status: "ERROR", tags: { "http.status_code": "0", response_flags: "DC" } } as const;
  const attempt = (n: number, at: number) => [
    sidecarSpan("productpage", "CLIENT", `${n}1`, "b", { at, ms: 3000, ...gaveUp }),
    sidecarSpan("reviews", "SERVER", `${n}2`, `${n}1`, { at: at + 1, ms: 2999, ...gaveUp }),
    sidecarSpan("reviews", "CLIENT", `${n}3`, `${n}2`, { at: at + 2, ms: 7003, tags: { response_flags: "DI" } }),
    sidecarSpan("ratings", "SERVER", `${n}4`, `${n}3`, { at: at + 7002, ms: 1 }),
  ];
  return [
    span("a", null, { serviceName: "istio-ingressgateway.istio-system", kind: "CLIENT", ms: 6010 }),
    sidecarSpan("productpage", "SERVER", "b", "a", { at: 2, ms: 6006 }),
    ...attempt(1, 4),
    ...attempt(2, 3006),
  ];
}

/** One call of ratings that its proxy repeats until the fourth attempt succeeds. */
export function retries(): readonly Span[] {
  const attempt = (n: number, status: "ERROR" | "UNSET") =>
    sidecarSpan("ratings", "SERVER", `${n}4`, "3", { at: n * 20, ms: 10, status });
  return [
    sidecarSpan("reviews", "SERVER", "2", null, { ms: 100 }),
    sidecarSpan("reviews", "CLIENT", "3", "2", { at: 10, ms: 85 }),
    attempt(1, "ERROR"),
    attempt(2, "ERROR"),
    attempt(3, "ERROR"),
    attempt(4, "UNSET"),
  ];
}

/** ratings waits 1.8 s for a database that makes no spans. */
export function mysqlSlow(): readonly Span[] {
  return [
    sidecarSpan("reviews", "SERVER", "2", null, { ms: 1810 }),
    sidecarSpan("reviews", "CLIENT", "3", "2", { at: 2, ms: 1806 }),
    sidecarSpan("ratings", "SERVER", "4", "3", { at: 3, ms: 1804 }),
  ];
}
