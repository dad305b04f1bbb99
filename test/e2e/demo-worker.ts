/**
 * The demo's composition in a thread of its own: jest's modules run the simulation nine times slower. Serves GraphQL over the embedded
 * backends and, where real ones are named, over those too; the demo's Kubernetes objects stand in for a cluster. Time is the stage's own and
 * passes only when it is told to. Started by start-demo-thread.ts.
 */
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { embeddedConfig, type LoadedConfig, loadConfig } from "../../src/config/load-config.js";
import { createDemo, type Demo, type ProxyKind } from "../../src/demo/create-demo.js";
import { bookinfoWithShop } from "../../src/demo/meshes/join-meshes.js";
import { type Composition, compose, composeOver } from "../../src/server/compose.js";
import { startServer } from "../../src/server/start-server.js";
import type { Clock } from "../../src/telemetry/clock.js";
import { repositoryRoot } from "../support/repository-root.js";
import { acts, seed, startMs } from "./programme.js";

/** What the thread is told at its start. */
export interface DemoThreadData {
  readonly proxies: ProxyKind;
  /** Variables of examples/meshlens.yaml for each set of real backends, by a name. */
  readonly real: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const { proxies, real } = workerData as DemoThreadData;
const port = parentPort;
if (port === null) throw new Error("this module is run as a worker");

const clock: Clock = { nowMs: () => demo.stage.progress().nowMs };
const demo: Demo = createDemo({ mesh: bookinfoWithShop, proxies, seed, startMs, clock });
for (const { scenario, switchMs, backMs } of acts) {
  demo.switchTo(scenario, switchMs);
  demo.switchTo("healthy", backMs);
}

const { metrics, traces, logs, workloads } = demo.backends;
const embedded = {
  metricSources: [metrics],
  traceSources: [traces],
  logSources: [logs],
  workloadSources: [workloads],
};

async function serve(loaded: LoadedConfig, composition: Composition): Promise<string> {
  const onFreePort = { ...loaded, config: { ...loaded.config, server: { ...loaded.config.server, port: 0 } } };
  const { url } = await startServer(onFreePort, { clock, composition, logTo: { write: () => undefined } });
  return url;
}

const none = embeddedConfig({});
const urls: Record<string, string> = { embedded: await serve(none, composeOver(none, clock, embedded)) };
for (const [name, variables] of Object.entries(real)) {
  const loaded = loadConfig(join(repositoryRoot, "examples", "meshlens.yaml"), variables);
  urls[name] = await serve(loaded, compose(loaded, { clock, workloadSources: [workloads] }));
}

const signal = new AbortController().signal;
port.on("message", async (toMs: number) => {
  await demo.stage.play(toMs, signal);
  port.postMessage(toMs);
});
port.postMessage(urls);
