import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type FastifyInstance, fastify } from "fastify";
import { createAuthenticate } from "../../src/access/authenticate.js";
import type { Action } from "../../src/access/principal.js";
import { registerDemoRoutes } from "../../src/server/demo-routes.js";
import { answerErrors } from "../../src/server/error-answers.js";

let app: FastifyInstance;
let chosen: string[] = [];

afterEach(() => app.close());

const healthy = { name: "healthy", story: "Nothing is wrong.", lookAt: "anything" };

/** The routes alone; `tokens` null where nobody is asked for one. */
function serve(tokens: Readonly<Record<string, readonly Action[]>> | null): void {
  const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");
  const known = Object.entries(tokens ?? {}).map(([token, actions]) => ({
    name: `holder of ${actions.join(" and ")}`,
    sha256: sha256(token),
    namespaces: ["*"],
    actions: [...actions],
  }));
  chosen = [];
  app = fastify();
  answerErrors(app);
  const control = {
    scenarios: [healthy],
    current: () => ({ scenario: healthy, sinceMs: 0 }),
    choose: (name: string) => void chosen.push(name),
    metricsText: () => ({ contentType: "text/plain", text: "requests_total 1\n" }),
  };
  registerDemoRoutes(app, control, createAuthenticate(tokens === null ? "none" : { tokens: known, oidc: [] }));
}

async function switchFrom(remoteAddress: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const payload = { name: "healthy" };
  const answer = await app.inject({ method: "POST", url: "/demo/scenario", payload, headers, remoteAddress });
  return { status: answer.statusCode, body: answer.body, chosen };
}

const tokens = { "may-operate": ["read", "operate"], "may-read": ["read"], "may-debug": ["debug"] } as const;

describe("the routes of a demo", () => {
  test.each(["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])("%s may change the scenario", async (address) => {
    serve(null);
    expect(await switchFrom(address)).toMatchObject({ status: 200, chosen: ["healthy"] });
  });

  test.each(["10.1.2.3", "192.168.0.7", "::ffff:10.1.2.3", "2001:db8::1"])(
    "another machine (%p) may not change the scenario and is told from where it can be",
    async (address) => {
      serve(null);
      const refused = await switchFrom(address);
      expect(refused).toMatchObject({ status: 403, chosen: [] });
      expect(refused.body).toMatch(/from this machine only.*FORBIDDEN/);
    },
  );

  test("a forwarded address counts for nothing: who is connected decides", async () => {
    serve(null);
    const headers = { "x-forwarded-for": "127.0.0.1", forwarded: "for=127.0.0.1" };
    const payload = { name: "healthy" };
    const asked = { method: "POST", url: "/demo/scenario", payload, headers, remoteAddress: "10.1.2.3" } as const;
    expect((await app.inject(asked)).statusCode).toBe(403);
    expect(chosen).toEqual([]);
  });

  test("where tokens are asked for, changing the scenario needs one with operate, on this machine too", async () => {
    serve(tokens);
    expect(await switchFrom("127.0.0.1")).toMatchObject({ status: 401, chosen: [] });
    expect(await switchFrom("127.0.0.1", "not-known")).toMatchObject({ status: 401, chosen: [] });
    const refused = await switchFrom("127.0.0.1", "may-read");
    expect(refused).toMatchObject({ status: 403, chosen: [] });
    expect(refused.body).toContain("add operate to its actions");
    expect(await switchFrom("127.0.0.1", "may-operate")).toMatchObject({ status: 200, chosen: ["healthy"] });
  });

  test("a token with operate changes nothing from another machine; without one that machine learns only that", async () => {
    serve(tokens);
    expect(await switchFrom("10.1.2.3", "may-operate")).toMatchObject({ status: 403, chosen: [] });
    const unknown = await switchFrom("10.1.2.3");
    expect(unknown).toMatchObject({ status: 401, chosen: [] });
    expect(unknown.body).not.toContain("this machine");
  });

  test.each(["/demo/scenario", "/demo/metrics"])("%s is read from anywhere by whoever may read", async (url) => {
    serve(tokens);
    const read = async (token?: string) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return (await app.inject({ url, headers, remoteAddress: "10.1.2.3" })).statusCode;
    };
    expect([await read(), await read("may-debug"), await read("may-read")]).toEqual([401, 403, 200]);
  });
});
