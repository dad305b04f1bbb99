/**
 * One call over HTTP with both proxies' views, worked out at once: the route's fault, timeout and retries, who gives up when, and what
 * the application does meanwhile and afterwards. Called by the simulation for a user's request and by applications for theirs.
 */
import type { Application, Network, Served, ServedRequest, UserRequest } from "./application.js";
import type { HttpAttempt, HttpExchange, ProxyView } from "./exchange.js";
import type { MeshPod, MeshService } from "./mesh-model.js";
import { drawMs, type Latency, type Random } from "./random.js";
import type { RetryPolicy, Route, RouteDestination } from "./routes.js";
import { createTcpCalls } from "./tcp-calls.js";
import type { World } from "./world.js";

/** A call as its caller begins it. */
export interface HttpCall {
  readonly source: MeshPod;
  readonly request: UserRequest;
  readonly parentSpan: number | null;
  readonly span: number;
  readonly service: MeshService;
  readonly method: string;
  readonly path: string;
  readonly startMs: number;
  /** When the caller hangs up; Infinity for a patient one. */
  readonly goneMs: number;
}

/** Works out one call. */
export type MakeHttpCall = (call: HttpCall) => HttpExchange;

const noFlags: readonly string[] = [];
const noAttempts: readonly HttpAttempt[] = [];
const flagSets = new Map<string, readonly string[]>();
const hop: Latency = { medianMs: 0.18, sigma: 0.35 };
const gone = "downstream_remote_disconnect";
const downDetails =
  "upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}";
// Envoy waits before a retry: a random part of 25 ms, then of 50 ms, 100 ms, doubling up to 250 ms.
const backoffBaseMs = 25;
const backoffCapMs = 250;
const timeoutBytes = 24;

/** How calls are made in a world. `course` decides how each goes, `nextSpan` only numbers its spans. */
export function createHttpCalls(deps: {
  readonly world: World;
  readonly course: Random;
  readonly nextSpan: () => number;
}): MakeHttpCall {
  const { world, course, nextSpan } = deps;
  const network: Network = {
    random: course,
    tcp: createTcpCalls(world, course),
    http: (served, service, path, startMs, giveUpAfterMs) =>
      call({
        source: served.pod,
        request: served.request,
        parentSpan: served.span,
        span: nextSpan(),
        service,
        method: "GET",
        path,
        startMs,
        goneMs: startMs + giveUpAfterMs,
      }),
  };

  function call(made: HttpCall): HttpExchange {
    const route = world.routeFor(made.service, made.request.user);
    const destination = drawDestination(route, course);
    const startMs = made.startMs + drawMs(course, hop);
    let sentMs = startMs + 0.03;
    let isDelayed = false;
    if (route.delayShare > 0 && course.next() < route.delayShare) {
      isDelayed = true;
      sentMs += route.delayMs;
      if (sentMs > made.goneMs) {
        // Still held by the fault: no server ever hears of it.
        const endMs = made.goneMs + drawMs(course, hop);
        return exchange(made, destination, view(startMs, endMs, 0, flags("DI,DC"), gone, null, 0), noAttempts);
      }
    }
    const own = isDelayed ? flags("DI") : noFlags;
    if (route.abortShare > 0 && course.next() < route.abortShare) {
      const aborted = isDelayed ? flags("DI,FI") : flags("FI");
      const client = view(startMs, sentMs + 0.05, route.abortStatus, aborted, "fault_filter_abort", null, 18);
      return exchange(made, destination, client, noAttempts);
    }
    if (destination.pods.length === 0) {
      const client = view(startMs, sentMs + 0.05, 503, flags("UH"), "no_healthy_upstream", null, 19);
      return exchange(made, destination, client, noAttempts);
    }
    return tryAndRetry(made, route, destination, startMs, sentMs, own);
  }

  function tryAndRetry(
    made: HttpCall,
    route: Route,
    destination: RouteDestination,
    startMs: number,
    firstSentMs: number,
    own: readonly string[],
  ): HttpExchange {
    const deadlineMs = firstSentMs + route.timeoutMs;
    const attempts: HttpAttempt[] = [];
    let sentMs = firstSentMs;
    let pod: MeshPod | null = null;
    for (let retry = 0; ; retry += 1) {
      pod = choosePod(destination.pods, pod, course);
      const waitedUntilMs = Math.min(made.goneMs, deadlineMs, sentMs + route.retries.perTryTimeoutMs);
      const attempt = reach(made, pod, sentMs, waitedUntilMs);
      attempts.push(attempt);
      const heardMs = attempt.server.endMs + drawMs(course, hop);
      const isTooLate = attempt.server.status === 0 || heardMs > waitedUntilMs;
      if (isTooLate && waitedUntilMs !== sentMs + route.retries.perTryTimeoutMs)
        return exchange(made, destination, outOfTime(made, startMs, deadlineMs, own, pod), attempts);
      const status = isTooLate ? 504 : attempt.server.status;
      const endMs = isTooLate ? waitedUntilMs + 0.1 : heardMs;
      const isRetried = mayRetry(route.retries, status);
      if (isRetried && retry < route.retries.attempts) {
        sentMs = endMs + course.next() * Math.min(backoffBaseMs * 2 ** retry, backoffCapMs);
        if (sentMs < made.goneMs && sentMs < deadlineMs) continue;
        return exchange(made, destination, outOfTime(made, startMs, deadlineMs, own, pod), attempts);
      }
      const late = isTooLate ? withFlag(own, "UT") : own;
      const seen = isRetried ? withFlag(late, "URX") : late;
      const details = isTooLate ? "upstream_per_try_timeout" : "via_upstream";
      const bytes = isTooLate ? timeoutBytes : attempt.server.responseBytes;
      return exchange(made, destination, view(startMs, endMs, status, seen, details, pod, bytes), attempts);
    }
  }

  /** The caller's view of a call that ended by the caller's patience or the route's, whichever was shorter. */
  function outOfTime(
    made: HttpCall,
    startMs: number,
    deadlineMs: number,
    own: readonly string[],
    pod: MeshPod,
  ): ProxyView {
    return made.goneMs <= deadlineMs
      ? view(startMs, made.goneMs + drawMs(course, hop), 0, withFlag(own, "DC"), gone, pod, 0)
      : view(startMs, deadlineMs + 0.1, 504, withFlag(own, "UT"), "response_timeout", pod, timeoutBytes);
  }

  /** One try at a pod whose caller waits until `waitedUntilMs`. */
  function reach(made: HttpCall, pod: MeshPod, sentMs: number, waitedUntilMs: number): HttpAttempt {
    const span = nextSpan();
    const startMs = sentMs + drawMs(course, hop);
    const denial = world.denial(pod.workload, made.source.workload);
    if (denial !== null)
      return { pod, span, server: view(startMs, startMs + 0.08, 403, noFlags, denial, pod, 19), work: null };
    const application = world.runningApplication(pod);
    if (application === null)
      return {
        pod,
        span,
        server: view(startMs, startMs + 0.12, 503, flags("UF"), downDetails, pod, 167),
        work: null,
      };
    const served = serve(application, {
      request: made.request,
      pod,
      method: made.method,
      path: made.path,
      span,
      startMs: startMs + 0.05,
      defect: world.defect(pod.workload.image),
    });
    const endMs = served.endMs + 0.05;
    const server =
      endMs > waitedUntilMs
        ? view(startMs, Math.max(startMs, waitedUntilMs) + drawMs(course, hop), 0, flags("DC"), gone, pod, 0)
        : view(startMs, endMs, served.status, noFlags, "via_upstream", pod, served.responseBytes);
    return { pod, span, server, work: served };
  }

  const serve = (application: Application, served: ServedRequest): Served => application(served, network);
  return call;
}

