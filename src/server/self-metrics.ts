/**
 * Meshlens measured by itself, served at /metrics. Labels are bounded: operation names, sources of the configuration, fixed kinds of
 * questions and codes; never a token or a query. Services only those with objectives, in a part of its own (alert-metrics.ts).
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { AdmissionDeps } from "../graphql/admission.js";
import type { OperationReport } from "../graphql/graphql-deps.js";
import { type AlertMetrics, createAlertMetrics } from "./alert-metrics.js";
import { createBoundedLabel } from "./bounded-label.js";
import { createLeaseMetrics, type LeaseMetrics } from "./copies/lease-metrics.js";
import { createSlackMetrics, type SlackMetrics } from "./slack-metrics.js";
import { createWebhookMetrics, type WebhookMetrics } from "./webhook-metrics.js";

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const maxOperationNames = 100;

/** One finished upstream call. */
export interface CallReport {
  readonly source: string;
  readonly operation: string;
  readonly durationMs: number;
  readonly errorCode: string | null;
  readonly bytes: number;
}

/** What the parts of the server report to, and what /metrics prints. */
export interface SelfMetrics {
  readonly contentType: string;
  /** The exposition text; objectives name services, so they are for callers who may see every namespace. */
  print(options?: { readonly withObjectives: boolean }): Promise<string>;
  readonly alerting: AlertMetrics;
  readonly slack: SlackMetrics;
  readonly webhook: WebhookMetrics;
  readonly lease: LeaseMetrics;
  readonly admission: Required<Pick<AdmissionDeps, "onRefused" | "watch">>;
  operation(report: OperationReport): void;
  /** `route` is the route's pattern, never the path asked for. */
  httpRequest(request: {
    readonly route: string;
    readonly method: string;
    readonly status: number;
    readonly durationMs: number;
  }): void;
  callStarted(source: string): void;
  callEnded(call: CallReport): void;
  /** Whether an answer went upstream (`own`), joined a call under way or was kept. */
  sharedAnswer(source: string, origin: "own" | "joined" | "kept"): void;
}

/** Registers everything; `maxConcurrent` by source tells calls under way from calls that wait. */
export function createSelfMetrics(maxConcurrent: ReadonlyMap<string, number>): SelfMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const boundedName = createBoundedLabel(maxOperationNames);
  const boundedCode = createBoundedLabel(50);
  const boundedKind = createBoundedLabel(200);

  const operations = new Histogram({
    name: "meshlens_graphql_operation_duration_seconds",
    help: "Time from an operation's start to its answer, by operation name (the first 100 names seen, then other).",
    labelNames: ["operation", "type"],
    buckets: seconds,
    registers,
  });
  const operationErrors = new Counter({
    name: "meshlens_graphql_operation_errors_total",
    help: "Operations that answered with an error, by operation name and extensions.code.",
    labelNames: ["operation", "code"],
    registers,
  });
  const operationCalls = new Counter({
    name: "meshlens_graphql_upstream_calls_total",
    help: "Upstream questions that operations asked, shared and kept answers included.",
    labelNames: ["operation"],
    registers,
  });
  const refused = new Counter({
    name: "meshlens_graphql_refused_total",
    help: "Queries told 503 under load, by reason: queue (too many waited), wait (too long), loop (the process is behind), whole_mesh.",
    labelNames: ["reason"],
    registers,
  });
  for (const reason of ["queue", "wait", "loop", "whole_mesh"]) refused.inc({ reason }, 0);
  let admitted = () => ({ running: 0, waiting: 0 });
  new Gauge({
    name: "meshlens_graphql_queries",
    help: "Queries that run and that wait for their turn (server.limits.operations).",
    labelNames: ["state"],
    registers,
    collect() {
      const { running, waiting } = admitted();
      this.set({ state: "running" }, running);
      this.set({ state: "waiting" }, waiting);
    },
  });
  const http = new Histogram({
    name: "meshlens_http_request_duration_seconds",
    help: "Time to answer an HTTP request, by route pattern.",
    labelNames: ["route", "method", "status"],
    buckets: seconds,
    registers,
  });
  const calls = new Histogram({
    name: "meshlens_source_request_duration_seconds",
    help: "Time of one call to a backend, waiting for a free slot included, by source and kind of question.",
    labelNames: ["source", "operation"],
    buckets: seconds,
    registers,
  });
  const callErrors = new Counter({
    name: "meshlens_source_errors_total",
    help: "Failed calls to a backend, by source and error code.",
    labelNames: ["source", "code"],
    registers,
  });
  const bytes = new Counter({
    name: "meshlens_source_response_bytes_total",
    help: "Bytes of answers of a backend after decompression.",
    labelNames: ["source"],
    registers,
  });
  const pending = new Map<string, number>([...maxConcurrent.keys()].map((name) => [name, 0]));
  new Gauge({
    name: "meshlens_source_calls_in_progress",
    help: "Calls to a backend that are under way.",
    labelNames: ["source"],
    registers,
    collect() {
      for (const [source, count] of pending) this.set({ source }, Math.min(count, slots(source)));
    },
  });
  new Gauge({
    name: "meshlens_source_queue_depth",
    help: "Calls to a backend that wait for a free slot (maxConcurrent).",
    labelNames: ["source"],
    registers,
    collect() {
      for (const [source, count] of pending) this.set({ source }, Math.max(0, count - slots(source)));
    },
  });
  const shared = new Counter({
    name: "meshlens_cache_answers_total",
    help: "Answers by origin: own went upstream, joined shared a call under way, kept came from the cache.",
    labelNames: ["source", "origin"],
    registers,
  });
  const alerting = createAlertMetrics(registry);
  const slack = createSlackMetrics(registry);
  const webhook = createWebhookMetrics(registry);
  const lease = createLeaseMetrics(registry);
  const slots = (source: string) => maxConcurrent.get(source) ?? Number.POSITIVE_INFINITY;
  const addPending = (source: string, change: number) => pending.set(source, (pending.get(source) ?? 0) + change);

  return {
    contentType: registry.contentType,
    print: async ({ withObjectives } = { withObjectives: true }) =>
      withObjectives ? `${await registry.metrics()}\n${await alerting.objectives.metrics()}` : registry.metrics(),
    alerting: alerting.metrics,
    slack,
    webhook,
    lease,
    admission: {
      onRefused: (reason) => refused.inc({ reason }),
      watch(now) {
        admitted = now;
      },
    },
    operation(report) {
      const operation = boundedName(report.operationName);
      operations.observe({ operation, type: report.operationType }, report.durationMs / 1000);
      operationCalls.inc({ operation }, report.upstreamCalls);
      for (const code of report.errorCodes) operationErrors.inc({ operation, code: boundedCode(code) });
    },
    httpRequest({ route, method, status, durationMs }) {
      http.observe({ route, method, status: String(status) }, durationMs / 1000);
    },
    callStarted: (source) => void addPending(source, 1),
    callEnded(call) {
      addPending(call.source, -1);
      calls.observe({ source: call.source, operation: boundedKind(call.operation) }, call.durationMs / 1000);
      if (call.errorCode !== null) callErrors.inc({ source: call.source, code: boundedCode(call.errorCode) });
      bytes.inc({ source: call.source }, call.bytes);
    },
    sharedAnswer: (source, origin) => shared.inc({ source, origin }),
  };
}
