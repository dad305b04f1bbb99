/** A reverse proxy on loopback before a real backend: it notes every request, so that calls can be counted or sent again, and fails on command. */
import http from "node:http";
import { type Fault, startFaultServer } from "./fault-server.js";

/** One request as it went upstream. */
export interface RecordedRequest {
  readonly method: string;
  /** Of the backend itself. */
  readonly url: string;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** What the proxy does instead of passing on; `cut` sends half of the backend's own answer, then resets the connection. */
export type ProxyFault = Fault | { readonly kind: "refuse" } | { readonly kind: "cut" };

/** The running proxy. */
export interface RecordingProxy {
  readonly url: string;
  /** The requests passed on since the last call of this. */
  take(): RecordedRequest[];
  /** Misbehaves from now on. */
  fail(fault: ProxyFault): Promise<void>;
  /** Passes on again. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy in front of `target`, a base URL without a slash at its end. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const seen: RecordedRequest[] = [];
  let isRefusing = false;
  const agent = new http.Agent({ keepAlive: true });
  const front = await startFaultServer();

  const passOn = (answerWith: (answer: http.IncomingMessage, response: http.ServerResponse) => void): Fault => ({
    kind: "handler",
    handle(request, response) {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method = "GET", url = "/" } = request;
        const recorded = {
          method,
          url: target + url,
          headers: onwardHeaders(request.headers),
          body: Buffer.concat(chunks),
        };
        seen.push(recorded);
        const onward = http.request(recorded.url, { method, headers: recorded.headers, agent }, (answer) =>
          answerWith(answer, response),
        );
        onward.on("error", () => response.destroy());
        response.once("close", () => onward.destroy());
        onward.end(recorded.body);
      });
    },
  });
  const whole = passOn((answer, response) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  const cut = passOn(async (answer, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { "transfer-encoding": _, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, { ...headers, "content-length": body.length });
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.resetAndDestroy());
  });

  front.behave(whole);
  return {
    url: front.url,
    take: () => seen.splice(0),
    async fail(fault) {
      isRefusing = fault.kind === "refuse";
      if (fault.kind === "refuse") await front.refuse();
      else front.behave(fault.kind === "cut" ? cut : fault);
    },
    async recover() {
      front.behave(whole);
      if (isRefusing) await front.accept();
      isRefusing = false;
    },
    async close() {
      agent.destroy();
      await front.close();
    },
  };
}

/** Without what belongs to one connection; plain bodies, so that who sends a request again need not unpack. */
function onwardHeaders(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const { host: _host, connection: _connection, ...rest } = headers;
  return { ...rest, "accept-encoding": "identity" };
}
