/** What all commands share: exit codes, where text goes, and how an error is told. No stack trace reaches a user. */
import { isMeshlensError, MeshlensError } from "../errors.js";

/** 0 ok, 1 failed, 2 wrong use (arguments, configuration). */
export type ExitCode = 0 | 1 | 2;

/** A fault of how the command was called. */
export class UsageError extends Error {}

/** Runs a command and sets the exit code of the process; errors become one readable text on standard error. */
export async function runCommand(command: () => Promise<ExitCode>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.stderr.write(`meshlens: ${describe(error)}\n`);
    process.exitCode = isWrongUse(error) ? 2 : 1;
  }
}

function isWrongUse(error: unknown): boolean {
  return error instanceof UsageError || (isMeshlensError(error) && error.code === "MESHLENS_ERR_CONFIG_INVALID");
}

function describe(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof MeshlensError) {
    return error.code === "MESHLENS_ERR_CONFIG_INVALID"
      ? `the configuration is not valid\n${error.message}`
      : error.message;
  }
  return `a fault of Meshlens itself: ${error instanceof Error ? error.message : "unknown"}`;
}

/** Text of a backend for a terminal: control characters, which could move the cursor or colour lines, are shown as "?". */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "?");
}
