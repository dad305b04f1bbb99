/**
 * Istio's standard metrics of the simulated mesh, from both reporters, as real sidecars were seen to count (Envoy 1.40): no destination
 * workload where no endpoint was chosen, joined flags, code 0 where nobody answered, and attempts at the server for calls at the caller.
 */
import type { Exchange, HttpExchange, ProxyView, TcpExchange } from "../../simulation/exchange.js";
import type { MeshPod, MeshWorkload } from "../../simulation/mesh-model.js";
import { traceIdOf } from "../../simulation/trace-ids.js";
import { wholeMs } from "../whole-ms.js";
import { istioHistogram } from "./histogram-shape.js";
import { createFlagInterner, createInterner, createPairTable, createTcpTargetInterner } from "./interned.js";
import { type IstioRequestRow, istioRequestLabels, istioTargetLabels, istioTcpLabels } from "./istio-labels.js";
import type { MeshMetrics } from "./mesh-metrics.js";
import { podKey, serviceKey, workloadKey } from "./mesh-names.js";
import { createProxyCells } from "./proxy-cells.js";

/** What is counted beside requests, durations and connections. */
export interface IstioMetricsOptions {
  /** `istio_request_bytes` and `istio_response_bytes`: 44 more series for each label set. */
  readonly hasSizes: boolean;
}

interface RequestCells {
  readonly duration: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

interface TcpCells {
  readonly opened: number;
  readonly closed: number;
  readonly sent: number;
  readonly received: number;
}

/** No pods, nothing counted. */
export function createIstioMetrics({ hasSizes }: IstioMetricsOptions): MeshMetrics {
  const cells = createProxyCells();
  const podIndex = createInterner(podKey);
  const workloadIndex = createInterner(workloadKey);
  const targetIndex = createInterner(serviceKey);
  const flagIndex = createFlagInterner();
  const requestRow = createPairTable<RequestCells>();
  const tcpTargetIndex = createTcpTargetInterner();
  const tcpRow = createPairTable<TcpCells>();

  function requestCells(row: IstioRequestRow): RequestCells {
    const labels = istioRequestLabels(row);
    const proxy = podKey(row.pod);
    const bytes = (name: string): number =>
      hasSizes ? cells.histogram(proxy, name, istioHistogram, labels, null) : -1;
    const duration = "istio_request_duration_milliseconds";
    return {
      duration: cells.histogram(proxy, duration, istioHistogram, labels, "istio_requests_total"),
      requestBytes: bytes("istio_request_bytes"),
      responseBytes: bytes("istio_response_bytes"),
    };
  }

  function tcpCells(connection: TcpExchange): TcpCells {
    const labels = istioTcpLabels(connection);
    const cell = (name: string): number => cells.counter(podKey(connection.source), `istio_tcp_${name}_total`, labels);
    return {
      opened: cell("connections_opened"),
      closed: cell("connections_closed"),
      // Named from where the proxy's server side stands: "sent" went to the client (istio/istio#32399).
      sent: cell("sent_bytes"),
      received: cell("received_bytes"),
    };
  }

  function count(
    call: HttpExchange,
    view: ProxyView,
    reporter: "source" | "destination",
    pod: MeshPod,
    destination: MeshWorkload | null,
  ): void {
    const source = call.source.workload;
    // One row per caller's workload at the server, per called workload at the caller.
    const peer = reporter === "destination" ? source : destination;
    const proxyAndTarget = (podIndex(pod) * 2 + (reporter === "source" ? 0 : 1)) * 65_536 + targetIndex(call.target);
    const peerAndOutcome =
      ((peer === null ? 0 : workloadIndex(peer) + 1) * 1_024 + view.status) * 256 + flagIndex(view.flags);
    const row = requestRow(proxyAndTarget, peerAndOutcome, () =>
      requestCells({ reporter, pod, source, target: call.target, destination, status: view.status, flags: view.flags }),
    );
    const durationMs = wholeMs(view);
    cells.add(row.duration, view.endMs, durationMs);
    if (hasSizes) {
      cells.add(row.requestBytes, view.endMs, view.requestBytes);
      cells.add(row.responseBytes, view.endMs, view.responseBytes);
    }
    if (call.isSampled)
      cells.addExemplar(row.duration, { traceId: traceIdOf(call.requestNumber), value: durationMs, atMs: view.endMs });
  }

  function recordHttp(call: HttpExchange): void {
    count(call, call.client, "source", call.source, call.client.destination?.workload ?? null);
    for (const { pod, server, work } of call.attempts) {
      count(call, server, "destination", pod, pod.workload);
      if (work !== null) for (const inner of work.calls) record(inner);
    }
  }

  function recordTcp(connection: TcpExchange): void {
    const { source, target, flags, startMs, endMs, sentBytes, receivedBytes } = connection;
    const row = tcpRow(podIndex(source), tcpTargetIndex(target) * 256 + flagIndex(flags), () => tcpCells(connection));
    cells.add(row.opened, startMs, 1);
    cells.add(row.closed, endMs, 1);
    // A connection that reached nothing has no series of bytes.
    if (receivedBytes > 0) cells.add(row.sent, endMs, receivedBytes);
    if (sentBytes > 0) cells.add(row.received, endMs, sentBytes);
  }

  function record(exchange: Exchange): void {
    if (exchange.kind === "http") recordHttp(exchange);
    else recordTcp(exchange);
  }

  return {
    record,
    addPod: (pod) => cells.addTarget(podKey(pod), istioTargetLabels(pod)),
    restartPod: (pod, atMs) => cells.restart(podKey(pod), atMs),
    removePod: (pod, atMs) => cells.remove(podKey(pod), atMs),
    scrapeAt: cells.scrapeAt,
  };
}
