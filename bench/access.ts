/**
 * What access control costs a service page, in processor time: authentication, asked alone many times; and what a caller of one namespace
 * takes longer for the same page than one who sees all, of the same server in an order that chance gives. Two servers would differ by more than what
 * is looked for, in one process too: each has its own compiled code.
 */
import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { pageVariables, startPageSources } from "./page-question.js";
import { postGraphql } from "./post-graphql.js";
import { rememberedSources } from "./remembered-sources.js";
import { medianWithin } from "./statistics.js";

const pages = 500;
const warmPages = 40;
const issuer = "https://login.example.com";

/** Who asks. */
const callers = {
  token: "one of 50 tokens",
  signed: "a signed token (RS256)",
  namespace: "a token of one namespace",
};
type Caller = keyof typeof callers;
const names = Object.keys(callers) as Caller[];

/** Measures pages for one of fifty tokens, for a signed token, and for a token of one namespace. */
export async function benchAccess({ folder, say, start }: BenchContext): Promise<readonly BenchResult[]> {
  const remembered = await rememberedSources(await startPageSources(start));
  const { yaml, signed, close } = await accessOf();
  const tokens: Readonly<Record<Caller, string>> = { token: "token-49", signed, namespace: "token-0" };
  const file = join(folder, "access.yaml");
  const sources = remembered.sources.map((source) => `  - ${JSON.stringify({ ...source, maxConcurrent: 64 })}`);
  await writeFile(file, `server: { port: 0, logLevel: info }\n${yaml}\nsources:\n${sources.join("\n")}\n`);
  const query = await readFile("examples/queries/service-page.graphql", "utf8");
  const child = fork(join(import.meta.dirname, "access-server.js"), [file], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [url] = (await once(child, "message")) as [string];
  /** Processor time of a page, ms: a row per question. */
  const rows: Record<Caller, number>[] = [];
  // Two that ask equally often, so that what the server keeps of its backends' answers serves both alike.
  const asking: readonly Caller[] = ["token", "namespace"];
  // A question of its own each time: the server keeps what its backends answered, whoever asked.
  let asked = 0;
  for (let page = 0; page < warmPages + pages; page += 1) {
    const row: Record<Caller, number> = { token: 0, signed: 0, namespace: 0 };
    for (const name of shuffled(asking)) {
      const before = await ask(child, "cpu");
      asked += 1;
      await postGraphql(url, { query, variables: pageVariables(asked) }, tokens[name]);
      row[name] = ((await ask(child, "cpu")) - before) / 1_000;
    }
    if (page >= warmPages) rows.push(row);
    if (page % 100 === 99) say(`${page + 1} pages`);
  }
  const authenticationMs: Record<Caller, number> = { token: 0, signed: 0, namespace: 0 };
  for (const name of names) authenticationMs[name] = (await ask(child, tokens[name])) / 1_000;
  child.kill();
  await once(child, "exit");
  await remembered.close();
  await close();

  const median = (name: Caller) => medianWithin(rows.map((row) => row[name])).median;
  say(
    asking
      .map((name) => `${name}: page ${median(name).toFixed(2)} ms, of it ${authenticationMs[name].toFixed(3)}`)
      .join("; "),
  );
  const base = median("token") - authenticationMs.token;
  const percent = (ms: number) => `${((100 * ms) / base).toFixed(1)} %`;
  return names.map((name) => {
    // A caller who sees all goes the way of a server that asks nobody.
    const seen = medianWithin(rows.map((row) => (name === "namespace" ? row.namespace - row.token : 0)));
    const added = authenticationMs[name] + seen.median;
    const within =
      name === "namespace" ? `, 19 times in 20 between ${percent(seen.low)} and ${percent(seen.high)}` : "";
    return {
      what: `processor time that access control adds to a service page, ${callers[name]}`,
      measured: `${percent(added)} (authentication ${(1_000 * authenticationMs[name]).toFixed(0)} µs of ${base.toFixed(1)} ms${within})`,
      goal: "≤ 2 %",
      isMet: added <= 0.02 * base,
    };
  });
}

function shuffled<T>(list: readonly T[]): readonly T[] {
  return list
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

async function ask(child: ChildProcess, question: string): Promise<number> {
  const answer = once(child, "message");
  child.send(question);
  const [us] = (await answer) as [number];
  return us;
}

/** Fifty tokens, the first of one namespace, and an issuer of its own. */
async function accessOf() {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "one", alg: "RS256", use: "sig" }] });
  const server = createServer((_, response) => response.end(keys));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const tokens = Array.from({ length: 50 }, (_, n) => {
    const sha256 = createHash("sha256").update(`token-${n}`).digest("hex");
    return { name: `token-${n}`, sha256, namespaces: [n === 0 ? "bookinfo" : "*"], actions: ["read"] };
  });
  const grants = [{ claim: "groups", value: "sre", namespaces: ["*"], actions: ["read"] }];
  const oidc = [{ name: "corp", issuer, audience: ["meshlens"], jwksUrl: `http://127.0.0.1:${port}/keys`, grants }];
  const signed = await new SignJWT({ groups: ["dev", "sre"] })
    .setProtectedHeader({ alg: "RS256", kid: "one" })
    .setIssuer(issuer)
    .setAudience("meshlens")
    .setSubject("ann")
    .setExpirationTime("2h")
    .sign(privateKey);
  return {
    yaml: `auth: ${JSON.stringify({ tokens, oidc })}`,
    signed,
    close: async () => void server.close(),
  };
}
