/** A light generator of meshes, requests and faults for the study: traces, metrics of both proxies and log lines of the same requests. */
import { createRandom, exponential, type Random } from "../../src/demo/simulation/random.js";
import type {
  EdgeMeasure,
  OwnedSpan,
  TraceLine,
  WeightedTrace,
  WindowEvidence,
} from "../../src/diagnosis/incident-evidence.js";
import type { ServiceRef } from "../../src/telemetry/service-ref.js";

/** Kinds of faults of the study. */
export const faultKinds = [
  "delay",
  "error",
  "retry storm",
  "bad version",
  "bad replica",
  "slow database",
  "network",
  "CPU",
  "wrong value",
  "early return",
  "wrong answer",
] as const;

/** Where in its work a service fails: before its calls, somewhere among them, always at one point, or in the branch of one call. */
const failurePoints = ["START", "ANYWHERE", "POINT", "BRANCH"] as const;

/** A fault of any strength at any point. */
export function randomFault(kind: StudyFault["kind"], service: number, random: Random): StudyFault {
  return {
    kind,
    service,
    ms: 150 * 2 ** (4 * random.next()),
    share: 0.4 + 0.6 * random.next(),
    failsAt: failurePoints[Math.floor(random.next() * failurePoints.length)] ?? "START",
    point: random.next(),
  };
}

/** What is wrong; null in a quiet window. */
export interface StudyFault {
  readonly kind: (typeof faultKinds)[number];
  readonly service: number;
  readonly ms: number;
  readonly share: number;
  readonly failsAt: (typeof failurePoints)[number];
  /** Which one of its calls that is, 0..1 of them. */
  readonly point: number;
}

interface Operation {
  readonly name: string;
  readonly selfMs: number;
  readonly sigma: number;
  readonly calls: readonly {
    readonly to: number;
    readonly operation: number;
    readonly share: number;
    readonly isNeeded: boolean;
  }[];
  readonly databaseMs: number | null;
  /** Usual share of failing calls, swallowed by callers. */
  readonly errorShare: number;
  /** Usual share of calls that take a second longer. */
  readonly slowShare: number;
}

interface Service {
  readonly ref: ServiceRef;
  readonly pods: readonly { readonly name: string; readonly version: string }[];
  readonly operations: readonly Operation[];
}

/** A mesh; service 0 is the entry. */
export interface StudyMesh {
  readonly services: readonly Service[];
}

/** A mesh of 8 to 40 services in layers; a fifth of them have a steady background of errors or slowness. */
export function randomMesh(random: Random): StudyMesh {
  const count = 8 + Math.floor(33 * random.next());
  const services: Service[] = [];
  for (let at = count - 1; at >= 0; at -= 1) {
    const operations = Array.from({ length: at === 0 ? 4 : 1 + Math.floor(3 * random.next()) }, (_, op): Operation => {
      const isNoisy = at > 0 && random.next() < 0.2;
      const calls = callsOf(at, count, services, random);
      return {
        name: `/op${op}`,
        selfMs: 1 + 15 * random.next() ** 2,
        sigma: 0.2 + 0.5 * random.next(),
        calls,
        databaseMs: random.next() < 0.3 ? 1 + 5 * random.next() : null,
        errorShare: isNoisy && random.next() < 0.6 ? 0.02 + 0.9 * random.next() ** 3 : 0,
        slowShare: isNoisy && random.next() < 0.5 ? 0.01 + 0.1 * random.next() : 0,
      };
    });
    const replicas = 2 + Math.floor(2 * random.next());
    services[at] = {
      ref: { cluster: "default", namespace: "study", name: `service-${at}` },
      pods: Array.from({ length: replicas }, (_, pod) => ({
        name: `service-${at}-v${pod === 0 ? 2 : 1}-6f6cfc45b-h5m2${pod + 1}`,
        version: pod === 0 ? "v2" : "v1",
      })),
      operations,
    };
  }
  return { services };
}

