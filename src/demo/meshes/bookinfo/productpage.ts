/** Bookinfo's front: asks details, then reviews, twice if it must, 3 s each time, and answers 200 with whatever it got. */
import { type Application, knownMs, type Network, type ServedRequest } from "../../simulation/application.js";
import { errorLine, finish, ownTimeMs } from "../../simulation/application-work.js";
import type { ApplicationLine, HttpExchange } from "../../simulation/exchange.js";
import type { MeshService } from "../../simulation/mesh-model.js";

const giveUpAfterMs = 3000;
const reviewTries = 2;
const pageBytes = 4183;

/** The application of productpage, which calls the given services. */
export function createProductpage(details: MeshService, reviews: MeshService): Application {
  return (served, network) => {
    const calls: HttpExchange[] = [];
    const lines: ApplicationLine[] = [];
    let bytes = pageBytes;
    let nowMs = served.startMs + 0.4;
    const ask = (service: MeshService, path: string): boolean => {
      const call = network.http(served, service, path, nowMs, giveUpAfterMs);
      calls.push(call);
      nowMs = knownMs(call);
      if (call.client.status === 200) bytes += call.client.responseBytes;
      else lines.push(failure(service, call, nowMs));
      return call.client.status === 200;
    };
    ask(details, "/details/0");
    nowMs += parseMs(served, network);
    for (let tries = 0; tries < reviewTries; tries += 1) if (ask(reviews, "/reviews/0")) break;
    nowMs += ownTimeMs(served, network, { medianMs: 2.2, sigma: 0.3 });
    return finish(served, nowMs, 200, bytes, calls, lines);
  };
}

const parseMs = (served: ServedRequest, network: Network): number =>
  ownTimeMs(served, network, { medianMs: 0.5, sigma: 0.3 });

function failure(service: MeshService, call: HttpExchange, atMs: number): ApplicationLine {
  const { status } = call.client;
  const why = status === 0 ? `Read timed out after ${giveUpAfterMs} ms` : `HTTP ${status}`;
  return errorLine(atMs, `Error retrieving ${service.name}: ${why}`, status === 0 ? null : status);
}
