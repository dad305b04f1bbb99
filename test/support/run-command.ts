/** Runs the compiled command line as users do: a process of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "./repository-root.js";

/** What a finished command left behind. */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A started command; `output` grows while it runs. */
export interface StartedCommand {
  readonly pid: number;
  output(): { readonly stdout: string; readonly stderr: string };
  kill(signal: NodeJS.Signals): void;
  readonly finished: Promise<CommandResult>;
}

/** Starts `meshlens` with arguments in an empty folder (or `cwd`), with nothing of the test's environment but PATH. */
export function startCommand(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): StartedCommand {
  const child = spawn(process.execPath, [join(repositoryRoot, "dist/src/cli/main.js"), ...args], {
    cwd: options.cwd ?? mkdtempSync(join(tmpdir(), "meshlens-cli-")),
    env: { PATH: process.env["PATH"] ?? "", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdin.end(options.input ?? "");
  const finished = new Promise<CommandResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    pid: child.pid ?? 0,
    output: () => ({ stdout, stderr }),
    kill: (signal) => void child.kill(signal),
    finished,
  };
}

/** Runs a command to its end. */
export function runCommandLine(...args: Parameters<typeof startCommand>): Promise<CommandResult> {
  return startCommand(...args).finished;
}
