import http from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../src/config/load-config.js";
import { startServer } from "../../src/server/start-server.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { type FaultServer, startFaultServer } from "../support/fault-server.js";
import { askSources, startConfigured, writeConfig } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

let backend: FaultServer | null = null;

afterEach(async () => {
  await backend?.close();
  backend = null;
});

/** A backend that holds its answers back until `release`. */
async function startHoldingBackend() {
  const held: http.ServerResponse[] = [];
  backend = await startFaultServer();
  backend.behave({ kind: "handler", handle: (_request, response) => void held.push(response) });
  return {
    url: backend.url,
    heldCount: () => held.length,
    release() {
      for (const response of held.splice(0)) response.writeHead(200).end('["reviews"]');
    },
    openSockets: () => backend?.openSockets() ?? 0,
  };
}

describe("startServer", () => {
  test("a port in use is told with the remedy", async () => {
    const taken = await startConfigured("");
    const port = new URL(taken.url).port;
    const loaded = loadConfig(writeConfig(`server: { port: ${port}, logLevel: silent }`), {});
    await expect(startServer(loaded, { clock: systemClock })).rejects.toMatchObject({
      code: "MESHLENS_ERR_SERVER_LISTEN",
      message: `cannot listen on 127.0.0.1:${port}: the port is in use: stop the other program or set server.port (0 takes a free one)`,
    });
    await taken.stop("test over");
  });

  test("stopping lets an answer under way finish, takes no new one, and closes the connections to backends", async () => {
    const holding = await startHoldingBackend();
    const server = await startConfigured(`sources: [{ name: z, kind: zipkin, url: "${holding.url}" }]`);
    await waitUntil("the probe at the start is held", () => holding.heldCount() === 2);
    const answer = askSources(server.url);
    await waitUntil("the request's own calls are held", () => holding.heldCount() > 2);
    let isStopped = false;
    const stopped = server.stop("test").then(() => {
      isStopped = true;
    });
    await waitUntil("new connections are refused", () => isRefused(server.url));
    expect(isStopped).toBe(false);
    holding.release();
    await waitUntil("calls that were made since are answered too", async () => {
      holding.release();
      return isStopped;
    });
    await stopped;
    expect(await (await answer).json()).toMatchObject({ data: { sources: [{ state: "OK" }] } });
    await waitUntil("no socket to the backend is left", () => holding.openSockets() === 0);
  });

  test("an answer that outlasts the grace is cut, so that stopping ends", async () => {
    const holding = await startHoldingBackend();
    const server = await startConfigured(`server: { shutdownGraceMs: 50 }
sources: [{ name: z, kind: zipkin, url: "${holding.url}" }]`);
    await waitUntil("the probe at the start is held", () => holding.heldCount() === 2);
    const answer = askSources(server.url).then(
      () => "answered",
      () => "cut",
    );
    await waitUntil("the request's own calls are held", () => holding.heldCount() > 2);
    await server.stop("test");
    expect(await answer).toBe("cut");
  });
});

function isRefused(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(`${url}/healthz`, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 503);
    });
    request.on("error", () => resolve(true));
  });
}
