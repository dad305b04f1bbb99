import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../src/errors.js";
import { createHttpClient } from "../../src/http/create-http-client.js";
import type { HttpClient, HttpClientConfig, HttpRequest } from "../../src/http/http-client.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { describeSourceFaults } from "../contract/source-faults.contract.js";
import { type FaultServer, startFaultServer } from "../support/fault-server.js";
import { waitUntil } from "../support/wait-until.js";

const options = () => ({ signal: new AbortController().signal, deadlineMs: Date.now() + 20_000 });
const get = (path: string): HttpRequest => ({ method: "GET", path, operation: "test" });

describeSourceFaults("the http client", {
  make: (url, limits) => {
    const http = createHttpClient({ name: "bare", url, ...limits }, { clock: systemClock });
    return {
      name: "bare",
      kind: "prometheus",
      cluster: null,
      isShard: false,
      probe: () => Promise.reject(),
      close: () => http.close(),
      http,
    };
  },
  ask: async (source, call, nth) => {
    const { body } = await (source as typeof source & { http: HttpClient }).http.request(get(`/ask/${nth}`), call);
    let value: unknown;
    try {
      value = JSON.parse(body.toString());
    } catch (cause) {
      throw new MeshlensError("MESHLENS_ERR_SOURCE_DECODE", "bare sent no JSON", {}, cause);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new MeshlensError("MESHLENS_ERR_SOURCE_DECODE", "bare: shape");
    return value;
  },
  healthy: { kind: "answer", body: "{}" },
});

describe("the outbound http client", () => {
  let server: FaultServer;
  const clients: HttpClient[] = [];
  const client = (config: Partial<HttpClientConfig> = {}) => {
    const made = createHttpClient({ name: "s", url: server.url, ...config }, { clock: systemClock });
    clients.push(made);
    return made;
  };
  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((c) => c.close()));
    await server.close();
  });
  const echo = () =>
    server.behave({
      kind: "handler",
      handle: (request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (c: Buffer) => chunks.push(c));
        request.on("end", () =>
          response.end(
            JSON.stringify({ url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() }),
          ),
        );
      },
    });
  const asked = async (made: HttpClient, request: HttpRequest) =>
    JSON.parse((await made.request(request, options())).body.toString()) as {
      url: string;
      body: string;
      headers: Record<string, string>;
    };

  test("the path prefix of the base url stays in front of every path, and its user and password are not sent", async () => {
    echo();
    const url = server.url.replace("http://", "http://user:pass@");
    const seen = await asked(client({ url: `${url}/prometheus/` }), {
      ...get("/api/v1/query"),
      query: { query: 'a{b="c&d"}' },
    });
    expect(seen.url).toBe("/prometheus/api/v1/query?query=a%7Bb%3D%22c%26d%22%7D");
    expect(seen.headers["authorization"]).toBeUndefined();
  });

  test("a form keeps every value as it is, repeated names included", async () => {
    echo();
    const form = { query: "x\n+&=é😀", match: ["a", "b"] };
    const seen = await asked(client(), { method: "POST", path: "/", operation: "t", form });
    const sent = new URLSearchParams(seen.body);
    expect([sent.get("query"), sent.getAll("match")]).toEqual([form.query, form.match]);
  });

  test("basic, bearer and custom headers go out with every request", async () => {
    echo();
    const basic = await asked(client({ basicAuth: { username: "u", password: "p:é" } }), get("/"));
    expect(Buffer.from(String(basic.headers["authorization"]).slice(6), "base64").toString()).toBe("u:p:é");
    const bearer = await asked(client({ bearerToken: "t0", headers: { "X-Scope-OrgID": "a|b" } }), get("/"));
    expect([bearer.headers["authorization"], bearer.headers["x-scope-orgid"]]).toEqual(["Bearer t0", "a|b"]);
  });

  test("a status named in acceptStatus is an answer", async () => {
    server.behave({ kind: "answer", status: 404, body: '{"none": true}' });
    const answer = await client().request({ ...get("/"), acceptStatus: [404] }, options());
    expect([answer.status, answer.body.toString()]).toEqual([404, '{"none": true}']);
  });

  test("a kept-alive connection that was closed meanwhile is asked once more, a second failure is told", async () => {
    let hangUps = 1;
    server.behave({
      kind: "handler",
      handle: (request, response) => (hangUps-- > 0 ? request.socket.resetAndDestroy() : response.end("{}")),
    });
    const made = client();
    expect((await made.request(get("/"), options())).status).toBe(200);
    hangUps = 2;
    await expect(made.request(get("/"), options())).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_UNREACHABLE" });
    expect(server.requestCount()).toBe(4);
  });

  test("a connection that ends within an answer is told as that", async () => {
    server.behave({ kind: "reset-mid-body", body: '{"data": [' });
    await expect(client().request(get("/"), options())).rejects.toThrow(
      `s at ${server.url}: the connection broke in the middle of an answer`,
    );
  });

  test("no more calls than maxConcurrent are under way, and the others are served after them", async () => {
    let now = 0;
    let most = 0;
    const held: Array<() => void> = [];
    server.behave({
      kind: "handler",
      handle: (_request, response) => {
        now += 1;
        most = Math.max(most, now);
        held.push(() => {
          now -= 1;
          response.end("{}");
        });
      },
    });
    const made = client({ maxConcurrent: 3 });
    const all = Promise.all(Array.from({ length: 9 }, (_, i) => made.request(get(`/${i}`), options())));
    for (let done = 0; done < 9; done += 3) {
      await waitUntil("three calls have arrived", () => held.length === 3);
      for (const end of held.splice(0)) end();
    }
    expect((await all).length).toBe(9);
    expect(most).toBe(3);
  });

  test("a backend that fails five times in a row is left alone, then asked again", async () => {
    server.behave({ kind: "answer", status: 500, body: "" });
    const made = client();
    for (let i = 0; i < 5; i += 1)
      await expect(made.request(get("/"), options())).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_STATUS" });
    await expect(made.request(get("/"), options())).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_CIRCUIT_OPEN" });
    expect(server.requestCount()).toBe(5);
    server.behave({ kind: "answer", body: "{}" });
    await waitUntil("it is asked again", () =>
      made.request(get("/"), options()).then(
        () => true,
        () => false,
      ),
    );
  });

  test("errors name the origin but no password, path or query", async () => {
    server.behave({ kind: "answer", status: 500, body: "" });
    const made = client({
      url: `${server.url.replace("http://", "http://me:hunter2@")}/tenant-secret`,
      bearerToken: "b-secret",
    });
    const error = await made.request({ ...get("/x"), query: { q: "q-secret" } }, options()).catch((e: unknown) => e);
    expect(JSON.stringify([String(error), error])).not.toMatch(/hunter2|tenant-secret|q-secret|b-secret/);
    expect(String(error)).toContain(server.url);
  });

  test("an untrusted certificate is a TLS failure with its remedy", async () => {
    const made = client({ url: server.url.replace("http:", "https:") });
    await expect(made.request(get("/"), options())).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_UNREACHABLE" });
  });

  test("closing ends calls under way and sockets", async () => {
    server.behave({ kind: "silence" });
    const made = client();
    const under = made.request(get("/"), options()).catch((e: unknown) => e);
    await waitUntil("the request has arrived", () => server.requestCount() === 1);
    await made.close();
    expect(await under).toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
    await waitUntil("every connection is closed", () => server.openSockets() === 0);
  });
});
