// What stands before the routes: pages of other origins, callers who ask too often, too many sockets, slow readers, TLS, headers.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { get } from "node:https";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { WebSocket } from "ws";
import { repositoryRoot } from "../support/repository-root.js";
import { type ConfiguredServer, startConfigured } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

/** A certificate of `localhost` that signs itself, for these tests only. */
const fixture = `${repositoryRoot}/test/fixtures/tls/localhost`;
let server: ConfiguredServer | null = null;
afterEach(async () => {
  await server?.stop("test over");
  server = null;
});

async function start(yaml: string): Promise<string> {
  server = await startConfigured(yaml);
  return server.url;
}

const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");
const tokens = (...names: readonly string[]) =>
  `auth: { tokens: [${names.map((name) => `{ name: ${name}, sha256: ${sha256(name)}, namespaces: ["*"], actions: [read] }`).join(", ")}] }`;
const json = { "content-type": "application/json" };
const body = '{"query":"{ sources { name } }"}';
const post = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, { method: "POST", headers: { ...json, ...headers }, body });

/** The status of a WebSocket's upgrade: 101 when it opens. */
async function upgrade(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
  return new Promise((resolve) => {
    socket.on("unexpected-response", (_, { statusCode = 0 }) => resolve(statusCode));
    socket.on("open", () => {
      socket.close();
      resolve(101);
    });
    socket.on("error", () => {});
  });
}

describe("a web page", () => {
  test("of another origin may not ask an open server: not by POST, by GET, by a form, nor by a WebSocket", async () => {
    const url = await start("");
    const evil = { origin: "https://evil.example" };
    expect((await post(url, evil)).status).toBe(403);
    expect((await post(url, { origin: "null" })).status).toBe(403);
    expect((await post(url, { ...evil, "content-type": "text/plain" })).status).toBe(403);
    expect(
      (await fetch(`${url}/graphql?query={sources{name}}`, { headers: { "sec-fetch-site": "cross-site" } })).status,
    ).toBe(403);
    expect(await upgrade(url, evil)).toBe(403);
    const own = { origin: url };
    expect((await post(url, own)).status).toBe(200);
    expect(await upgrade(url, own)).toBe(101);
    expect((await post(url)).status).toBe(200);
    // A link on another page may lead here.
    expect((await fetch(`${url}/graphiql`, { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(200);
  });

  test("of an allowed origin may ask and read, after a preflight; of another it is told nothing", async () => {
    const url = await start(`server: { cors: { origins: ["https://portal.example.com"] } }\n${tokens("good")}`);
    const asking = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
    const preflight = (origin: string) =>
      fetch(`${url}/graphql`, { method: "OPTIONS", headers: { origin, ...asking } });
    const allowed = await preflight("https://portal.example.com");
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://portal.example.com");
    expect(allowed.headers.get("access-control-allow-headers")).toContain("authorization");
    expect(allowed.headers.get("access-control-allow-credentials")).toBeNull();
    expect(allowed.headers.get("vary")).toContain("Origin");
    for (const origin of ["https://portal.example.com.evil.example", "http://portal.example.com", "null"]) {
      const refused = await preflight(origin);
      expect(refused.headers.get("access-control-allow-origin")).toBeNull();
    }
    const answer = await post(url, { origin: "https://portal.example.com", authorization: "Bearer good" });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([
      200,
      "https://portal.example.com",
    ]);
  });

  test("cannot be made of an answer: every one has the headers that see to it", async () => {
    const url = await start("");
    for (const path of ["/graphql?query={sources{name}}", "/healthz", "/metrics", "/nowhere", "/graphiql"]) {
      const { headers } = await fetch(url + path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    }
    expect((await post(url)).headers.get("cache-control")).toBe("no-store");
  });
});

describe("a caller who asks too often", () => {
  test("is told 429 and when to come again, without cost to others; whoever has no token counts by address", async () => {
    const url = await start(`server: { rateLimit: { perSecond: 0.01, burst: 3 } }\n${tokens("busy", "calm")}`);
    const ask = (token: string) => post(url, { authorization: `Bearer ${token}` });
    const busy = [];
    for (let asked = 0; asked < 4; asked += 1) busy.push((await ask("busy")).status);
    expect(busy).toEqual([200, 200, 200, 429]);
    const refused = await ask("busy");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: "RATE_LIMITED" } }] });
    expect(
      (await fetch(`${url}/metrics`, { headers: { authorization: "Bearer busy" } })).headers.get("retry-after"),
    ).not.toBeNull();
    expect(await upgrade(url, { authorization: "Bearer busy" })).toBe(101);
    expect((await ask("calm")).status).toBe(200);
    const guesses = [];
    for (let asked = 0; asked < 4; asked += 1) guesses.push((await ask(`guess-${asked}`)).status);
    expect(guesses).toEqual([401, 401, 401, 429]);
    expect((await ask("calm")).status).toBe(200);
  });
});

