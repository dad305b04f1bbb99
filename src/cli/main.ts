#!/usr/bin/env node
/** The command line: one file per command, wired up here. */
import { Command, CommanderError } from "commander";
import { packageVersion } from "../server/package-facts.js";
import { backtestCommand } from "./backtest-command.js";
import { checkCommand } from "./check-command.js";
import { dashboardsCommand } from "./dashboards-command.js";
import { demoCommand } from "./demo-command.js";
import { queryCommand } from "./query-command.js";
import { serveCommand } from "./serve-command.js";
import { slackCommand } from "./slack-command.js";
import { sloCommand } from "./slo-command.js";

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
for (const command of [
  serveCommand(),
  demoCommand(),
  checkCommand(),
  queryCommand(),
  dashboardsCommand(),
  sloCommand(),
  slackCommand(),
  backtestCommand(),
])
  program.addCommand(command);
for (const command of [program, ...program.commands]) command.exitOverride();

// A reader that has enough (`meshlens check | head`) is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
