/** A few pods of Bookinfo and short ways to write their calls. */
import type {
  ApplicationWork,
  Exchange,
  HttpAttempt,
  HttpExchange,
  ProxyView,
  TcpExchange,
} from "../../../src/demo/simulation/exchange.js";
import type { MeshPod, MeshService, MeshWorkload } from "../../../src/demo/simulation/mesh-model.js";

/** When every story begins. */
export const t0 = Date.UTC(2026, 2, 2, 10, 0, 0);

function service(name: string): MeshService {
  return { name, namespace: "bookinfo", host: `${name}.bookinfo.svc.cluster.local`, port: 9080 };
}

function pod(workload: MeshWorkload, suffix: string, address: number): MeshPod {
  return { name: `${workload.name}-${suffix}`, ip: `10.244.1.${address}`, node: "node-1", workload };
}

function bookinfo(to: MeshService, version: string, address: number): MeshPod {
  const { name: app, namespace } = to;
  const serviceAccount = `bookinfo-${app}`;
  const image = `example.com/bookinfo/${app}:${version}`;
  const name = `${app}-${version}`;
  return pod({ name, namespace, app, version, serviceAccount, image, service: to }, "5c8d9f7b6d-x2x7k", address);
}

export const services = {
  productpage: service("productpage"),
  details: service("details"),
  reviews: service("reviews"),
  ratings: service("ratings"),
};

const gatewayName = "istio-ingressgateway";

export const pods = {
  gateway: pod(
    {
      name: gatewayName,
      namespace: "istio-system",
      app: gatewayName,
      version: "latest",
      serviceAccount: `${gatewayName}-service-account`,
      image: "example.com/proxy:1",
      service: null,
    },
    "6f8d9c7b54-q7x2m",
    10,
  ),
  productpage: bookinfo(services.productpage, "v1", 11),
  details: bookinfo(services.details, "v1", 12),
  reviewsV2: bookinfo(services.reviews, "v2", 22),
  reviewsV3: bookinfo(services.reviews, "v3", 23),
  ratings: bookinfo(services.ratings, "v1", 31),
};

/** What one proxy saw; times from t0. Status 200 by the upstream in 5 ms unless said otherwise. */
export interface Seen {
  readonly at?: number;
  readonly takes?: number;
  readonly status?: number;
  readonly flags?: readonly string[];
  readonly details?: string;
}

export function view(seen: Seen, destination: MeshPod | null): ProxyView {
  const { at = 0, takes = 5, status = 200, flags = [], details = "via_upstream" } = seen;
  const startMs = t0 + at;
  const responseBytes = status === 0 ? 0 : 48;
  return { startMs, endMs: startMs + takes, status, flags, details, destination, requestBytes: 0, responseBytes };
}

let lastSpan = 0;

function nextSpan(): number {
  lastSpan++;
  return lastSpan;
}

/** A try that reached the pod. `work` null: its proxy answered by itself. */
export function attempt(at: MeshPod, seen: Seen, work: Partial<ApplicationWork> | null = {}): HttpAttempt {
  const done = work === null ? null : { calls: work.calls ?? [], lines: work.lines ?? [] };
  return { pod: at, span: nextSpan(), server: view(seen, at), work: done };
}

/** A call; the chosen endpoint is that of the last attempt. */
export function call(
  source: MeshPod,
  target: MeshService,
  seen: Seen,
  attempts: readonly HttpAttempt[],
  given: Partial<HttpExchange> = {},
): HttpExchange {
  return {
    kind: "http",
    source,
    target,
    subset: null,
    method: "GET",
    path: target.name === "productpage" ? "/productpage" : `/${target.name}/0`,
    user: null,
    userAgent: "tiny",
    requestNumber: 1,
    isSampled: true,
    span: nextSpan(),
    parentSpan: null,
    client: view(seen, attempts.at(-1)?.pod ?? null),
    attempts,
    ...given,
  };
}

/** A connection out of the mesh. */
export function connection(
  source: MeshPod,
  target: TcpExchange["target"],
  given: Partial<TcpExchange> = {},
): TcpExchange {
  return {
    kind: "tcp",
    source,
    target,
    upstreamHost: "192.0.2.80:3306",
    startMs: t0,
    endMs: t0 + 4,
    flags: [],
    sentBytes: 27,
    receivedBytes: 11,
    ...given,
  };
}

export const mysql = { host: "mysql.example.com", port: 3306 };

/** The same tree with the calls of an application knowing the span it works in as their parent. */
export function linked<T extends Exchange>(exchange: T, parentSpan: number | null = null): T {
  if (exchange.kind === "tcp") return exchange;
  const attempts = exchange.attempts.map((one) => ({
    ...one,
    work: one.work && { ...one.work, calls: one.work.calls.map((inner) => linked(inner, one.span)) },
  }));
  return { ...exchange, parentSpan, attempts };
}

/** The same tree `byMs` later. */
export function shifted<T extends Exchange>(exchange: T, byMs: number): T {
  if (exchange.kind === "tcp") return { ...exchange, startMs: exchange.startMs + byMs, endMs: exchange.endMs + byMs };
  const moved = (seen: ProxyView) => ({ ...seen, startMs: seen.startMs + byMs, endMs: seen.endMs + byMs });
  const attempts = exchange.attempts.map((one) => ({
    ...one,
    server: moved(one.server),
    work: one.work && { ...one.work, calls: one.work.calls.map((inner) => shifted(inner, byMs)) },
  }));
  return { ...exchange, client: moved(exchange.client), attempts };
}
