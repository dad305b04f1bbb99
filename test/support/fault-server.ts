/** A real HTTP server on loopback that misbehaves on command; the network side of every adapter's fault tests. */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** What the server does with the next requests. */
export type Fault =
  | {
      readonly kind: "answer";
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly body: string;
    }
  | { readonly kind: "handler"; readonly handle: http.RequestListener }
  /** Accepts and never answers. */
  | { readonly kind: "silence" }
  /** Sends headers and half of a body, then resets the connection. */
  | { readonly kind: "reset-mid-body"; readonly body: string }
  /** Closes the connection before any answer. */
  | { readonly kind: "hang-up" }
  /** An endless JSON array; counts what the client took. */
  | { readonly kind: "endless" };

/** The running server. */
export interface FaultServer {
  readonly url: string;
  /** Requests seen since the start. */
  requestCount(): number;
  /** Connections open now. */
  openSockets(): number;
  /** Bytes written for `endless`. */
  endlessBytes(): number;
  behave(fault: Fault): void;
  /** Ends all connections and refuses new ones until `accept`. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

/** Starts on a free loopback port, answering `{}` until told otherwise. */
export async function startFaultServer(): Promise<FaultServer> {
  let fault: Fault = { kind: "answer", body: "{}" };
  let requests = 0;
  let endless = 0;
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    requests += 1;
    const now = fault;
    if (now.kind === "handler") return now.handle(request, response);
    request.resume();
    if (now.kind === "silence") return;
    if (now.kind === "hang-up") return void request.socket.resetAndDestroy();
    if (now.kind === "endless") return pour(response);
    if (now.kind === "reset-mid-body") {
      response.writeHead(200, { "content-type": "application/json", "content-length": String(now.body.length * 2) });
      response.write(now.body, () => request.socket.resetAndDestroy());
      return;
    }
    response.writeHead(now.status ?? 200, { "content-type": "application/json", ...now.headers });
    response.end(now.body);
  });

  function pour(response: http.ServerResponse): void {
    const chunk = `${JSON.stringify("x".repeat(65_000))},`;
    response.writeHead(200, { "content-type": "application/json" });
    response.write("[");
    const more = () => {
      while (!response.destroyed) {
        endless += chunk.length;
        if (!response.write(chunk)) return void response.once("drain", more);
      }
    };
    more();
  }

  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  async function refuse(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }

  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requestCount: () => requests,
    openSockets: () => sockets.size,
    endlessBytes: () => endless,
    behave(next) {
      fault = next;
    },
    refuse,
    accept: () => listen(server, port),
    close: refuse,
  };
}

async function listen(server: http.Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  // Rejects when the port was taken meanwhile.
  await once(server, "listening");
}

/** A loopback port on which nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
