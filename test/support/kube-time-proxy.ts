/**
 * Stands between a source and a real API server and lets a story have its own time: objects are as old as their annotation says, and
 * nothing tells when they were written. It can also be away for a while, as networks are.
 */
import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Json } from "./kube-objects.js";
import type { KubeRecording } from "./kube-recording.js";

/** Says when an object of a story was made. */
export const storyTime = "meshlens.test/created";

/** The running proxy. */
export interface KubeTimeProxy {
  readonly url: string;
  /** Paths asked for, with what they were answered. */
  readonly answered: readonly { readonly path: string; readonly status: number }[];
  /** How often the server had forgotten a version: as a status, or in the stream of a watch. */
  expiredCount(): number;
  refuse(): Promise<void>;
  accept(): Promise<void>;
}

/** How it treats what comes by. */
export interface KubeTimeOptions {
  /** Leaves dates as the server wrote them. */
  readonly keepsTimes?: boolean;
  /** Takes down everything, under the step of the story that is played. */
  readonly record?: { readonly into: KubeRecording; readonly step: () => number };
}

/** Starts on a free loopback port. */
export async function startKubeTimeProxy(
  target: { readonly url: string; readonly ca: string; readonly token: string },
  { keepsTimes = false, record }: KubeTimeOptions = {},
): Promise<KubeTimeProxy> {
  const agent = new https.Agent({ ca: target.ca, keepAlive: true });
  const answered: { path: string; status: number }[] = [];
  const sockets = new Set<Socket>();
  let expired = 0;
  const told = (value: string) => (keepsTimes ? value : JSON.stringify(JSON.parse(value, retell)));

  const server = http.createServer((request, response) => {
    const headers = { accept: request.headers.accept ?? "*/*", authorization: `Bearer ${target.token}` };
    const sent = https.request(`${target.url}${request.url}`, { agent, headers }, (answer) => {
      answered.push({ path: request.url ?? "", status: answer.statusCode ?? 0 });
      if (answer.statusCode === 410) expired += 1;
      response.writeHead(answer.statusCode ?? 502, { "content-type": "application/json" });
      response.flushHeaders();
      const { pathname } = new URL(request.url ?? "/", "http://kube");
      const isWatch = /[?&]watch=1/.test(request.url ?? "");
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
        if (!isWatch) return;
        const lines = text.split("\n");
        text = lines.pop() ?? "";
        for (const line of lines) {
          if (/"type":"ERROR".*"code":410/.test(line)) expired += 1;
          response.write(`${told(line)}\n`);
          record?.into.lines.push({ step: record.step(), path: pathname, line: told(line) });
        }
      });
      answer.on("end", () => {
        const body = isWatch || text === "" ? "" : told(text);
        response.end(body);
        if (record !== undefined && !isWatch)
          record.into.answers[pathname] ??= { status: answer.statusCode ?? 0, body };
      });
      answer.on("error", () => response.destroy());
    });
    sent.on("error", () => response.destroy());
    response.on("close", () => sent.destroy());
    sent.end();
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answered,
    expiredCount: () => expired,
    async refuse() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
    accept: () => listen(port),
  };
}

function retell(key: string, value: unknown): unknown {
  if (key !== "metadata" || typeof value !== "object" || value === null) return value;
  const { managedFields: _, ...metadata } = value as Json;
  const created = (metadata["annotations"] as Json | undefined)?.[storyTime];
  return created === undefined ? metadata : { ...metadata, creationTimestamp: created };
}
