/** Meshlens as a process of its own, so that its memory and time are its own. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../test/real/backends/free-ports.js";
import { startServerProcess } from "../test/real/backends/server-process.js";
import { waitUntil } from "../test/support/wait-until.js";
import { imageStart } from "./image-start.js";
import { postGraphql } from "./post-graphql.js";
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
  readonly pid: number;
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

/** Further sections of the configuration. */
export interface BenchSections {
  readonly yaml: string;
}

/** Starts `meshlens serve` as the image does, over the given sources, and waits until it answers. */
export async function startMeshlens(
  folder: string,
  sources: readonly BenchSource[],
  { yaml }: BenchSections = { yaml: "" },
): Promise<MeshlensProcess> {
  const port = await freePort();
  const file = join(folder, `meshlens-${port}.yaml`);
  const lines = sources.map((source) => `  - ${JSON.stringify({ ...source, maxConcurrent: 64, timeoutMs: 60_000 })}`);
  writeFileSync(
    file,
    `server: { port: ${port}, requestTimeoutMs: 60000, limits: { socketsPerAddress: 5000 } }\n${yaml}\nsources:\n${lines.join("\n")}\n`,
  );
  const url = `http://127.0.0.1:${port}`;
  const { flags, environment } = imageStart();
  const args = [...flags, join(process.cwd(), "dist/src/cli/main.js"), "serve", "--config", file];
  const plan = { command: process.execPath, args, environment, address: { url, zipkinIngestUrl: null } };
  const server = startServerProcess(plan, folder, `${file}.log`);
  const isHealthy = async () => (await fetch(`${url}/healthz`)).ok;
  await waitUntil("Meshlens answers", isHealthy, { limitMs: 60_000 });
  return {
    pid: server.pid,
    query: (document, variables) =>
      postGraphql(url, { query: readFileSync(`examples/queries/${document}.graphql`, "utf8"), variables }),
    ask: (query) => postGraphql(url, { query, variables: {} }),
    residentBytes: () => residentBytes(server.pid),
    cpuSeconds: () => processCpuSeconds(server.pid),
    stop: () => server.stop(5_000),
  };
}
