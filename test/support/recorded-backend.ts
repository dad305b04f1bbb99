/**
 * A backend's recorded answers as a local server, and the recorder that makes them. A fixture folder holds responses.json:
 * [{request: "GET /path?sorted=parameters", status, contentType, body}].
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { repositoryRoot } from "./repository-root.js";

interface RecordedResponse {
  readonly request: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** A local server to be closed at the end. */
export interface RecordedBackend {
  readonly url: string;
  close(): Promise<void>;
}

/** Replays a fixture folder; a request that was not recorded is answered 501 with its own text, and named in the test's failure. */
export async function replayBackend(fixture: string): Promise<RecordedBackend> {
  const recorded = JSON.parse(readFileSync(fixtureFile(fixture), "utf8")) as RecordedResponse[];
  const byRequest = new Map(recorded.map((response) => [response.request, response]));
  return serve(async (request, response) => {
    const key = requestKey(request, await formOf(request));
    const known = byRequest.get(key);
    response.writeHead(known?.status ?? 501, { "content-type": known?.contentType ?? "text/plain" });
    response.end(known?.body ?? `not recorded: ${key}`);
  });
}

/** Passes requests on to a real server and writes what it answered into the fixture folder when closed. */
export async function recordBackend(fixture: string, upstreamUrl: string): Promise<RecordedBackend> {
  const recorded = new Map<string, RecordedResponse>();
  const proxy = await serve(async (request, response) => {
    const form = await formOf(request);
    const sent = form.size === 0 ? {} : { method: "POST", body: form };
    const answer = await fetch(upstreamUrl + (request.url ?? "/"), { redirect: "manual", ...sent });
    const contentType = answer.headers.get("content-type") ?? "";
    const body = await answer.text();
    const key = requestKey(request, form);
    recorded.set(key, { request: key, status: answer.status, contentType, body });
    response.writeHead(answer.status, { "content-type": contentType });
    response.end(body);
  });
  return {
    url: proxy.url,
    async close() {
      await proxy.close();
      const sorted = [...recorded.values()].sort((a, b) => (a.request < b.request ? -1 : 1));
      mkdirSync(join(fixtureFile(fixture), ".."), { recursive: true });
      writeFileSync(fixtureFile(fixture), `${JSON.stringify(sorted, null, 1)}\n`);
    },
  };
}

function fixtureFile(fixture: string): string {
  return join(repositoryRoot, "test/fixtures", fixture, "responses.json");
}

/** Method, path and parameters in one order, so that a recording does not depend on the order the client writes them in. */
function requestKey({ method = "GET", url = "/" }: IncomingMessage, form: URLSearchParams): string {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  for (const [name, value] of form) searchParams.append(name, value);
  searchParams.sort();
  return searchParams.size === 0 ? `${method} ${pathname}` : `${method} ${pathname}?${searchParams}`;
}

/** The parameters in the body of a form; none for other requests. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  if (request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") !== true) {
    return new URLSearchParams();
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<RecordedBackend> {
  const server = createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => {
    Promise.resolve(handle(request, response)).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
