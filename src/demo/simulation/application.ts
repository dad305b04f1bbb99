/** What the applications of a simulated mesh are: functions that work on a request, call others and say what they did. Called by http-calls.ts. */
import type { ApplicationLine, Exchange, HttpExchange, TcpExchange } from "./exchange.js";
import type { MeshPod, MeshService } from "./mesh-model.js";
import type { Latency, Random } from "./random.js";

/** One request of a user, the same for every call made on its behalf. */
export interface UserRequest {
  readonly user: string | null;
  readonly userAgent: string;
  readonly number: number;
  readonly isSampled: boolean;
}

/** What is wrong with an image: absent from the table, an image is sound. Applies to the pods that run it, so it comes and goes with rollouts. */
export interface ImageDefect {
  /** Share of the requests the application refuses, 0 .. 1. */
  readonly failedShare?: number;
  readonly failedStatus?: number;
  /** What it writes as an ERROR when it refuses. */
  readonly failedMessage?: string;
  /** Added to the time of the application's own work. */
  readonly addedLatency?: Latency;
  /** The process is killed for its memory this long after each start. */
  readonly crashesAfterMs?: number;
}

/** A request that has reached an application. */
export interface ServedRequest {
  readonly request: UserRequest;
  readonly pod: MeshPod;
  readonly method: string;
  readonly path: string;
  /** Number of the server span the work happens in. */
  readonly span: number;
  readonly startMs: number;
  /** What is wrong with the image this pod runs; null for a sound one. */
  readonly defect: ImageDefect | null;
}

/** What became of a request in an application. */
export interface Served {
  readonly endMs: number;
  readonly status: number;
  readonly responseBytes: number;
  readonly calls: readonly Exchange[];
  readonly lines: readonly ApplicationLine[];
}

/** The network as an application knows it. */
export interface Network {
  readonly random: Random;
  /** Calls a service; the application hangs up `giveUpAfterMs` after `startMs`. */
  http(served: ServedRequest, service: MeshService, path: string, startMs: number, giveUpAfterMs: number): HttpExchange;
  /** Opens a connection to a host outside the mesh, sends and receives so many bytes and closes it. */
  tcp(served: ServedRequest, to: TcpRequest, startMs: number): TcpExchange;
}

/** What an application wants of a host outside the mesh. */
export interface TcpRequest {
  readonly host: string;
  readonly port: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** An application. It is asked once per attempt that reaches it and must not keep anything between requests. */
export type Application = (served: ServedRequest, network: Network) => Served;

/** When the caller's application knows the outcome of a call: a little after its proxy does. */
export function knownMs(call: HttpExchange): number {
  return call.client.endMs + 0.05;
}