function callsOf(at: number, count: number, services: readonly Service[], random: Random): Operation["calls"] {
  const wanted = at === 0 ? 3 : at < count / 3 ? 1 + Math.floor(3 * random.next()) : Math.floor(2.2 * random.next());
  const calls: Operation["calls"][number][] = [];
  for (let i = 0; i < wanted; i += 1) {
    const to = at + 1 + Math.floor(random.next() * Math.min(count - at - 1, Math.ceil(count / 2)));
    const operations = services[to]?.operations.length ?? 0;
    if (to < count && operations > 0 && !calls.some((call) => call.to === to))
      calls.push({
        to,
        operation: Math.floor(random.next() * operations),
        share: 0.4 + 0.6 * random.next(),
        isNeeded: random.next() < 0.5,
      });
  }
  return calls;
}

interface Recording {
  readonly spans: OwnedSpan[];
  readonly lines: TraceLine[];
  /** By caller and called service. */
  readonly edges: Map<number, EdgeCount>;
  /** By service with a fault, the requests that it befell so that it could show. */
  readonly hits: ReadonlyMap<number, Set<string>>;
  traceId: string;
  isSampled: boolean;
}

/** Calls of one edge; its proxies differ in how long they saw them take. */
interface EdgeCount {
  readonly source: ServiceRef | null;
  readonly destination: ServiceRef;
  requestCount: number;
  failedCount: number;
  clientMs: number;
  serverMs: number;
}

/**
 * One window: so many requests, of which a share is sampled as traces; metrics count all.
 * @param faults of different services, at once; [] for a quiet window
 * @returns also the share of requests that each of the faults befell at least; 0 without any
 */
export function playWindow(
  mesh: StudyMesh,
  faults: readonly StudyFault[],
  options: {
    readonly requests: number;
    readonly sampled: number;
    readonly fromMs: number;
    readonly seed: number;
    /** From one request to the next; 200 when left out. */
    readonly everyMs?: number;
  },
): WindowEvidence & { readonly hitRatio: number } {
  const random = createRandom(options.seed, "window");
  const { everyMs = 200 } = options;
  const recording: Recording = {
    spans: [],
    lines: [],
    edges: new Map(),
    hits: new Map(faults.map(({ service }) => [service, new Set()])),
    traceId: "",
    isSampled: false,
  };
  const traces: WeightedTrace[] = [];
  const lines: TraceLine[] = [];
  // The mix of requests differs from window to window.
  const mix = (mesh.services[0]?.operations ?? []).map(() => 0.3 + random.next());
  const play = createPlayer(mesh, faults, random, recording);
  for (let number = 0; number < options.requests; number += 1) {
    recording.traceId = (options.seed * 1e6 + number).toString(16).padStart(32, "0");
    recording.isSampled = random.next() < options.sampled;
    recording.spans.length = 0;
    recording.lines.length = 0;
    play(0, pickBy(mix, random), options.fromMs + number * everyMs, null, null);
    if (!recording.isSampled) continue;
    traces.push({
      traceId: recording.traceId,
      weight: 1 / options.sampled,
      spans: [...recording.spans],
      isComplete: true,
    });
    lines.push(...recording.lines);
  }
  const window = { fromMs: options.fromMs, toMs: options.fromMs + options.requests * everyMs };
  const edges = [...recording.edges.values()].flatMap(measuresOf);
  return {
    window,
    traces,
    edges,
    errorLogs: null,
    traceLines: lines,
    workloads: null,
    hitRatio: least([...recording.hits.values()].map(({ size }) => size)) / options.requests,
  };
}

function least(counts: readonly number[]): number {
  return counts.length === 0 ? 0 : Math.min(...counts);
}

interface Outcome {
  readonly endMs: number;
  readonly isError: boolean;
  /** All seems well, but who asked cannot go on with what it was told. */
  readonly isWrong: boolean;
}

