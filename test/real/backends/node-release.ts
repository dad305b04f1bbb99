/** A Node of a given release, which the npm registry carries as a package, for what must run on another one than this. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { InstallCache } from "./install-cache.js";
import { runCommand } from "./run-command.js";

/** Its folder: `bin/node` is in it, and npm of this machine runs on it when `bin` is first in PATH. */
export function installNode(cache: InstallCache, version: string): Promise<string> {
  return cache.entry(`node-${version}`, async (folder) => {
    const name = `node-${process.platform}-${process.arch}`;
    await runCommand(
      "npm",
      ["install", "--silent", "--no-save", "--ignore-scripts", "--prefix", folder, `${name}@${version}`],
      { cwd: folder, remedy: "Check that npm can reach its registry, then run again." },
    );
    await rename(join(folder, "node_modules", name, "bin"), join(folder, "bin"));
  });
}
