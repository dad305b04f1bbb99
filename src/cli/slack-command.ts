/** `meshlens slack test` and `meshlens slack preview`: whether alerts can arrive, and what they look like. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { Command } from "commander";
import { slackAccess } from "../config/slack-settings.js";
import { type PreviewMessage, previewHtml } from "../slack/preview/preview-html.js";
import type { SlackTrial } from "../slack/try-slack.js";
import { systemClock } from "../telemetry/clock.js";
import { type ExitCode, printable, runCommand, UsageError } from "./command-line.js";
import { loadForCommand } from "./load.js";

/** The command for main.ts. */
export function slackCommand(): Command {
  const slack = new Command("slack").description("Slack: try the configured app, look at messages");
  slack
    .command("test")
    .description("send a sample message and say which scope is missing")
    .option("-c, --config <file>", "configuration (default: meshlens.yaml of this folder)")
    .option("--channel <channel>", "another channel than the configured one")
    .option("--json", "print JSON for programs")
    .addHelpText("after", "\nExit codes: 0 everything works, 1 something does not, 2 wrong use or configuration.")
    .action((options: TestOptions) => runCommand(() => test(options)));
  slack
    .command("preview")
    .description("render messages (JSON with text and blocks) as an HTML page")
    .argument("<file...>", "files with a message each: {text, blocks} or a list of blocks")
    .option("-o, --out <file>", "where to write the page (default: standard output)")
    .action((files: string[], options: { out?: string }) => runCommand(async () => preview(files, options)));
  for (const command of slack.commands) command.exitOverride();
  return slack;
}

interface TestOptions {
  readonly config?: string;
  readonly channel?: string;
  readonly json?: true;
}

async function test(options: TestOptions): Promise<ExitCode> {
  const loaded = loadForCommand(options.config);
  const { slack } = loaded.config;
  if (slack === undefined) throw new UsageError(`${loaded.file} has no slack: section: add its token and channel`);
  // Not before they are needed: the SDK and the renderer would slow the start of every command.
  const [{ createSlackWebApi }, { trySlack }] = await Promise.all([
    import("../slack/web-api.js"),
    import("../slack/try-slack.js"),
  ]);
  const access = slackAccess(slack);
  if (access.kind === "webhook")
    throw new UsageError("a webhook tells nothing of itself: slack test needs slack.token");
  const trial = await trySlack(createSlackWebApi(access), options.channel ?? access.channel, systemClock.nowMs());
  process.stdout.write(options.json === true ? `${JSON.stringify(trial, null, 2)}\n` : trialText(trial));
  return trial.steps.every(({ isOk }) => isOk) ? 0 : 1;
}

function trialText({ steps, canAlert }: SlackTrial): string {
  const lines = steps.flatMap(({ name, isOk, message, without }) => [
    `${isOk ? "ok    " : "FAILED"}  ${name.padEnd(8)}  ${printable(message)}`,
    ...(isOk ? [] : [`                  without it: ${without}`]),
  ]);
  const missing = steps.filter(({ isOk }) => !isOk).length;
  const last = missing === 0 ? "everything works" : canAlert ? "alerts arrive, with less" : "no alert would arrive";
  return `${[...lines, last].join("\n")}\n`;
}

function preview(files: readonly string[], { out }: { readonly out?: string }): ExitCode {
  const html = previewHtml(files.map(readMessage));
  if (out === undefined) process.stdout.write(html);
  else writeFileSync(out, html);
  return 0;
}

function readMessage(file: string): PreviewMessage {
  const title = basename(file);
  const value = parsed(file);
  if (Array.isArray(value)) return { title, text: "", blocks: value };
  if (typeof value === "object" && value !== null && "blocks" in value && Array.isArray(value.blocks)) {
    const text = "text" in value && typeof value.text === "string" ? value.text : "";
    return { title, text, blocks: value.blocks };
  }
  throw new UsageError(`${file} holds no message: it must be {"text": ..., "blocks": [...]} or a list of blocks`);
}

function parsed(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read (${error instanceof Error && "code" in error ? error.code : "unknown"})`,
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`${file} is no JSON`);
  }
}
