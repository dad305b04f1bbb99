/** `meshlens demo`: a living mesh in this process, with a fault to choose and every pillar of the answer. */
import { SingleBar } from "cli-progress";
import { Command, Option } from "commander";
import type { Demo } from "../demo/create-demo.js";
import type { DemoFeeds } from "../demo/feed/open-feeds.js";
import type { MeshDefinition } from "../demo/simulation/mesh-definition.js";
import type { StageProgress } from "../demo/stage/create-stage.js";
import type { DemoFacts } from "../demo/terminal/demo-screen.js";
import { keepHeapLean } from "../server/lean-heap.js";
import { formatDuration } from "../slo/format-duration.js";
import { systemClock } from "../telemetry/clock.js";
import { type ExitCode, runCommand } from "./command-line.js";
import { openBackfill } from "./demo-backfill.js";
import { type DemoOptions, demoSettings, type GivenOptions } from "./demo-options.js";
import { type DemoTerminal, openDemoTerminal } from "./demo-terminal.js";

/** How long the scenario that a demo starts with has been running when it is ready. */
const startedBeforeMs = 900_000;

/** The command for main.ts. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("a living Bookinfo mesh in this process: traffic, faults to choose, every pillar of the answer")
    .option("--scenario <name>", "what is wrong with the mesh (another name lists them all)", "healthy")
    .addOption(new Option("--mesh <name>", "whose proxies it has: istio or linkerd").default("istio"))
    .option("--services <n>", "a generated mesh of so many services instead of Bookinfo")
    .option("--seed <n>", "another course of chance", "1")
    .option("-p, --port <n>", "port to listen on; 0 takes a free one (default: 4000)")
    .option("--history <duration>", "how much has already happened, such as 30m or 6h", "6h")
    .option("--feed <kind=url...>", "also post what is seen to a zipkin, jaeger (OTLP) or elasticsearch")
    .option("--backfill-out <file>", "write the history of metrics as OpenMetrics, for promtool")
    .option("-c, --config <file>", "configuration; its sources are left aside")
    .addHelpText(
      "after",
      [
        "",
        "POST /demo/scenario changes the scenario, GET /demo/scenario tells it, GET /demo/metrics is for a Prometheus.",
        "Ctrl-C ends it at once; nothing is left behind.",
        "Exit codes: 0 stopped, 1 could not listen, 2 wrong use or configuration.",
      ].join("\n"),
    )
    .action((options: GivenOptions) => runCommand(() => runDemo(demoSettings(options))));
}

async function runDemo(options: DemoOptions): Promise<ExitCode> {
  const { loaded, mesh, proxies, scenario, seed, historyMs } = options;
  // From the start: what the past leaves as garbage would stay resident for good.
  keepHeapLean();
  const ending = new AbortController();
  const quit = () => ending.abort();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, quit);

  const { tryAddress } = await import("../server/start-server.js");
  await tryAddress(loaded, "stop the other program or choose another with --port N (0 takes a free one)");
  const { createDemo } = await import("../demo/create-demo.js");
  const { openFeeds } = await import("../demo/feed/open-feeds.js");
  const nowMs = systemClock.nowMs();
  const feeds = openFeeds(options.feeds, systemClock);
  const backfill = options.backfillOut === null ? null : openBackfill(options.backfillOut);
  const takers = backfill === null ? feeds.takers : [...feeds.takers, backfill];
  const demo = createDemo({ mesh, proxies, seed, startMs: nowMs - historyMs, clock: systemClock, takers });
  if (scenario !== "healthy") demo.switchTo(scenario, nowMs - Math.min(startedBeforeMs, historyMs));
  try {
    return await serveDemo(demo, options, { signal: ending.signal, quit, feeds, onFilled: () => backfill?.end() });
  } finally {
    backfill?.abandon();
    await feeds.stop();
  }
}

interface Stagehands {
  readonly signal: AbortSignal;
  quit(): void;
  readonly feeds: DemoFeeds;
  onFilled(): void;
}

async function serveDemo(
  demo: Demo,
  { loaded, mesh, historyMs, meshName }: DemoOptions,
  { signal, quit, feeds, onFilled }: Stagehands,
): Promise<ExitCode> {
  const fromMs = demo.stage.progress().nowMs;
  const progress = openProgress(fromMs, fromMs + historyMs);
  let url = "";
  const facts = (): DemoFacts => ({
    mesh: meshName,
    url,
    hasInbox: loaded.config.slack === undefined,
    history: formatDuration(historyMs),
    scenarios: demo.scenarios,
    current: demo.scenario().scenario,
    sinceMs: demo.scenario().sinceMs,
    feeds: feeds.sentences(),
    services: pagesOf(mesh),
  });
  const choose = (name: string): void => {
    demo.switchTo(name, systemClock.nowMs());
    terminal?.show(facts());
  };
  let terminal: DemoTerminal | null = null;
  const control = { scenarios: demo.scenarios, current: demo.scenario, choose, metricsText: demo.metricsText };
  const { startDemo } = await import("../server/start-demo.js");
  const server = await startDemo(demo, loaded, {
    clock: systemClock,
    control,
    signal,
    onProgress: progress.show,
    logTo: process.stderr,
  })
    .catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    })
    .finally(progress.stop);
  if (server === null) return 0;

  url = server.url;
  onFilled();
  feeds.onChange(() => terminal?.show(facts()));
  terminal = openDemoTerminal({ input: process.stdin, output: process.stdout }, { choose, quit });
  terminal.show(facts());
  await aborted(signal);
  terminal.close();
  await server.stop("the demo was ended");
  return 0;
}

/** Bookinfo's two in most stories, else the first of the mesh. */
function pagesOf({ services }: MeshDefinition): DemoFacts["services"] {
  const told = services.filter(({ name }) => name === "reviews" || name === "ratings");
  const chosen = told.length === 2 ? told : services.slice(0, 2);
  return chosen.map(({ namespace, name }) => ({ namespace, name }));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function openProgress(fromMs: number, toMs: number) {
  if (!process.stderr.isTTY) return { show: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: "living through the past {bar} {percentage} %, {requests} requests",
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(toMs - fromMs, 0, { requests: 0 });
  return {
    show: ({ nowMs, requests }: StageProgress) => bar.update(nowMs - fromMs, { requests }),
    stop: () => bar.stop(),
  };
}
