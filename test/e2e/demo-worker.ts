/**
 * The demo's composition in a thread of its own: jest's modules run the simulation nine times slower. Serves GraphQL over the embedded
 * backends and, where real ones are named, over those too, fed by the demo's own feeds; the demo's Kubernetes objects stand in for a cluster.
 * Time is the stage's own and passes only when it is told to. Started by start-demo-thread.ts.
 */
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { embeddedConfig, type LoadedConfig, loadConfig } from "../../src/config/load-config.js";
import type { Demo, ProxyKind, TelemetryTaker } from "../../src/demo/create-demo.js";
import { createFeed, type Feed } from "../../src/demo/feed/create-feed.js";
import type { FeedKind } from "../../src/demo/feed/feed-forms.js";
import { createHttpClient } from "../../src/http/create-http-client.js";
import { type Composition, compose, composeOver } from "../../src/server/compose.js";
import { neverBehind } from "../../src/server/loop-delay.js";
import { startServer } from "../../src/server/start-server.js";
import { type Clock, systemClock } from "../../src/telemetry/clock.js";
import { repositoryRoot } from "../support/repository-root.js";
import { waitUntil } from "../support/wait-until.js";
import { createProgramme } from "./play-programme.js";

/** What the thread is told at its start. */
export interface DemoThreadData {
  readonly proxies: ProxyKind;
  /** Variables of examples/meshlens.yaml for each set of real backends, by a name. */
  readonly real: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Real backends to post telemetry to. */
  readonly feeds: readonly { readonly kind: FeedKind; readonly url: string }[];
}

/** What came of letting time pass. */
export interface Played {
  /** Spans that ended meanwhile, by trace. */
  readonly spansOfTrace: ReadonlyMap<string, number>;
}

const { proxies, real, feeds: wanted } = workerData as DemoThreadData;
const port = parentPort;
if (port === null) throw new Error("this module is run as a worker");

const spansOfTrace = new Map<string, number>();
const given = { spans: 0, lines: 0 };
const counter: TelemetryTaker = {
  takeSpans(spans) {
    for (const { traceId } of spans) spansOfTrace.set(traceId, (spansOfTrace.get(traceId) ?? 0) + 1);
    given.spans += spans.length;
  },
  takeLines(lines) {
    given.lines += lines.length;
  },
};
const feeds: readonly Feed[] = wanted.map(({ kind, url }) =>
  createFeed({
    kind,
    url,
    http: createHttpClient({ name: kind, url }, { clock: systemClock }),
    clock: systemClock,
    onChange: () => undefined,
  }),
);
const clock: Clock = { nowMs: () => demo.stage.progress().nowMs };
const demo: Demo = createProgramme({ proxies, clock, takers: [counter, ...feeds] });

const { metrics, traces, logs, workloads } = demo.backends;
const embedded = {
  metricSources: [metrics],
  traceSources: [traces],
  logSources: [logs],
  workloadSources: [workloads],
};

async function serve(loaded: LoadedConfig, composition: Composition): Promise<string> {
  const onFreePort = { ...loaded, config: { ...loaded.config, server: { ...loaded.config.server, port: 0 } } };
  const { url } = await startServer(onFreePort, {
    loopDelay: neverBehind,
    clock,
    composition,
    logTo: { write: () => undefined },
  });
  return url;
}

const none = embeddedConfig({});
const urls: Record<string, string> = { embedded: await serve(none, await composeOver(none, clock, embedded)) };
for (const [name, variables] of Object.entries(real)) {
  const loaded = loadConfig(join(repositoryRoot, "examples", "meshlens.yaml"), variables);
  urls[name] = await serve(loaded, await compose(loaded, { clock, workloadSources: [workloads] }));
}

/** Everything that was given is with its backend. */
async function settleFeeds(): Promise<void> {
  for (const feed of feeds) {
    const wantedCount = feed.takeSpans === undefined ? given.lines : given.spans;
    const hasAll = async () => feed.counts().sent === wantedCount;
    const hopeless = () => (feed.state()?.isTaking === false ? (feed.state()?.sentence ?? null) : null);
    await waitUntil("a fed backend", hasAll, { limitMs: 60_000, hopeless });
  }
}

const signal = new AbortController().signal;
port.on("message", async (toMs: number) => {
  await demo.stage.play(toMs, signal);
  await settleFeeds();
  const played: Played = { spansOfTrace: new Map(spansOfTrace) };
  spansOfTrace.clear();
  port.postMessage(played);
});
port.postMessage(urls);
