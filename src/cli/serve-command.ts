/** `meshlens serve`: the server until a signal ends it. */
import { Command } from "commander";
import { keepHeapLean } from "../server/lean-heap.js";
import { systemClock } from "../telemetry/clock.js";
import { type ExitCode, runCommand } from "./command-line.js";
import { loadForCommand } from "./load.js";

/** The command for main.ts. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("answer GraphQL over the configured backends")
    .option("-c, --config <file>", "configuration (default: meshlens.yaml of this folder)")
    .addHelpText(
      "after",
      [
        "",
        "POST /graphql, GET /graphiql, /healthz, /readyz, /metrics. Its log is JSON lines on standard output.",
        "SIGTERM or Ctrl-C lets answers under way finish (server.shutdownGraceMs); a second one ends at once.",
        "Exit codes: 0 stopped by a signal, 1 could not listen, 2 wrong use or configuration.",
      ].join("\n"),
    )
    .action((options: { config?: string }) => runCommand(() => serve(options)));
}

async function serve(options: { readonly config?: string }): Promise<ExitCode> {
  keepHeapLean();
  const loaded = loadForCommand(options.config);
  const stopped = nextSignal();
  const { startServer } = await import("../server/start-server.js");
  const server = await startServer(loaded, { clock: systemClock });
  if (process.stderr.isTTY) {
    const page = loaded.config.server.graphiql ? `, GraphiQL at ${server.url}/graphiql` : "";
    process.stderr.write(`Meshlens answers at ${server.url}/graphql${page}\n`);
  }
  const signal = await stopped;
  void nextSignal().then(() => process.exit(1));
  await server.stop(signal);
  return 0;
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
}
