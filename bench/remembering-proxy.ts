/**
 * A cheap stand-in of a backend: passes each question on once and answers it from memory from then on, whatever instants it names. Benches
 * put it before a real backend so that the processor's time goes to Meshlens.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";

/** The running proxy. */
export interface RememberingProxy {
  readonly url: string;
  /** Questions passed on so far: those of an evaluation always are. */
  passedOn(): number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** An epoch in seconds, ms or µs. */
const epoch = /\b(\d{10})(?:\.\d+|\d{3}|\d{6})?\b/g;

/**
 * Starts one in front of `target`, a base URL without a slash at its end.
 * @param untilMs questions about later instants are passed on: they are about a present that moves
 */
export async function startRememberingProxy(target: string, untilMs: number): Promise<RememberingProxy> {
  const known = new Map<string, Promise<Answer>>();
  const agent = new http.Agent({ keepAlive: true });
  let passedOn = 0;

  function ask(request: http.IncomingMessage, body: Buffer): Promise<Answer> {
    passedOn += 1;
    return new Promise((resolve, reject) => {
      const { host: _host, connection: _connection, ...headers } = request.headers;
      const options = { method: request.method, headers, agent };
      const onward = http.request(`${target}${request.url}`, options, async (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const { "transfer-encoding": _encoding, connection: _kept, ...kept } = answer.headers;
          const whole = Buffer.concat(chunks);
          resolve({
            status: answer.statusCode ?? 502,
            headers: { ...kept, "content-length": whole.length },
            body: whole,
          });
        });
      });
      onward.on("error", reject);
      onward.end(body);
    });
  }

  function answerTo(request: http.IncomingMessage, body: Buffer): Promise<Answer> {
    const asked = `${request.method} ${plain(request.url ?? "")}\n${plain(body.toString())}`;
    if ([...asked.matchAll(epoch)].some(([, seconds]) => Number(seconds) * 1_000 > untilMs)) return ask(request, body);
    // Lengths of windows too: a question is the same whatever its instants.
    const key = asked.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d{4,}(\.\d+)?/g, "#");
    const found = known.get(key) ?? ask(request, body);
    known.set(key, found);
    found.catch(() => known.delete(key));
    return found;
  }

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      answerTo(request, Buffer.concat(chunks)).then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        () => response.destroy(),
      );
    });
  });
  // A client whose processor is held back may send on a connection that was about to be closed.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passedOn: () => passedOn,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
