/** What access control costs a service page: processor time with a token against nobody asked, in turns within one process. */
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
import { meanAndError } from "./statistics.js";

const processes = 3;
const blocks = 24;
const pagesPerBlock = 6;
const warmPages = 60;
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
  /** Processor time of a block's page, ms: a row per block. */
  const rows: Record<Caller, number>[] = [];
  let page = 0;
  for (let nth = 0; nth < processes; nth += 1) {
    const child = fork(join(import.meta.dirname, "access-servers.js"), files, {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const [urls] = (await once(child, "message")) as [readonly string[]];
    const ask = (name: Caller) => {
      page += 1;
      return postGraphql(
        urls[names.indexOf(name)] ?? "",
        { query, variables: pageVariables(page % 4_000) },
        tokens[name],
      );
    };
    for (let n = 0; n < warmPages; n += 1) for (const name of names) await ask(name);
    for (let block = 0; block < blocks; block += 1) {
      const row: Record<Caller, number> = { nobody: 0, token: 0, signed: 0, namespace: 0 };
      // Another order each time, so that what changes with time, and what one leaves to the next, falls on all alike.
      for (const name of orderOf(block)) {
        const before = await cpuUs(child);
        for (let n = 0; n < pagesPerBlock; n += 1) await ask(name);
        row[name] = ((await cpuUs(child)) - before) / 1_000 / pagesPerBlock;
      }
      rows.push(row);
    }
    child.kill();
    await once(child, "exit");
    say(
      `process ${nth + 1}: ${names.map((name) => `${name} ${meanAndError(rows.slice(-blocks).map((row) => row[name])).mean.toFixed(2)} ms`).join(", ")}`,
    );
  }
  await remembered.close();
  await close();
  const base = meanAndError(rows.map(({ nobody }) => nobody)).mean;
  return names.slice(1).map((name) => {
    // Block by block: what slows the machine down slows both.
    const added = meanAndError(rows.map((row) => row[name] - row.nobody));
    const percent = (ms: number) => ((100 * ms) / base).toFixed(1);
    return {
      what: `processor time of a service page, ${callers[name]} against nobody asked, mean of ${rows.length} pairs of ${pagesPerBlock} pages in ${processes} processes`,
      measured: `${percent(added.mean)} % more (± ${percent(1.96 * added.error)}; ${added.mean.toFixed(2)} of ${base.toFixed(1)} ms)`,
      goal: "≤ 2 %",
      isMet: added.mean <= 0.02 * base,
    };
  });
}

/** The callers in an order that, over four blocks, has each of them in each place, and each before and after each other. */
function orderOf(block: number): readonly Caller[] {
  const at = block % names.length;
  const turned = [...names.slice(at), ...names.slice(0, at)];
  return Math.floor(block / names.length) % 2 === 0 ? turned : turned.reverse();
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