function exchange(
  made: HttpCall,
  destination: RouteDestination,
  client: ProxyView,
  attempts: readonly HttpAttempt[],
): HttpExchange {
  return {
    kind: "http",
    source: made.source,
    target: made.service,
    subset: destination.subset,
    method: made.method,
    path: made.path,
    user: made.request.user,
    userAgent: made.request.userAgent,
    requestNumber: made.request.number,
    isSampled: made.request.isSampled,
    span: made.span,
    parentSpan: made.parentSpan,
    client,
    attempts,
  };
}

function view(
  startMs: number,
  endMs: number,
  status: number,
  flagList: readonly string[],
  details: string,
  destination: MeshPod | null,
  responseBytes: number,
): ProxyView {
  return { startMs, endMs, status, flags: flagList, details, destination, requestBytes: 0, responseBytes };
}

/** The same list for the same flags: renderers may compare by identity, and nothing is made per call. */
function flags(joined: string): readonly string[] {
  const known = flagSets.get(joined);
  if (known !== undefined) return known;
  const made = joined.split(",");
  flagSets.set(joined, made);
  return made;
}

// The order in which Envoy writes the flags this mesh knows.
const flagOrder = ["UH", "UT", "UF", "DI", "FI", "DC", "URX"];

function withFlag(own: readonly string[], flag: string): readonly string[] {
  if (own.length === 0) return flags(flag);
  return flags([...own, flag].sort((one, other) => flagOrder.indexOf(one) - flagOrder.indexOf(other)).join(","));
}

function drawDestination(route: Route, course: Random): RouteDestination {
  let rest = route.destinations.length === 1 ? 0 : course.next();
  for (const destination of route.destinations) {
    rest -= destination.share;
    if (rest < 0) return destination;
  }
  const last = route.destinations.at(-1);
  if (last === undefined) throw new RangeError("a route without a destination");
  return last;
}

/** A retry avoids the pod that has just failed where there is another, as Istio sets it up. */
function choosePod(pods: readonly MeshPod[], previous: MeshPod | null, course: Random): MeshPod {
  const start = pods.length === 1 ? 0 : Math.floor(course.next() * pods.length);
  const first = pods[start];
  if (first === undefined) throw new RangeError("no pod to choose from");
  return first === previous ? (pods[(start + 1) % pods.length] ?? first) : first;
}

function mayRetry({ retryOn }: RetryPolicy, status: number): boolean {
  if (retryOn.has("5xx") && status >= 500) return true;
  return retryOn.has(String(status)) || (retryOn.has("gateway-error") && status >= 502 && status <= 504);
}
