/** Meshlens as a process of its own, so that its memory and time are its own. */
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { freePort } from "../test/real/backends/free-ports.js";
import { startServerProcess } from "../test/real/backends/server-process.js";
import { waitUntil } from "../test/support/wait-until.js";
import { processCpuSeconds } from "./process-cpu.js";
import { residentBytes } from "./resident-bytes.js";

/** A source of the configuration to write. */
export interface BenchSource {
  readonly name: string;
  readonly kind: string;
  readonly url: string;
}

/** The running server. */
export interface MeshlensProcess {
  /** Runs a document of examples/queries. @throws Error with the first GraphQL error */
  query(document: string, variables: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Runs a document's text. @throws Error with the first GraphQL error */
  ask(text: string): Promise<Record<string, unknown>>;
  /** Resident memory now, bytes. */
  residentBytes(): number;
  /** Processor time used so far. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** A section `auth` and a token that it lets in. */
export interface BenchAccess {
  readonly yaml: string;
  readonly token: string;
}

/** Starts `meshlens serve` over the given sources and waits until it answers. */
export async function startMeshlens(
  folder: string,
  sources: readonly BenchSource[],
  access: BenchAccess | null = null,
): Promise<MeshlensProcess> {
  const port = await freePort();
  const file = join(folder, `meshlens-${port}.yaml`);
  const lines = sources.map((source) => `  - ${JSON.stringify({ ...source, maxConcurrent: 64, timeoutMs: 60_000 })}`);
  writeFileSync(
    file,
    `server: { port: ${port}, requestTimeoutMs: 60000, limits: { socketsPerAddress: 5000 } }\n${access?.yaml ?? ""}\nsources:\n${lines.join("\n")}\n`,
  );
  const url = `http://127.0.0.1:${port}`;
  const args = [join(process.cwd(), "dist/src/cli/main.js"), "serve", "--config", file];
  const plan = { command: process.execPath, args, environment: {}, address: { url, zipkinIngestUrl: null } };
  const server = startServerProcess(plan, folder, `${file}.log`);
  await waitUntil(
    "Meshlens answers",
    () =>
      get(port, "/healthz").then(
        () => true,
        () => false,
      ),
    { limitMs: 60_000 },
  );
  const run = async (name: string, query: string, variables: Record<string, unknown>) => {
    const text = await post(port, JSON.stringify({ query, variables }), access?.token ?? null);
    const { data, errors } = JSON.parse(text) as {
      data: Record<string, unknown>;
      errors?: Array<{ message: string }>;
    };
    if (errors !== undefined) throw new Error(`${name}: ${errors[0]?.message}`);
    return data;
  };
  return {
    query: (document, variables) =>
      run(document, readFileSync(`examples/queries/${document}.graphql`, "utf8"), variables),
    ask: (text) => run(text.slice(0, 60), text, {}),
    residentBytes: () => residentBytes(server.pid),
    cpuSeconds: () => processCpuSeconds(server.pid ?? -1),
    stop: () => server.stop(5_000),
  };
}

function get(port: number, path: string): Promise<string> {
  return send({ port, path, method: "GET" }, "");
}

function post(port: number, body: string, token: string | null): Promise<string> {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const headers = { "content-type": "application/json", ...authorization };
  return send({ port, path: "/graphql", method: "POST", headers }, body);
}

function send(options: { port: number; path: string; method: string; headers?: Record<string, string> }, body: string) {
  return new Promise<string>((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", ...options }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => resolve(Buffer.concat(chunks).toString()));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