function createPlayer(mesh: StudyMesh, faults: readonly StudyFault[], random: Random, recording: Recording) {
  const faultOf = new Map(faults.map((fault) => [fault.service, fault]));
  let spanNumber = 0;
  const nextId = (): string => {
    if (!recording.isSampled) return "";
    spanNumber += 1;
    return spanNumber.toString(16).padStart(16, "0");
  };
  const ill = (fault: StudyFault | null, pod: { readonly version: string }, podIndex: number): boolean => {
    if (fault === null) return false;
    if (fault.kind === "bad version") return pod.version === "v2" && random.next() < fault.share;
    if (fault.kind === "bad replica") return podIndex === 1 && random.next() < fault.share;
    return random.next() < fault.share;
  };
  const call = (
    at: number,
    operationIndex: number,
    startMs: number,
    parent: string | null,
    caller: number | null,
  ): Outcome => {
    const service = mesh.services[at] as Service;
    const operation = service.operations[operationIndex] as Operation;
    const podIndex = Math.floor(random.next() * service.pods.length);
    const pod = service.pods[podIndex] as Service["pods"][number];
    const fault = faultOf.get(at) ?? null;
    const isIll = ill(fault, pod, podIndex);
    const kind = isIll ? fault?.kind : undefined;
    const isWayIll = kind === "delay" || kind === "network";
    const wayMs = 0.5 + exponential(random, 0.3) + (isWayIll ? (fault?.ms ?? 0) * (0.7 + 0.6 * random.next()) : 0);
    const clientId = nextId();
    const serverId = nextId();
    const serverStart = startMs + wayMs;
    let nowMs = serverStart + work(operation, random) * (kind === "CPU" ? 3 + (fault?.ms ?? 0) / 20 : 1);
    const isIdle =
      (kind === "slow database" && operation.databaseMs === null) ||
      (kind === "wrong value" && operation.calls.length === 0) ||
      ((kind === "wrong answer" || kind === "early return") && caller === null) ||
      (kind === "CPU" && operation.selfMs * ((fault?.ms ?? 0) / 20 + 2) < 50);
    if (isIll && !isIdle) recording.hits.get(at)?.add(recording.traceId);
    const isBad = kind === "bad version" || kind === "bad replica";
    if (isBad && (fault?.ms ?? 0) > 500) nowMs += fault?.ms ?? 0;
    if (random.next() < operation.slowShare) nowMs += 300 + 1000 * random.next();
    const isHabit = random.next() < operation.errorShare;
    const isDoomed = isHabit || kind === "error" || kind === "retry storm" || (isBad && (fault?.ms ?? 0) <= 500);
    const isQuietError = isDoomed && operation.errorShare > 0 && kind === undefined;
    // Before which of its calls it fails.
    const failsBefore = isDoomed ? failurePoint(operation, isHabit ? null : fault, random) : null;
    let isError = failsBefore !== null && failsBefore <= 0;
    if (operation.databaseMs !== null) {
      const databaseMs =
        operation.databaseMs * (0.7 + 0.6 * random.next()) + (kind === "slow database" ? (fault?.ms ?? 0) : 0);
      span(at, pod, nextId(), serverId, "CLIENT", "SELECT orders", nowMs, databaseMs, false, {
        "db.system": "mysql",
        "db.name": "orders",
      });
      nowMs += databaseMs;
    }
    let isBroken = false;
    for (const [number, next] of operation.calls.entries()) {
      if (isError || random.next() >= next.share) continue;
      if (isBroken) break;
      // A wrong value makes its maker leave calls out.
      if (kind === "wrong value" || kind === "early return") continue;
      let outcome = call(next.to, next.operation, nowMs, serverId, at);
      if (outcome.isError && faultOf.get(next.to)?.kind === "retry storm")
        for (let attempt = 0; attempt < 2 && outcome.isError; attempt += 1)
          outcome = call(next.to, next.operation, outcome.endMs + 5, serverId, at);
      nowMs = outcome.endMs + 0.2;
      if (outcome.isError && next.isNeeded) {
        isError = true;
        isBroken = true;
      }
      if (outcome.isWrong) isError = true;
      const isBranch = !isHabit && fault?.failsAt === "BRANCH";
      if (failsBefore !== null && (isBranch ? failsBefore === number + 1 : failsBefore <= number + 1)) isError = true;
    }
    if (isDoomed && (isHabit || fault?.failsAt !== "BRANCH")) isError = true;
    if (recording.isSampled) log(at, pod.name, operation, kind, isError && !isBroken);
    // Errors that are always there are swallowed: who lives with them has learnt to.
    const serverMs = nowMs - serverStart;
    const backMs = 0.3 + (kind === "network" ? (fault?.ms ?? 0) * 0.5 : 0);
    const clientMs = nowMs + backMs - startMs;
    if (caller !== null || parent !== null) {
      const from = mesh.services[caller ?? 0] as Service;
      span(
        caller ?? 0,
        from.pods[0] as Service["pods"][number],
        clientId,
        parent,
        "CLIENT",
        `${service.ref.name}${operation.name}`,
        startMs,
        clientMs,
        isError,
        {},
      );
    }
    span(
      at,
      pod,
      serverId,
      caller === null ? null : clientId,
      "SERVER",
      operation.name,
      serverStart,
      serverMs,
      isError,
      {},
    );
    count(caller, at, clientMs, serverMs, isError);
    return {
      endMs: nowMs + backMs,
      isError: isError && !isQuietError,
      isWrong: (kind === "wrong answer" || kind === "early return") && !isError,
    };
  };
  const span = (
    at: number,
    pod: Service["pods"][number],
    spanId: string,
    parentSpanId: string | null,
    kind: "CLIENT" | "SERVER",
    operation: string,
    startMs: number,
    durationMs: number,
    isError: boolean,
    tags: Record<string, string>,
  ): void => {
    if (!recording.isSampled) return;
    const { ref } = mesh.services[at] as Service;
    recording.spans.push({
      spanId,
      parentSpanId,
      isShared: false,
      serviceName: ref.name,
      operation,
      kind,
      startMs,
      durationMs,
      status: isError ? "ERROR" : "UNSET",
      events: [],
      service: ref,
      tags: {
        ...tags,
        "k8s.pod.name": pod.name,
        "k8s.namespace.name": ref.namespace,
        "istio.canonical_revision": pod.version,
      },
    });
  };
  const log = (
    at: number,
    pod: string,
    operation: Operation,
    kind: StudyFault["kind"] | undefined,
    isError: boolean,
  ): void => {
    const { ref } = mesh.services[at] as Service;
    const write = (level: "INFO" | "ERROR", message: string): number =>
      recording.lines.push({ service: ref, pod, level, message: `${level} ${message}`, traceId: recording.traceId });
    write("INFO", `${operation.name} asked`);
    if (isError) write("ERROR", `${operation.name} failed: no answer to give`);
    else if (kind !== "wrong value" && kind !== "early return")
      write("INFO", `${operation.name} answered with ${Math.floor(random.next() * 9)} rows`);
  };
  const count = (caller: number | null, at: number, clientMs: number, serverMs: number, isError: boolean): void => {
    const key = ((caller ?? -1) + 1) * mesh.services.length + at;
    let edge = recording.edges.get(key);
    if (edge === undefined) {
      const source = caller === null ? null : (mesh.services[caller]?.ref ?? null);
      const destination = (mesh.services[at] as Service).ref;
      edge = { source, destination, requestCount: 0, failedCount: 0, clientMs: 0, serverMs: 0 };
      recording.edges.set(key, edge);
    }
    edge.requestCount += 1;
    if (isError) edge.failedCount += 1;
    edge.clientMs += clientMs;
    edge.serverMs += serverMs;
  };
  return call;
}

