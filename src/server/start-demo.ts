/** Fills a demo's history, serves it, and lets it live at the real clock until it is stopped. Called by `meshlens demo`. */
import type { DestinationStream } from "pino";
import type { LoadedConfig } from "../config/load-config.js";
import type { Demo } from "../demo/create-demo.js";
import type { StageProgress } from "../demo/stage/create-stage.js";
import type { Clock } from "../telemetry/clock.js";
import { composeOver } from "./compose.js";
import { type DemoControl, registerDemoRoutes } from "./demo-routes.js";
import { openDemoSlack } from "./open-demo-slack.js";
import { type RunningServer, startServer } from "./start-server.js";

const tickMs = 1_000;

/** What it needs beside the demo. */
export interface DemoServerDeps {
  readonly clock: Clock;
  readonly control: DemoControl;
  /** Ends the filling. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: StageProgress) => void;
  readonly logTo?: DestinationStream;
  /** How evaluations wait, and how often the mesh lives on; for tests whose clock runs faster than ours. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly playEveryMs?: number;
}

/**
 * Plays up to the present, then listens and plays on.
 * @throws MESHLENS_ERR_SERVER_LISTEN when the address cannot be had · the signal's reason when it aborts before the server listens
 */
export async function startDemo(demo: Demo, loaded: LoadedConfig, deps: DemoServerDeps): Promise<RunningServer> {
  const { clock, control, signal, onProgress, logTo } = deps;
  // Filling takes seconds: the present it aims at moves on.
  for (let nowMs = clock.nowMs(); demo.stage.progress().nowMs < nowMs - tickMs; nowMs = clock.nowMs()) {
    await demo.stage.play(nowMs, signal, onProgress);
    signal.throwIfAborted();
  }
  const { metrics, traces, logs, workloads } = demo.backends;
  const plugged = {
    metricSources: [metrics],
    traceSources: [traces],
    logSources: [logs],
    workloadSources: [workloads],
  };
  const slack = await openDemoSlack(loaded, clock);
  const told = slack?.loaded ?? loaded;
  const server = await startServer(told, {
    clock,
    composition: await composeOver(told, clock, plugged),
    extend: (app, authenticate) => {
      registerDemoRoutes(app, control, authenticate);
      slack?.register(app, authenticate);
    },
    ...(logTo === undefined ? {} : { logTo }),
    ...(deps.pause === undefined ? {} : { pause: deps.pause }),
  }).catch(async (error: unknown) => {
    await slack?.close();
    throw error;
  });
  slack?.listening(server.url);
  const stopping = new AbortController();
  const timer = setInterval(() => void demo.stage.play(clock.nowMs(), stopping.signal), deps.playEveryMs ?? tickMs);
  return {
    url: server.url,
    async stop(reason) {
      clearInterval(timer);
      stopping.abort();
      await server.stop(reason);
      await slack?.close();
    },
  };
}
