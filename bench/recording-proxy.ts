/** A reverse proxy on loopback that notes every request, so that a bench can send exactly the same ones bare. */
import http from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it went upstream. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The running proxy; `take` empties the record. */
export interface RecordingProxy {
  readonly url: string;
  take(): RecordedRequest[];
  close(): Promise<void>;
}

/** Starts a proxy in front of `target`. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  let seen: RecordedRequest[] = [];
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const { method = "GET", url = "/", headers } = request;
      seen.push({ method, url: target + url, headers, body });
      const onward = http.request(target + url, { method, headers: withoutHop(headers), agent }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends one recorded request bare: keep-alive, whole body, JSON.parse; the least any client must do. */
export function sendBare(request: RecordedRequest, agent: http.Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { method: request.method, headers: withoutHop(request.headers), agent };
    const sent = http.request(request.url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    sent.on("error", reject);
    sent.end(request.body);
  });
}

function withoutHop(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const { host: _host, connection: _connection, ...rest } = headers;
  // The bare side parses plain JSON; asking for gzip would time zlib instead of the backend.
  return { ...rest, "accept-encoding": "identity" };
}