/** The same calls as both proxies counted them. */
function measuresOf(edge: EdgeCount): readonly EdgeMeasure[] {
  const { source, destination, requestCount, failedCount, clientMs, serverMs } = edge;
  return (["SOURCE", "DESTINATION"] as const).map((reporter) => ({
    source,
    destination: { kind: "SERVICE", service: destination },
    reporter,
    requestCount,
    failedCount,
    durationSumMs: reporter === "SOURCE" ? clientMs : serverMs,
    destinationVersion: null,
    destinationPod: null,
    flags: [],
    parts: [],
  }));
}

/** Before which of its calls an operation fails: 0 before all of them, after the last where it is as many as there are. */
function failurePoint({ calls }: Operation, fault: StudyFault | null, random: Random): number {
  const failsAt = fault?.failsAt ?? "ANYWHERE";
  if (failsAt === "START" || calls.length === 0) return 0;
  if (failsAt === "ANYWHERE") return Math.floor(random.next() * (calls.length + 1));
  return 1 + Math.floor((fault?.point ?? 0) * calls.length);
}

function work({ selfMs, sigma }: Operation, random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return selfMs * Math.exp(sigma * normal);
}

function pickBy(weights: readonly number[], random: Random): number {
  let at = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    at -= weight;
    if (at < 0) return index;
  }
  return weights.length - 1;
}
