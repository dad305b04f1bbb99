/** Starts and stops one server: in a session of its own, its output in a log file, ended by its pid only. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { waitUntil } from "../../support/wait-until.js";
import type { LaunchPlan } from "./backend.js";

/** A server this process started. */
export interface ServerProcess {
  readonly pid: number;
  readonly logFile: string;
  /** Why it is no longer there; null while it runs. */
  ended(): string | null;
  /** The last lines of its log. */
  logTail(): Promise<string>;
  /** SIGTERM, and SIGKILL after the grace; returns when the process is gone. Harmless when it already is. */
  stop(graceMs: number): Promise<void>;
}

/** Whether a process with this pid exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Spawns a server. Its own session keeps a Ctrl-C of the terminal from it, so that only we end it, in order;
 * `setpriv`, where there is one, has the kernel kill it should this process itself be killed.
 */
export function startServerProcess(plan: LaunchPlan, cwd: string, logFile: string): ServerProcess {
  const guard = existsSync("/usr/bin/setpriv") ? ["/usr/bin/setpriv", "--pdeathsig", "KILL"] : [];
  const [command = plan.command, ...args] = [...guard, plan.command, ...plan.args];
  const log = openSync(logFile, "a");
  const child = spawn(command, args, {
    cwd,
    detached: true,
    env: { ...process.env, ...plan.environment },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let ended: string | null = null;
  child.once("error", (error) => {
    ended = error.message;
  });
  child.once("exit", (code, signal) => {
    ended = code === null ? `signal ${signal}` : `code ${code}`;
  });
  return {
    pid: child.pid ?? -1,
    logFile,
    ended: () => ended,
    logTail: async () => (await readFile(logFile, "utf8")).trimEnd().split("\n").slice(-15).join("\n"),
    stop: (graceMs) => stop(child, graceMs, () => ended !== null),
  };
}

async function stop(child: ChildProcess, graceMs: number, hasEnded: () => boolean): Promise<void> {
  if (hasEnded() || child.pid === undefined) return;
  child.kill("SIGTERM");
  // A server frozen by a fault test (SIGSTOP) cannot act on SIGTERM.
  child.kill("SIGCONT");
  const killer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await waitUntil("the end of a server", async () => hasEnded(), { limitMs: graceMs + 10_000 });
  clearTimeout(killer);
}
