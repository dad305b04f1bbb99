/** Traces written as calls within calls, for the tests of diagnosis: times follow from what each call does. */
import type {
  IncidentEvidence,
  OwnedSpan,
  WeightedTrace,
  WindowEvidence,
} from "../../src/diagnosis/incident-evidence.js";
import type { ServiceRef } from "../../src/telemetry/service-ref.js";

/** One call: the way there, own work, calls, the way back. */
export interface MadeCall {
  readonly service: string;
  readonly operation?: string;
  /** Before the server's span begins; the same again is not spent on the way back. */
  readonly wayMs?: number;
  readonly selfMs?: number;
  readonly calls?: readonly MadeCall[];
  readonly isError?: boolean;
  readonly pod?: string;
  readonly version?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Tags of the caller's span. */
  readonly clientTags?: Readonly<Record<string, string>>;
  /** Added to every instant of the server's side: its clock is wrong. */
  readonly skewMs?: number;
  /** No span of the caller. */
  readonly isWithoutClient?: boolean;
  /** The call never arrives: the caller's span only. */
  readonly isLost?: boolean;
}

/** The reference of a made service. */
export function refOf(name: string): ServiceRef {
  return { cluster: "default", namespace: "shop", name };
}

/** A trace of one request that begins with the gateway's server span. */
export function madeTrace(number: number, root: MadeCall, weight = 1): WeightedTrace {
  const spans: OwnedSpan[] = [];
  let id = 0;
  const nextId = (): string => {
    id += 1;
    return id.toString(16).padStart(16, "0");
  };
  const span = (
    service: string,
    kind: "CLIENT" | "SERVER",
    parentSpanId: string | null,
    own: Partial<OwnedSpan>,
  ): string => {
    const spanId = nextId();
    spans.push({
      spanId,
      parentSpanId,
      isShared: false,
      serviceName: service,
      operation: "",
      kind,
      startMs: 0,
      durationMs: 0,
      status: "UNSET",
      events: [],
      tags: {},
      service: refOf(service),
      ...own,
    });
    return spanId;
  };
  const play = (
    made: MadeCall,
    startMs: number,
    parent: string | null,
    caller: string | null,
    skewMs: number,
  ): number => {
    const { service, operation = "GET /", wayMs = 1, selfMs = 5, calls = [], isError = false } = made;
    const hasClient = caller !== null && made.isWithoutClient !== true;
    const clientAt = spans.length;
    const clientId = hasClient ? span(caller, "CLIENT", parent, {}) : parent;
    const serverStart = startMs + (caller === null ? 0 : wayMs);
    const shift = skewMs + (made.skewMs ?? 0);
    const serverAt = spans.length;
    const serverId = made.isLost === true ? clientId : span(service, "SERVER", clientId, {});
    let nowMs = serverStart + selfMs;
    for (const call of calls) nowMs = play(call, nowMs, serverId, service, shift);
    const tags = {
      ...(made.pod === undefined ? {} : { "k8s.pod.name": made.pod, "k8s.namespace.name": "shop" }),
      ...(made.version === undefined ? {} : { "istio.canonical_revision": made.version }),
      ...made.tags,
    };
    const status = isError ? ("ERROR" as const) : ("UNSET" as const);
    const server = spans[serverAt];
    if (made.isLost !== true && server !== undefined)
      spans[serverAt] = {
        ...server,
        operation,
        startMs: serverStart + shift,
        durationMs: nowMs - serverStart,
        status,
        tags,
      };
    const client = spans[clientAt];
    if (hasClient && client !== undefined)
      spans[clientAt] = {
        ...client,
        operation: `${service} ${operation}`,
        startMs: startMs + skewMs,
        durationMs: nowMs - startMs,
        status,
        tags: made.clientTags ?? {},
      };
    return nowMs;
  };
  play(root, 1_700_000_000_000 + number * 1000, null, null, 0);
  return { traceId: number.toString(16).padStart(32, "0"), weight, spans, isComplete: true };
}

/** A window of so many requests. */
export function madeWindow(count: number, rootOf: (number: number) => MadeCall, fromMs = 0): WindowEvidence {
  return {
    window: { fromMs, toMs: fromMs + 60_000 },
    traces: Array.from({ length: count }, (_, number) => madeTrace(number + 1, rootOf(number))),
    edges: null,
    errorLogs: null,
    traceLines: null,
    workloads: null,
  };
}

/** Evidence of an incident at 10 min, with baselines. */
export function madeEvidence(
  incident: WindowEvidence,
  baselines: readonly WindowEvidence[],
  more: Partial<IncidentEvidence> = {},
): IncidentEvidence {
  return {
    service: refOf("gateway"),
    objective: null,
    onsetMs: incident.window.fromMs,
    incident,
    baselines,
    background: [],
    changes: [],
    missing: [],
    ...more,
  };
}
