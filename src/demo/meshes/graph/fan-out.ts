/** The application of every service that only a graph describes: works a little, calls what it calls, fails where it cannot do without. */
import { type Application, knownMs, type Network, type ServedRequest } from "../../simulation/application.js";
import { errorLine, finish, ownTimeMs, refusal } from "../../simulation/application-work.js";
import type { ApplicationLine, Exchange, HttpExchange } from "../../simulation/exchange.js";
import type { ExternalHost, MeshService } from "../../simulation/mesh-model.js";
import type { Latency } from "../../simulation/random.js";

/** One call a service makes while it works. */
export interface FanOutCall {
  readonly to: MeshService;
  /** Share of the requests that need it, 0 .. 1. */
  readonly share: number;
  /** Whether the request fails with it. */
  readonly isNeeded: boolean;
  readonly giveUpAfterMs: number;
}

/** What a service does for each request. */
export interface FanOut {
  readonly ownTime: Latency;
  readonly calls: readonly FanOutCall[];
  /** All calls at the same time, or one after the other until a needed one fails. */
  readonly isParallel: boolean;
  /** A host outside it asks over TCP for each request; null for none. */
  readonly external: ExternalHost | null;
}

/** The application that does so. */
export function createFanOut(does: FanOut): Application {
  return (served, network) => {
    const startMs = served.startMs + ownTimeMs(served, network, does.ownTime);
    const refused = refusal(served, network, startMs);
    if (refused !== null) return refused;
    const calls: Exchange[] = [];
    const lines: ApplicationLine[] = [];
    let nowMs = startMs;
    let isFailed = false;
    if (does.external !== null) {
      const read = network.tcp(served, { ...does.external, sentBytes: 220, receivedBytes: 1800 }, nowMs);
      calls.push(read);
      nowMs = read.endMs;
    }
    const askedMs = nowMs;
    for (const one of does.calls) {
      if (one.share < 1 && network.random.next() >= one.share) continue;
      const call = ask(served, network, one, does.isParallel ? askedMs : nowMs);
      calls.push(call);
      nowMs = Math.max(nowMs, knownMs(call));
      if (call.client.status === 200) continue;
      lines.push(failure(one, call));
      isFailed ||= one.isNeeded;
      if (isFailed && !does.isParallel) break;
    }
    lines.sort((line, other) => line.atMs - other.atMs);
    return finish(served, nowMs + 0.2, isFailed ? 500 : 200, isFailed ? 62 : 640, calls, lines);
  };
}

const ask = (served: ServedRequest, network: Network, one: FanOutCall, atMs: number): HttpExchange =>
  network.http(served, one.to, `/${one.to.name}`, atMs, one.giveUpAfterMs);

function failure(one: FanOutCall, call: HttpExchange): ApplicationLine {
  const { status } = call.client;
  const why = status === 0 ? `Read timed out after ${one.giveUpAfterMs} ms` : `HTTP ${status}`;
  const line = errorLine(knownMs(call), `call of ${one.to.name} failed: ${why}`, status === 0 ? null : status);
  return one.isNeeded ? line : { ...line, level: "WARN" };
}
