/** `meshlens slack test` and `meshlens slack preview`: whether alerts can arrive, and what they look like. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { Command } from "commander";
import { slackAccess } from "../config/slack-settings.js";
import { errorWord } from "../config/source-connection.js";
import { type PreviewMessage, previewHtml } from "../slack/preview/preview-html.js";
import type { SlackTrial } from "../slack/try-slack.js";
import { systemClock } from "../telemetry/clock.js";
import { type ExitCode, printable, runCommand, UsageError } from "./command-line.js";
import { loadForCommand } from "./load.js";
import { writeOut } from "./write-out.js";

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
    .description("render messages as an HTML page, with their charts")
    .argument(
      "<id|file...>",
      "an incident's id (at the foot of its message), or files: {text, blocks} or a list of blocks",
    )
    .option(
      "-c, --config <file>",
      "configuration whose store knows the incident (default: meshlens.yaml of this folder)",
    )
    .option("-o, --out <file>", "where to write the page (default: standard output)")
    .option("--png <file>", "where to write the incident's newest chart")
    .action((given: string[], options: PreviewOptions) => runCommand(() => preview(given, options)));
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

interface PreviewOptions {
  readonly config?: string;
  readonly out?: string;
  readonly png?: string;
}

async function preview(given: readonly string[], { config, out, png }: PreviewOptions): Promise<ExitCode> {
  const messages: PreviewMessage[] = [];
  for (const one of given) {
    if (existsSync(one) || !/^[\w-]{1,140}$/.test(one)) messages.push(readMessage(one));
    else {
      const { previewIncident } = await import("../server/preview-incident.js");
      messages.push(...(await previewIncident(loadForCommand(config), one)));
    }
  }
  if (png !== undefined) {
    const picture = messages.findLast((message) => message.picture !== undefined)?.picture;
    if (picture === undefined) throw new UsageError("there is no chart for --png: name an incident that has one");
    writeOut(picture.png, png, "--png");
  }
  const html = previewHtml(messages);
  writeOut(html, out);
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
    throw new UsageError(`${file} cannot be read (${errorWord(error)})`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`${file} is no JSON`);
  }
}
