/**
 * What access control costs a service page: processor time with a token against nobody asked. Page by page, in an order that chance gives,
 * of servers within one process: between processes, and between a minute and the next, it differs by more than what is looked for.
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

const processes = 3;
const pages = 250;
const warmPages = 100;
const issuer = "https://login.example.com";

/** Who asks; `nobody` is asked of a server without access control. */
const callers = {
  nobody: "nobody",
  token: "one of 50 tokens",
  signed: "a signed token (RS256)",
  namespace: "a token of one namespace",
};
type Caller = keyof typeof callers;
const names = Object.keys(callers) as Caller[];

/** Measures pages for everyone, for one of fifty tokens, for a signed token, and for a token of one namespace. */
export async function benchAccess({ folder, say, start }: BenchContext): Promise<readonly BenchResult[]> {
  const remembered = await rememberedSources(await startPageSources(start));
  const { yaml, signed, close } = await accessOf();
  const tokens: Readonly<Record<Caller, string | null>> = {
    nobody: null,
    token: "token-49",
    signed,
    namespace: "token-0",
  };
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, `access-${name}.yaml`);
      const sources = remembered.sources.map((source) => `  - ${JSON.stringify({ ...source, maxConcurrent: 64 })}`);
      const auth = tokens[name] === null ? "" : yaml;
      await writeFile(file, `server: { port: 0, logLevel: info }\n${auth}\nsources:\n${sources.join("\n")}\n`);
      return file;
    }),
  );
  const query = await readFile("examples/queries/service-page.graphql", "utf8");
  /** Processor time of a page, ms: a row per question. */
  const rows: Record<Caller, number>[] = [];
  for (let nth = 0; nth < processes; nth += 1) {
    const child = fork(join(import.meta.dirname, "access-servers.js"), files, {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const [urls] = (await once(child, "message")) as [readonly string[]];
    for (let page = 0; page < warmPages + pages; page += 1) {
      const question = { query, variables: pageVariables(page) };
      const row: Record<Caller, number> = { nobody: 0, token: 0, signed: 0, namespace: 0 };
      for (const name of shuffled(names)) {
        const before = await cpuUs(child);
        await postGraphql(urls[names.indexOf(name)] ?? "", question, tokens[name]);
        row[name] = ((await cpuUs(child)) - before) / 1_000;
      }
      if (page >= warmPages) rows.push(row);
    }
    child.kill();
    await once(child, "exit");
    const medians = names.map(
      (name) => `${name} ${medianOf(rows.slice(-pages), (row) => row[name]).median.toFixed(2)} ms`,
    );
    say(`process ${nth + 1}: ${medians.join(", ")}`);
  }
  await remembered.close();
  await close();
  const base = medianOf(rows, ({ nobody }) => nobody).median;
  return names.slice(1).map((name) => {
    const { median, low, high } = medianOf(rows, (row) => row[name] - row.nobody);
    const percent = (ms: number) => `${((100 * ms) / base).toFixed(1)} %`;
    return {
      what: `processor time of a service page, ${callers[name]} against nobody asked: median of ${rows.length} pairs in ${processes} processes (19 times in 20 between)`,
      measured: `${percent(median)} more (${percent(low)} and ${percent(high)}; ${median.toFixed(2)} of ${base.toFixed(1)} ms)`,
      goal: "≤ 2 %",
      isMet: median <= 0.02 * base,
    };
  });
}

function medianOf(rows: readonly Record<Caller, number>[], of: (row: Record<Caller, number>) => number) {
  return medianWithin(rows.map(of));
}

function shuffled<T>(list: readonly T[]): readonly T[] {
  return list
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

async function cpuUs(child: ChildProcess): Promise<number> {
  const answer = once(child, "message");
  child.send("cpu");
  const [used] = (await answer) as [number];
  return used;
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
