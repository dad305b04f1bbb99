/** A real server from a configuration text, on a free loopback port, with its log kept for reading. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load-config.js";
import { neverBehind } from "../../src/server/loop-delay.js";
import { type RunningServer, startServer } from "../../src/server/start-server.js";
import { systemClock } from "../../src/telemetry/clock.js";

/** Writes a configuration file into a folder of its own. */
export function writeConfig(yaml: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "meshlens-server-")), "meshlens.yaml");
  writeFileSync(file, yaml);
  return file;
}

/** A running server and the log lines it wrote so far. */
export interface ConfiguredServer extends RunningServer {
  readonly logLines: readonly string[];
}

/** Starts it; `yaml` must not set server.port. */
export async function startConfigured(
  yaml: string,
  environment: Readonly<Record<string, string>> = {},
  given: Pick<Parameters<typeof startServer>[1], "loopDelay"> = {},
): Promise<ConfiguredServer> {
  const loaded = loadConfig(writeConfig(yaml), environment);
  const onFreePort = { ...loaded, config: { ...loaded.config, server: { ...loaded.config.server, port: 0 } } };
  const logLines: string[] = [];
  const server = await startServer(onFreePort, {
    // A machine that stands still is no overload.
    loopDelay: neverBehind,
    ...given,
    clock: systemClock,
    logTo: { write: (line) => void logLines.push(line) },
  });
  return { ...server, logLines };
}

/** Asks GraphQL for the sources, which reaches each of them: a request that lasts as long as a backend holds its answer back. */
export function askSources(url: string): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${url}/graphql`, { method: "POST", headers, body: '{"query":"{ sources { name state } }"}' });
}
