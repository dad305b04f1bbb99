/** Runs the tools an installation needs (apt-get, go, mvn, pip, java); their output is shown only when they fail. */
import { spawn } from "node:child_process";

/** How to run a command. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the reader can do when the command fails, as a sentence. */
  readonly remedy: string;
  /** Ends the command when it fires. */
  readonly signal?: AbortSignal;
}

const keptOutputCharacters = 4000;

/**
 * Standard output of a command that ended with code 0.
 * @throws Error with the command, its code, the end of its output and the remedy
 */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const line = [command, ...args].join(" ");
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.signal ? { signal: options.signal } : {}),
    });
    let stdout = "";
    let tail = "";
    const keep = (chunk: string) => {
      tail = (tail + chunk).slice(-keptOutputCharacters);
    };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      keep(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", (cause) => reject(new Error(`\`${line}\` could not run (${cause.message}). ${options.remedy}`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`\`${line}\` ended with ${code ?? signal}. ${options.remedy}\n${tail.trim()}`));
    });
  });
}
