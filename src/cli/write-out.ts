/** Where a command's text goes: the file of its option, or standard output. */
import { writeFileSync } from "node:fs";
import { errorWord } from "../config/source-connection.js";
import { UsageError } from "./command-line.js";

/** Writes it; `option` is named when that fails. @throws UsageError for a file that cannot be written */
export function writeOut(content: string | Uint8Array, file: string | undefined, option = "--out"): void {
  if (file === undefined) {
    process.stdout.write(content);
    return;
  }
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new UsageError(
      `${option} ${file} cannot be written (${errorWord(error)}): name a file in a folder that exists`,
    );
  }
}
