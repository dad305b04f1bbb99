import { createHash } from "node:crypto";
import http from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type FaultServer, startFaultServer, unusedPort } from "../support/fault-server.js";
import { type ConfiguredServer, startConfigured } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

let backend: FaultServer;
let server: ConfiguredServer | null = null;

beforeEach(async () => {
  backend = await startFaultServer();
  backend.behave({ kind: "answer", body: '["reviews"]' });
});

afterEach(async () => {
  await server?.stop("test over");
  server = null;
  await backend.close();
});

async function start(yaml: string, environment: Record<string, string> = {}): Promise<ConfiguredServer> {
  server = await startConfigured(yaml, environment);
  return server;
}

const tokens = (token: string, actions: string) =>
  `auth: { tokens: [{ name: t, sha256: ${createHash("sha256").update(token).digest("hex")}, namespaces: ["*"], actions: [${actions}] }] }`;

/** A GET with a Host header of one's own, which fetch does not allow. */
function statusUnderHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", reject);
  });
}

describe("server", () => {
  test("readyz tells the state of each source, and a dead one does not make it unready", async () => {
    const dead = await unusedPort();
    const { url } = await start(`sources:
  - { name: z, kind: zipkin, url: "${backend.url}", cluster: east }
  - { name: gone, kind: jaeger, url: "http://127.0.0.1:${dead}" }`);
    type Ready = { ready: boolean; sources: { name: string; state: string; cluster: string; message: string }[] };
    const ready = async (): Promise<Ready> => {
      const answer = await fetch(`${url}/readyz`);
      expect(answer.status).toBe(200);
      return (await answer.json()) as Ready;
    };
    let body = await ready();
    // A probe that the machine stood still in timed out, which is known for fifteen seconds.
    await waitUntil("a probe in time", async () => {
      body = await ready();
      return body.sources.every(({ state }) => state !== "TIMEOUT");
    });
    expect(body.ready).toBe(true);
    expect(body.sources.map(({ name, state }) => [name, state])).toEqual([
      ["z", "OK"],
      ["gone", "UNAVAILABLE"],
    ]);
    expect(body.sources[0]?.cluster).toBe("east");
    expect(body.sources[1]?.message).toContain("gone");
  });

  test("many readiness probes at once reach a source once", async () => {
    const { url } = await start(`sources: [{ name: z, kind: zipkin, url: "${backend.url}" }]`);
    await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/readyz`)));
    const afterFirst = backend.requestCount();
    await fetch(`${url}/readyz`);
    expect(backend.requestCount()).toBe(afterFirst);
    expect(afterFirst).toBeLessThanOrEqual(2);
  });

  test("with tokens metrics need one, probes do not, and what failed is told to token holders only", async () => {
    const dead = await unusedPort();
    const { url } = await start(`${tokens("letmein-1", "read")}
sources: [{ name: gone, kind: jaeger, url: "http://127.0.0.1:${dead}" }]`);
    const headers = { authorization: "Bearer letmein-1" };
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const refused = await fetch(`${url}/metrics`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toContain("Bearer");
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
    expect((await fetch(`${url}/metrics`, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect((await fetch(`${url}/metrics`, { headers })).status).toBe(200);
    expect(await (await fetch(`${url}/readyz`)).text()).not.toContain(String(dead));
    await waitUntil("it is told", async () =>
      (await (await fetch(`${url}/readyz`, { headers })).text()).includes(String(dead)),
    );
  });

  test("a token without the action is refused with 403 and the action's name", async () => {
    const { url } = await start(tokens("letmein-1", "debug"));
    const answer = await fetch(`${url}/metrics`, { headers: { authorization: "Bearer letmein-1" } });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("add read to its actions");
  });

  test("an open server does not answer a web page that reached it under another name", async () => {
    const { url } = await start("");
    expect(await statusUnderHost(`${url}/metrics`, "evil.example")).toBe(403);
    expect(await statusUnderHost(`${url}/graphiql`, "evil.example")).toBe(403);
    expect(await statusUnderHost(`${url}/metrics`, "localhost:4000")).toBe(200);
  });

  test("no secret of the configuration and no token stands in logs, errors, metrics or readiness, even when everything fails", async () => {
    const secrets = { B: "s3cret-bearer-b", K: "s3cret-apikey-k", H: "s3cret-header-h", P: "s3cret-password-p" };
    backend.behave({ kind: "answer", status: 401, body: `denied ${Object.values(secrets).join(" ")}` });
    const running = await start(
      `server: { logLevel: trace }
${tokens("s3cret-token-t", "read")}
sources:
  - { name: a, kind: jaeger, url: "${backend.url}", auth: { bearer: { token: "\${B}" } } }
  - { name: b, kind: elasticsearch, url: "${backend.url}", index: x, auth: { apiKey: { key: "\${K}" } } }
  - { name: c, kind: zipkin, url: "${backend.url}", headers: { X-Scope-OrgID: "\${H}" } }
  - { name: d, kind: zipkin, url: "${backend.url}", auth: { basic: { username: u, password: "\${P}" } } }`,
      secrets,
    );
    const headers = { authorization: "Bearer s3cret-token-t", cookie: "sid=s3cret-cookie" };
    const shown = [];
    for (const path of [
      "/readyz",
      "/metrics",
      "/nowhere?token=s3cret-query",
      "/graphql?query=%7Bnope%7D&token=s3cret-query",
    ]) {
      shown.push(await (await fetch(running.url + path, { headers })).text());
    }
    shown.push(
      await (await fetch(`${running.url}/metrics`, { headers: { authorization: "Bearer s3cret-wrong" } })).text(),
    );
    await running.stop("looked");
    server = null;
    const everything = [...shown, ...running.logLines].join("\n");
    expect(everything).toContain("UNAUTHORIZED");
    expect(everything).not.toContain("s3cret");
    expect(everything).not.toContain(Buffer.from(`u:${secrets.P}`).toString("base64"));
  });

  test("each request has an id: the caller's if it is harmless, and the log line carries it with the trace id", async () => {
    const running = await start("");
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    const kept = await fetch(`${running.url}/healthz`, { headers: { "x-request-id": "abc-1", traceparent } });
    const made = await fetch(`${running.url}/healthz`, { headers: { "x-request-id": 'a"b c' } });
    expect(kept.headers.get("x-request-id")).toBe("abc-1");
    expect(made.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const line = running.logLines.map((text) => JSON.parse(text)).find(({ reqId }) => reqId === "abc-1");
    expect(line).toMatchObject({ traceId, route: "/healthz", status: 200 });
  });

  test("metrics name routes, not paths", async () => {
    const { url } = await start("");
    for (let i = 0; i < 30; i += 1) await fetch(`${url}/made-up-${i}`);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).not.toContain("made-up");
    expect(text).toMatch(
      /meshlens_http_request_duration_seconds_count\{route="unmatched",method="GET",status="404"\} 30/,
    );
  });

  test("an unknown path and a body that is too large are answered in words", async () => {
    const { url } = await start("server: { limits: { bodyBytes: 2048 } }");
    const unknown = await fetch(`${url}/nowhere`);
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain("POST /graphql");
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ query: `{ a(b: "${"x".repeat(4000)}") }` });
    const large = await fetch(`${url}/graphql`, { method: "POST", headers, body });
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ errors: [{ message: expect.stringMatching(/too large/) }] });
  });
});