describe("the audit log", () => {
  const audited = () =>
    (server?.logLines ?? []).flatMap((line) => {
      const { audit, by, status, route, count } = JSON.parse(line) as Record<string, unknown>;
      return audit === true ? [{ by, status, route, count }] : [];
    });

  test("has who was refused: by token where it is known, else by address, the first at once and the others counted", async () => {
    const url = await start(`server: { logLevel: error, rateLimit: { perSecond: 0.01, burst: 4 } }\n${tokens("ann")}`);
    for (let asked = 0; asked < 3; asked += 1) await post(url, { authorization: `Bearer s3cret-guess-${asked}` });
    const guess = { headers: { authorization: "Bearer s3cret-guess" } };
    const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws", guess);
    await once(socket, "open");
    socket.send('{"type":"connection_init"}');
    await waitUntil("the socket is refused", () => audited().some(({ route }) => String(route).includes("WebSocket")));
    socket.terminate();
    for (let asked = 0; asked < 5; asked += 1) await post(url, { authorization: "Bearer ann" });
    await waitUntil("the last is told", () => audited().some(({ status }) => status === 429));
    await server?.stop("test over");
    expect(audited()).toEqual(
      expect.arrayContaining([
        { by: "address 127.0.0.1", status: 401, route: "/graphql", count: 1 },
        { by: "address 127.0.0.1", status: 401, route: "/graphql (WebSocket)", count: 1 },
        { by: "address 127.0.0.1", status: 401, route: "/graphql", count: 2 },
      ]),
    );
    expect(audited().filter(({ status }) => status === 429)).toHaveLength(1);
    expect(server?.logLines.join("")).not.toContain("s3cret");
    server = null;
  });
});

describe("sockets", () => {
  const opened: Socket[] = [];
  afterEach(() => {
    for (const socket of opened.splice(0)) socket.destroy();
  });

  async function open(url: string): Promise<Socket> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    opened.push(socket);
    socket.on("error", () => {});
    await once(socket, "connect");
    return socket;
  }

  test("a thousand of one client are cut to as many as are allowed, and room is there again when they go", async () => {
    const url = await start("server: { limits: { socketsPerAddress: 40 } }");
    const all = await Promise.all(Array.from({ length: 1_000 }, () => open(url)));
    const alive = () => all.filter((socket) => !socket.destroyed && !socket.readableEnded).length;
    for (const socket of all) socket.resume();
    await waitUntil("the others are cut", () => alive() <= 40);
    expect(alive()).toBe(40);
    for (const socket of all) socket.destroy();
    await waitUntil("it answers again", async () => (await fetch(`${url}/healthz`).catch(() => null))?.status === 200);
    expect(server?.logLines.filter((line) => line.includes("more sockets")).length).toBe(1);
  });

  test("that are never read hold up nobody", async () => {
    const url = await start("");
    for (let reader = 0; reader < 20; reader += 1) {
      const socket = await open(url);
      socket.pause();
      const request = "GET /graphiql/graphiql.min.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      for (let asked = 0; asked < 20; asked += 1) socket.write(request);
    }
    expect((await post(url)).status).toBe(200);
  });
});

describe("TLS", () => {
  test("is spoken where a certificate is configured, and nothing else is", async () => {
    const certificate = readFileSync(`${fixture}.crt`);
    const url = await start(`server: { tls: { certFile: "${fixture}.crt", keyFile: "${fixture}.key" } }`);
    expect(url).toMatch(/^https:/);
    const { status, hsts } = await new Promise<{ status: number | undefined; hsts: unknown }>((resolve, reject) => {
      get(`${url}/healthz`, { ca: certificate, servername: "localhost", agent: false }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, hsts: response.headers["strict-transport-security"] });
      }).on("error", reject);
    });
    expect([status, hsts]).toEqual([200, "max-age=31536000"]);
    await expect(fetch(url.replace("https", "http"))).rejects.toThrow();
  });

  test("with a key that does not fit its certificate stops the start", async () => {
    const tls = `server: { tls: { certFile: "${fixture}.crt", keyFile: "${fixture}.crt" } }`;
    await expect(startConfigured(tls)).rejects.toThrow(/server\.tls/);
  });
});
