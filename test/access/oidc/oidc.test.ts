// Signed tokens against a real server of keys on loopback: who is let in, who is not, and what becomes of it when the keys cannot be had.
import { createHmac, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { pino } from "pino";
import type { Principal } from "../../../src/access/principal.js";
import { loadConfig } from "../../../src/config/load-config.js";
import { isMeshlensError } from "../../../src/errors.js";
import { type Authentication, openAuthentication } from "../../../src/server/open-authentication.js";
import { type FaultServer, startFaultServer } from "../../support/fault-server.js";
import { writeConfig } from "../../support/start-configured.js";
import { waitUntil } from "../../support/wait-until.js";

const issuer = "https://login.example.com/realms/mesh";
const startMs = Date.UTC(2026, 4, 12, 12);
const [first, second, stranger] = await Promise.all(["RS256", "ES256", "RS256"].map((alg) => generateKeyPair(alg)));
const jwkOf = async (pair: typeof first, kid: string, alg: string) => ({
  ...(await exportJWK(pair?.publicKey as never)),
  kid,
  alg,
  use: "sig",
});
const firstJwk = await jwkOf(first, "one", "RS256");
const secondJwk = await jwkOf(second, "two", "ES256");

let backend: FaultServer;
let authentication: Authentication;
let nowMs = startMs;
let warnings: string[] = [];

const yaml = (extra = "") => `auth:
  oidc:
    - name: corp
      issuer: ${issuer}
      audience: [meshlens]
      jwksUrl: ${backend.url}/keys
      nameClaim: email
      ${extra}
      grants:
        - { claim: realm_access.roles, value: sre, namespaces: ["*"], actions: [read, operate] }
        - { claim: groups, value: shop, namespaces: [shop], namespacesClaim: namespaces, actions: [read] }
`;

/** So patient that only silence runs into it. */
function open(extra?: string, timeoutMs = 20_000): void {
  const loaded = loadConfig(writeConfig(yaml(extra)), {});
  const issuers = new Map([...(loaded.issuers ?? [])].map(([name, one]) => [name, { ...one, timeoutMs }]));
  const logger = pino({ level: "warn" }, { write: (line: string) => void warnings.push(line) });
  authentication = openAuthentication({ ...loaded, issuers }, { clock: { nowMs: () => nowMs }, logger });
}

const serve = (...keys: readonly object[]) => backend.behave({ kind: "answer", body: JSON.stringify({ keys }) });

beforeEach(async () => {
  [nowMs, warnings] = [startMs, []];
  backend = await startFaultServer();
  serve(firstJwk);
  open();
});
afterEach(async () => {
  await authentication.close();
  await backend.close();
});

const claims = { iss: issuer, aud: "meshlens", email: "ann@example.com", groups: ["dev", "shop"] };

/** A token as the issuer would sign it, five minutes long. */
function signed(payload: object = {}, { pair = first, kid = "one", alg = "RS256" } = {}): Promise<string> {
  const all: JWTPayload = { ...claims, iat: nowMs / 1_000, exp: nowMs / 1_000 + 300, ...payload };
  for (const [key, value] of Object.entries(all)) if (value === undefined) delete all[key];
  return new SignJWT(all).setProtectedHeader({ alg, kid }).sign(pair?.privateKey as never);
}

const ask = (token: string) =>
  authentication.authenticate({ headers: { authorization: `Bearer ${token}` }, ip: "192.0.2.1" });

async function refused(token: string): Promise<string> {
  try {
    const { name } = await ask(token);
    return `${name} was let in`;
  } catch (error) {
    if (!isMeshlensError(error)) throw error;
    return `${error.code.replace("MESHLENS_ERR_ACCESS_", "")}: ${error.message}`;
  }
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const shown = ({ name, visibility, actions }: Principal) => ({
  name,
  namespaces: visibility.namespaces === "all" ? "all" : [...visibility.namespaces],
  actions: [...actions],
});

describe("a token of a configured issuer", () => {
  test("is let in under its name, with what the first grant that fits gives", async () => {
    expect(shown(await ask(await signed()))).toEqual({
      name: "corp/ann@example.com",
      namespaces: ["shop"],
      actions: ["read"],
    });
    expect((await ask(await signed())).expiresAtMs).toBe(startMs + 300_000);
    const both = await signed({ realm_access: { roles: ["dev", "sre"] } });
    expect(shown(await ask(both))).toMatchObject({ namespaces: "all", actions: ["read", "operate"] });
    const listed = await signed({ namespaces: ["pay", "*"] });
    expect(shown(await ask(listed))).toMatchObject({ namespaces: ["shop", "pay", "*"] });
    expect((await ask(listed)).visibility.namespaces).not.toBe("all");
  });

  test("asks for the keys once, however many tokens come", async () => {
    const tokens = await Promise.all([signed(), signed(), signed()]);
    await Promise.all(tokens.map(ask));
    expect(backend.requestCount()).toBe(1);
  });

  test.each([
    ["expired", { exp: startMs / 1_000 - 31 }, "UNAUTHENTICATED: the bearer token is refused: it has expired"],
    [
      "without an end",
      { exp: undefined },
      "UNAUTHENTICATED: the bearer token is refused: it does not say when it expires",
    ],
    ["of tomorrow", { nbf: startMs / 1_000 + 31 }, "UNAUTHENTICATED: the bearer token is refused: it is not valid yet"],
    [
      "for others",
      { aud: ["grafana"] },
      "UNAUTHENTICATED: the bearer token is refused: it is meant for another audience",
    ],
    [
      "for nobody",
      { aud: undefined },
      "UNAUTHENTICATED: the bearer token is refused: it is meant for another audience",
    ],
    [
      "of another issuer",
      { iss: `${issuer}/` },
      "UNAUTHENTICATED: the bearer token is refused: its issuer is none of auth.oidc",
    ],
    [
      "of no issuer",
      { iss: undefined },
      "UNAUTHENTICATED: the bearer token is refused: its issuer is none of auth.oidc",
    ],
    [
      "without a group",
      { groups: [] },
      "FORBIDDEN: no grant of auth.oidc corp fits the claims of this token: add one for a claim that it has",
    ],
    [
      "without a name",
      { email: undefined },
      "FORBIDDEN: no grant of auth.oidc corp fits the claims of this token: add one for a claim that it has",
    ],
  ])("%s is refused and told why", async (_, payload, why) => {
    expect(await refused(await signed(payload))).toBe(why);
  });

  test("a little past its end is let in: clocks differ", async () => {
    expect(await refused(await signed({ exp: startMs / 1_000 - 29 }))).toContain("was let in");
  });
});

describe("a forged token", () => {
  test("changed after it was signed is refused", async () => {
    const [header, , signature] = (await signed()).split(".");
    const payload = part({ ...claims, exp: nowMs / 1_000 + 300, groups: ["shop"], realm_access: { roles: ["sre"] } });
    expect(await refused(`${header}.${payload}.${signature}`)).toContain("its signature does not fit");
  });

  test("signed by another key of the same name is refused", async () => {
    expect(await refused(await signed({}, { pair: stranger }))).toContain("its signature does not fit");
  });

  test("with the algorithm none is refused, with and without a signature", async () => {
    const body = part({ ...claims, exp: nowMs / 1_000 + 300 });
    for (const alg of ["none", "None", "NONE"])
      for (const rest of ["", (await signed()).split(".")[2]])
        expect(await refused(`${part({ alg, kid: "one" })}.${body}.${rest}`)).toMatch(/^UNAUTHENTICATED/);
  });

  test("signed by HMAC with the public key as the secret is refused", async () => {
    const pem = await exportSPKI(first?.publicKey as never);
    const body = `${part({ alg: "HS256", kid: "one" })}.${part({ ...claims, exp: nowMs / 1_000 + 300 })}`;
    for (const secret of [pem, pem.trim(), JSON.stringify(firstJwk), firstJwk.n ?? ""]) {
      const token = `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
      expect(await refused(token)).toContain("its algorithm is none of the algorithms of auth.oidc");
    }
  });

  test("with a key of its own in its header is refused", async () => {
    const header = { alg: "RS256", kid: "one", jwk: await exportJWK(stranger?.publicKey as never), jku: backend.url };
    const token = await new SignJWT({ ...claims, exp: nowMs / 1_000 + 300 })
      .setProtectedHeader(header)
      .sign(stranger?.privateKey as never);
    expect(await refused(token)).toContain("its signature does not fit");
  });

  test("by a good key with an algorithm that is not accepted is refused", async () => {
    serve({ ...secondJwk });
    open("algorithms: [RS256]");
    expect(await refused(await signed({}, { pair: second, kid: "two", alg: "ES256" }))).toContain(
      "its algorithm is none",
    );
  });

  test("by a weak key is refused", async () => {
    const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });
    serve({ ...weak.publicKey.export({ format: "jwk" }), kid: "weak", alg: "RS256", use: "sig" });
    const body = `${part({ alg: "RS256", kid: "weak" })}.${part({ ...claims, exp: nowMs / 1_000 + 300 })}`;
    const signature = signBytes("sha256", Buffer.from(body), weak.privateKey).toString("base64url");
    expect(await refused(`${body}.${signature}`)).toMatch(/^UNAUTHENTICATED/);
  });

  test("of any shape is refused without a fault of ours", async () => {
    const piece = fc.oneof(
      fc.base64String({ maxLength: 60 }),
      fc.json({ maxDepth: 2 }).map((text) => Buffer.from(text).toString("base64url")),
    );
    await fc.assert(
      fc.asyncProperty(fc.tuple(piece, piece, piece), async (parts) => {
        expect(await refused(parts.join("."))).toMatch(/^UNAUTHENTICATED/);
      }),
      { numRuns: 200 },
    );
  });
});

describe("keys that change", () => {
  test("a token of a new key is let in after one more read, and the old one is refused once it has gone", async () => {
    expect(await refused(await signed())).toContain("was let in");
    serve(secondJwk);
    nowMs += 31_000;
    const fresh = () => signed({}, { pair: second, kid: "two", alg: "ES256" });
    expect(await refused(await fresh())).toContain("was let in");
    expect(backend.requestCount()).toBe(2);
    expect(await refused(await signed())).toContain("it names a key that its issuer does not have");
  });

  test("made-up key ids make us ask the issuer once in half a minute at most", async () => {
    await ask(await signed());
    for (let made = 0; made < 20; made += 1) await refused(await signed({}, { kid: `made-up-${made}` }));
    expect(backend.requestCount()).toBe(1);
    nowMs += 31_000;
    await Promise.all(
      Array.from({ length: 20 }, async (_, made) => refused(await signed({}, { kid: `again-${made}` }))),
    );
    expect(backend.requestCount()).toBe(2);
    expect(await refused(await signed())).toContain("was let in");
  });

  test("a withdrawn key is refused soon after ten minutes, without a new one being named", async () => {
    const withdrawn = () => signed({}, { pair: second, kid: "two", alg: "ES256" });
    serve(firstJwk, secondJwk);
    expect(await refused(await withdrawn())).toContain("was let in");
    serve(firstJwk);
    nowMs += 11 * 60_000;
    // Those at hand answer this one while the others are read.
    await refused(await withdrawn());
    await waitUntil("it is refused", async () =>
      (await refused(await withdrawn())).includes("it names a key that its issuer does not have"),
    );
  });
});

describe("keys that cannot be had", () => {
  const unavailable =
    "KEYS_UNAVAILABLE: the keys of the issuer corp cannot be read at the moment, so its tokens cannot be checked: the log says why";
  test.each([
    ["down", async () => backend.refuse()],
    [
      "silent",
      async () => {
        await authentication.close();
        open(undefined, 300);
        backend.behave({ kind: "silence" });
      },
    ],
    ["endless", async () => backend.behave({ kind: "endless" })],
    ["cut short", async () => backend.behave({ kind: "reset-mid-body", body: '{"keys":[' })],
    ["a page", async () => backend.behave({ kind: "answer", body: "<html>Welcome</html>" })],
    ["an error", async () => backend.behave({ kind: "answer", status: 500, body: "{}" })],
    ["empty", async () => serve()],
    ["a shared secret", async () => serve({ kty: "oct", k: "c2VjcmV0", kid: "one" })],
    [
      "a private key",
      async () =>
        serve({ ...(await exportJWK((await generateKeyPair("RS256", { extractable: true })).privateKey)), kid: "one" }),
    ],
  ])("%s from the start: said so, logged, and mended by itself", async (_, spoil) => {
    await spoil();
    expect(await refused(await signed())).toBe(unavailable);
    expect(warnings.join()).toContain('"issuer":"corp"');
    const asked = backend.requestCount();
    expect(await refused(await signed())).toBe(unavailable);
    expect(backend.requestCount()).toBe(asked);
    await backend.accept().catch(() => {});
    serve(firstJwk);
    await waitUntil("its tokens are let in", async () => {
      nowMs += 31_000;
      return (await refused(await signed())).includes("was let in");
    });
  });

  test("after they were had: the last good ones serve for a day and no longer", async () => {
    await ask(await signed());
    await backend.refuse();
    for (const hours of [1, 11, 11.9]) {
      nowMs += hours * 3_600_000;
      expect(await refused(await signed())).toContain("was let in");
    }
    nowMs += 3_600_000;
    expect(await refused(await signed())).toBe(unavailable);
  });
});
