/**
 * One call in the simulated mesh with all that either proxy saw of it: the only thing the simulation gives and the renderers of metrics,
 * spans and logs take. Times are epoch ms with a fraction. Follows what real Envoy sidecars showed (docs/reference/demo.md).
 */
import type { ExternalHost, MeshPod, MeshService } from "./mesh-model.js";

/** A call over HTTP; a user's request is the gateway's call of the first service. */
export interface HttpExchange {
  readonly kind: "http";
  /** The pod whose proxy sent it. */
  readonly source: MeshPod;
  readonly target: MeshService;
  /** Subset the route chose (`v2` in `outbound|9080|v2|reviews...`); null without a DestinationRule. */
  readonly subset: string | null;
  readonly method: string;
  readonly path: string;
  /** `end-user` header of Bookinfo; null for an anonymous user. */
  readonly user: string | null;
  readonly userAgent: string;
  /** One per user's request; its trace and its `x-request-id` are named by it (trace-ids.ts). */
  readonly requestNumber: number;
  /** Whether the proxies report spans of this trace. */
  readonly isSampled: boolean;
  /** Number of the client span within the request; 0 at the gateway. */
  readonly span: number;
  /** Number of the server span the caller works in; null at the gateway. */
  readonly parentSpan: number | null;
  /** The caller's proxy's view: a call with its retries. */
  readonly client: ProxyView;
  /** What reached a server's proxy, in order; empty when nothing did (injected abort, no endpoints, a delay cut short). */
  readonly attempts: readonly HttpAttempt[];
}

/** What one proxy reports of one request in metrics, span and access log. */
export interface ProxyView {
  readonly startMs: number;
  readonly endMs: number;
  /** HTTP status; 0 when no response was sent. */
  readonly status: number;
  /** Response flags, in Envoy's order; [] for `-`. */
  readonly flags: readonly string[];
  /** `%RESPONSE_CODE_DETAILS%`, such as `via_upstream`. */
  readonly details: string;
  /** At the source: the pod that was chosen, null when none was (destination_workload `unknown`). At the destination: its own pod. */
  readonly destination: MeshPod | null;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** One try as the server's proxy saw it. */
export interface HttpAttempt {
  readonly pod: MeshPod;
  /** Number of the server span. */
  readonly span: number;
  readonly server: ProxyView;
  /** What the application did; null when the proxy answered by itself (denied, application down). */
  readonly work: ApplicationWork | null;
}

/** What an application did for one request; it may go on after its caller is gone. */
export interface ApplicationWork {
  readonly calls: readonly Exchange[];
  /** Quiet ones of sampled requests only. */
  readonly lines: readonly ApplicationLine[];
}

/** A line an application wrote while it worked on a request. */
export interface ApplicationLine {
  readonly atMs: number;
  readonly level: "DEBUG" | "INFO" | "WARN" | "ERROR";
  readonly message: string;
  readonly status: number | null;
  readonly durationMs: number | null;
}

/** A TCP connection to a host outside the mesh. Proxies make no span and no duration metric of it, only a line of the access log. */
export interface TcpExchange {
  readonly kind: "tcp";
  readonly source: MeshPod;
  /** The declared host, or where undeclared traffic goes. */
  readonly target: ExternalHost | "BlackHoleCluster" | "PassthroughCluster";
  /** Address the application dialled. */
  readonly upstreamHost: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly flags: readonly string[];
  /** Caller to server. */
  readonly sentBytes: number;
  /** Server to caller. */
  readonly receivedBytes: number;
}

/** Any call. */
export type Exchange = HttpExchange | TcpExchange;
