/**
 * A local HTTP server that answers as a real backend once did. Recordings are made by running the same suite with the real server's
 * URL in an environment variable; a request that was never recorded is answered 500 and says so.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";

/** Where answers come from: a file, made from the real server at `recordFrom` when that is given. */
export interface ReplayOptions {
  readonly file: string;
  readonly recordFrom: string | undefined;
  /** Headers kept in the recording, lower case. */
  readonly keptHeaders: readonly string[];
}

/** The running server. */
export interface ReplayServer {
  readonly url: string;
  close(): Promise<void>;
}

interface Recorded {
  /** Method, path and body as asked, cut for reading. */
  readonly asked: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Starts on a free loopback port. A recording is written when the server closes. */
export async function startReplayServer(options: ReplayOptions): Promise<ReplayServer> {
  const { file, recordFrom } = options;
  const recorded: Record<string, Recorded> =
    recordFrom === undefined && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};

  async function answer(request: http.IncomingMessage): Promise<Recorded> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const asked = `${request.method} ${request.url}\n${body}`;
    const key = createHash("sha256").update(asked).digest("hex").slice(0, 24);
    if (recordFrom !== undefined) recorded[key] = await ask(recordFrom, request, body, asked);
    return recorded[key] ?? { asked, status: 500, headers: {}, body: `not in ${file}: record it anew` };
  }

  async function ask(url: string, request: http.IncomingMessage, body: string, asked: string): Promise<Recorded> {
    const headers: Record<string, string> = {};
    for (const name of ["accept", "content-type"]) {
      const value = request.headers[name];
      if (typeof value === "string") headers[name] = value;
    }
    const method = request.method ?? "GET";
    const response = await fetch(url + (request.url ?? ""), { method, headers, ...(body !== "" && { body }) });
    const kept = options.keptHeaders.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    const text = (await response.text()).replaceAll(/"took":\d+/g, '"took":1');
    return { asked: asked.slice(0, 300), status: response.status, headers: Object.fromEntries(kept), body: text };
  }

  const server = http.createServer((request, response) => {
    answer(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (recordFrom === undefined) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(
        file,
        `${JSON.stringify(
          recorded,
          Object.keys(recorded)
            .sort()
            .concat(["asked", "status", "headers", "body", ...options.keptHeaders]),
          1,
        )}\n`,
      );
    },
  };
}
