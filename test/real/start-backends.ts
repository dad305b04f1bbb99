/** Brings up every server of the suite: named by the environment, or installed and started here; then feeds it. Called by run-real-suite. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { waitUntil } from "../support/wait-until.js";
import {
  type Backend,
  type BackendName,
  backendNames,
  type PlanLaunch,
  type ServerAddress,
} from "./backends/backend.js";
import { elasticsearch8, elasticsearch9 } from "./backends/elasticsearch.js";
import type { InstallCache } from "./backends/install-cache.js";
import { jaeger } from "./backends/jaeger.js";
import { postgres } from "./backends/postgres.js";
import { prometheus2, prometheus3 } from "./backends/prometheus.js";
import { type ServerProcess, startServerProcess } from "./backends/server-process.js";
import { zipkin } from "./backends/zipkin.js";
import type { TestServer, TestState } from "./state-file.js";

const backends: Readonly<Record<BackendName, Backend>> = {
  prometheus2,
  prometheus3,
  jaeger,
  zipkin,
  elasticsearch8,
  elasticsearch9,
  postgres,
};

/** What bringing up needs. */
export interface StartOptions {
  readonly cache: InstallCache;
  readonly environment: NodeJS.ProcessEnv;
  /** A folder for data and logs of the servers. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** Told of every process the moment it is spawned, so that it is stopped whatever happens after. */
  readonly onStarted: (server: ServerProcess) => void;
}

interface Running {
  readonly address: ServerAddress;
  readonly pid: number | null;
}

const readyWithinMs = 120_000;
const startAttempts = 3;

/** Installs one after the other (builds use every core), then starts and feeds all at once. */
export async function startBackends(options: StartOptions): Promise<TestState> {
  const launches: [Backend, PlanLaunch | null][] = [];
  for (const name of backendNames) {
    const backend = backends[name];
    launches.push([backend, backend.named(options.environment) ? null : await backend.install(options.cache)]);
  }
  const servers = await settleAll(launches.map(([backend, launch]) => bringUp(backend, launch, options)));
  return Object.fromEntries(servers) as unknown as TestState;
}

/** Waits for all, so that no start goes on behind a failure; then throws the first failure. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

/** Starts one server, or uses the one the environment names, and feeds it. */
export async function bringUp(
  backend: Backend,
  launch: PlanLaunch | null,
  options: StartOptions,
): Promise<readonly [BackendName, TestServer]> {
  const { name } = backend;
  const startedMs = performance.now();
  const { address, pid } = launch ? await start(backend, launch, options) : await attach(backend, options);
  const version = (await backend.version(address)) ?? (pid === null ? "unknown" : backend.release);
  const loaded = await backend.load(address);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const origin = pid === null ? `named by ${backend.urlVariable}` : `pid ${pid}`;
  options.say(`${name} ${version} at ${address.url} (${origin}) holds ${loaded}, ready in ${seconds} s`);
  return [name, { ...address, version, pid }];
}

async function attach(backend: Backend, { environment, cache }: StartOptions): Promise<Running> {
  const address = backend.named(environment);
  if (address === null) throw new Error(`${backend.urlVariable} is not set.`);
  const isReady = () => backend.isReady(address);
  await waitUntil(`${backend.name} named by ${backend.urlVariable}`, isReady, {
    limitMs: readyWithinMs,
    signal: cache.signal,
  });
  return { address, pid: null };
}

/** A start is repeated when the server ended at once for want of a port that somebody else took meanwhile. */
async function start(backend: Backend, launch: PlanLaunch, options: StartOptions): Promise<Running> {
  const { name } = backend;
  for (let attempt = 1; ; attempt++) {
    const folder = join(options.folder, `${name}-${attempt}`);
    await mkdir(folder, { recursive: true });
    const plan = await launch(folder);
    options.cache.signal.throwIfAborted();
    const server = startServerProcess(plan, folder, join(options.folder, `${name}-${attempt}.log`));
    options.onStarted(server);
    const hopeless = () => (server.ended() === null ? null : `it ended with ${server.ended()}`);
    const { signal } = options.cache;
    try {
      const isReady = () => backend.isReady(plan.address);
      await waitUntil(`readiness of ${name}`, isReady, { limitMs: readyWithinMs, signal, hopeless });
      return { address: plan.address, pid: server.pid };
    } catch (error) {
      signal.throwIfAborted();
      const tail = await server.logTail();
      const lostPort = server.ended() !== null && /address already in use|BindException/i.test(tail);
      if (!lostPort || attempt === startAttempts)
        throw new Error(`${messageOf(error)}\n${server.logFile} ends with:\n${tail}`);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
