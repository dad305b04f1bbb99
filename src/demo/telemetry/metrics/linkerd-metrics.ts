/**
 * Linkerd's proxy metrics of the same traffic, as its proxy counts (linkerd2-proxy, linkerd/http/metrics requests/service.rs): the client's
 * side counts tries, each at its endpoint; a request whose caller left before the response is in `request_total` only; an error without a
 * response has a class and no status, and no latency. Linkerd has no injected delay or abort of its own: a call held or answered by a
 * fault shows with its outcome alone. Connections that carry requests are not counted.
 */
import type { Exchange, HttpAttempt, HttpExchange, TcpExchange } from "../../simulation/exchange.js";
import type { MeshPod } from "../../simulation/mesh-model.js";
import { wholeMs } from "../whole-ms.js";
import { linkerdHistogram } from "./histogram-shape.js";
import { createFlagInterner, createInterner, createPairTable, createTcpTargetInterner } from "./interned.js";
import {
  type LinkerdOutcome,
  linkerdInboundLabels,
  linkerdOutboundLabels,
  linkerdOutcomeLabels,
  linkerdTargetLabels,
  linkerdTcpLabels,
} from "./linkerd-labels.js";
import type { MeshMetrics } from "./mesh-metrics.js";
import { podKey, serviceKey } from "./mesh-names.js";
import { createProxyCells } from "./proxy-cells.js";

type Labels = Readonly<Record<string, string>>;

/** What a proxy counts towards one peer. */
interface Pair {
  readonly proxy: string;
  readonly labels: Labels;
  readonly requests: number;
  /** By outcome, made when it first occurs. */
  readonly outcomes: Map<string | number, { readonly responses: number; readonly latency: number | null }>;
}

interface TcpCells {
  readonly opened: number;
  readonly closed: number;
  readonly written: number;
  readonly read: number;
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** No pods, nothing counted. */
export function createLinkerdMetrics(): MeshMetrics {
  const cells = createProxyCells();
  const podIndex = createInterner(podKey);
  const targetIndex = createInterner(serviceKey);
  const tcpTargetIndex = createTcpTargetInterner();
  const flagIndex = createFlagInterner();
  const outboundPair = createPairTable<Pair>();
  const inboundPair = createPairTable<Pair>();
  const tcpRow = createPairTable<TcpCells>();

  const pairOf = (pod: MeshPod, labels: Labels): Pair => {
    const proxy = podKey(pod);
    return { proxy, labels, requests: cells.counter(proxy, "request_total", labels), outcomes: new Map() };
  };
  const keyOf = (call: HttpExchange, peer: MeshPod | null): number =>
    targetIndex(call.target) * 65_536 + (peer === null ? 0 : podIndex(peer) + 1);

  function countOutbound(
    call: HttpExchange,
    endpoint: MeshPod | null,
    span: Span,
    outcome: LinkerdOutcome | null,
  ): void {
    const pair = outboundPair(podIndex(call.source), keyOf(call, endpoint), () =>
      pairOf(call.source, linkerdOutboundLabels(call.source, call.target, endpoint)),
    );
    count(pair, span, outcome);
  }

  function countInbound(call: HttpExchange, { pod, server, work }: HttpAttempt): void {
    const pair = inboundPair(podIndex(pod), keyOf(call, call.source), () =>
      pairOf(pod, linkerdInboundLabels(pod, call.target, call.source.workload)),
    );
    if (work !== null) count(pair, server, answerOf(server.status));
    // Denied by policy is decided before requests are counted; refused by a dead application is an error of the proxy's own call.
    else if (server.flags.includes("UF")) count(pair, server, { status: null, error: "connect" });
  }

  function count({ proxy, labels, requests, outcomes }: Pair, span: Span, outcome: LinkerdOutcome | null): void {
    cells.add(requests, span.startMs, 1);
    if (outcome === null) return;
    const key = outcome.error ?? outcome.status;
    let counted = outcomes.get(key);
    if (counted === undefined) {
      const status = outcome.error === null ? { ...labels, status_code: String(outcome.status) } : null;
      counted = {
        responses: cells.counter(proxy, "response_total", { ...labels, ...linkerdOutcomeLabels(outcome) }),
        latency: status && cells.histogram(proxy, "response_latency_ms", linkerdHistogram, status, null),
      };
      outcomes.set(key, counted);
    }
    cells.add(counted.responses, span.endMs, 1);
    if (counted.latency !== null) cells.add(counted.latency, span.endMs, wholeMs(span));
  }

  function recordHttp(call: HttpExchange): void {
    const { client, attempts } = call;
    if (attempts.length === 0) countOutbound(call, null, client, outcomeWithoutEndpoint(call));
    for (const [i, attempt] of attempts.entries()) {
      const { pod, server, work } = attempt;
      const isLast = i === attempts.length - 1;
      const startMs = attempts.length === 1 ? client.startMs : server.startMs;
      const span = { startMs, endMs: isLast ? client.endMs : server.endMs };
      countOutbound(call, pod, span, isLast ? lastOutcome(call) : answerOf(server.status));
      countInbound(call, attempt);
      if (work !== null) for (const inner of work.calls) record(inner);
    }
  }

  function recordTcp(connection: TcpExchange): void {
    const { source, target, flags, startMs, endMs, sentBytes, receivedBytes } = connection;
    const row = tcpRow(podIndex(source), tcpTargetIndex(target) * 256 + flagIndex(flags), () => tcpCells(connection));
    cells.add(row.opened, startMs, 1);
    cells.add(row.closed, endMs, 1);
    if (sentBytes > 0) cells.add(row.written, endMs, sentBytes);
    if (receivedBytes > 0) cells.add(row.read, endMs, receivedBytes);
  }

  function tcpCells(connection: TcpExchange): TcpCells {
    const labels = linkerdTcpLabels(connection);
    const refused = connection.flags.length === 0 ? {} : { errno: "ECONNREFUSED" };
    const cell = (name: string, own: Labels = {}): number =>
      cells.counter(podKey(connection.source), `tcp_${name}_total`, { ...labels, ...own });
    return {
      opened: cell("open"),
      closed: cell("close", refused),
      written: cell("write_bytes"),
      read: cell("read_bytes"),
    };
  }

  function record(exchange: Exchange): void {
    if (exchange.kind === "http") recordHttp(exchange);
    else recordTcp(exchange);
  }

  return {
    record,
    addPod: (pod) => cells.addTarget(podKey(pod), linkerdTargetLabels(pod)),
    restartPod: (pod, atMs) => cells.restart(podKey(pod), atMs),
    removePod: (pod, atMs) => cells.remove(podKey(pod), atMs),
    scrapeAt: cells.scrapeAt,
  };
}

function answerOf(status: number): LinkerdOutcome | null {
  return status === 0 ? null : { status, error: null };
}

/** A call's last try as the client's proxy ended it. */
function lastOutcome({ client }: HttpExchange): LinkerdOutcome | null {
  return client.flags.includes("UT") ? { status: null, error: "timeout" } : answerOf(client.status);
}

/** Nobody to ask is an error of the balancer; an injected abort is an answer like any other. */
function outcomeWithoutEndpoint({ client }: HttpExchange): LinkerdOutcome | null {
  if (client.status === 0 || client.flags.includes("FI")) return answerOf(client.status);
  return { status: null, error: "failfast" };
}
