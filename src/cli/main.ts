#!/usr/bin/env node
/** The command line: one file per command, wired up here. */
import { Command, CommanderError } from "commander";
import { packageVersion } from "../server/package-facts.js";

/**
 * Only the one that is asked for is loaded, and all of them for help. What a command works with it loads when it runs, so that help and
 * wrong use are told at once.
 */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./serve-command.js")).serveCommand(),
  demo: async () => (await import("./demo-command.js")).demoCommand(),
  check: async () => (await import("./check-command.js")).checkCommand(),
  query: async () => (await import("./query-command.js")).queryCommand(),
  diagnose: async () => (await import("./diagnose-command.js")).diagnoseCommand(),
  dashboards: async () => (await import("./dashboards-command.js")).dashboardsCommand(),
  slo: async () => (await import("./slo-command.js")).sloCommand(),
  slack: async () => (await import("./slack-command.js")).slackCommand(),
  backtest: async () => (await import("./backtest-command.js")).backtestCommand(),
};
const asked = process.argv[2] ?? "";
const isVersion = ["-V", "--version"].includes(asked);
const loaded = isVersion ? [] : Object.hasOwn(commands, asked) ? [asked] : Object.keys(commands);

const program = new Command("meshlens")
  .description("One GraphQL query per mesh service: metrics, traces and logs from the backends you already run.")
  .version(packageVersion(), "-V, --version", "print the version")
  .helpOption("-h, --help", "print help")
  .showHelpAfterError("(meshlens --help says more)")
  .addHelpText(
    "after",
    [
      "",
      "Begin with a file meshlens.yaml that names your backends (docs/reference/configuration.md), then",
      "  meshlens check --config meshlens.yaml     see that they answer",
      "  meshlens serve --config meshlens.yaml     http://127.0.0.1:4000/graphiql",
    ].join("\n"),
  );
for (const name of loaded) {
  const command = await commands[name]?.();
  if (command !== undefined) program.addCommand(command);
}
for (const command of [program, ...program.commands]) command.exitOverride();

// A reader that has enough (`meshlens check | head`) is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
