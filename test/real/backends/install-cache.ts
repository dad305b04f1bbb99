/** The cache of installed backends: one entry per backend and version, outside the repository, complete or absent. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isAlive } from "./server-process.js";

/** Makes entries of the cache. */
export interface InstallCache {
  /** Fires when the run is stopped: builds end, and nothing half-made is left. */
  readonly signal: AbortSignal;
  /**
   * The folder of an entry, built first when it is missing.
   * `build` fills a folder of its own, which takes the entry's name only when it returns: a run killed in between leaves no entry.
   */
  entry(key: string, build: (folder: string) => Promise<void>): Promise<string>;
}

/** `$MESHLENS_BACKENDS_CACHE`, else `~/.cache/meshlens/backends`. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  return environment["MESHLENS_BACKENDS_CACHE"] || join(homedir(), ".cache", "meshlens", "backends");
}

/** A cache in a folder; `say` gets one line for each entry that had to be built. */
export function createInstallCache(root: string, signal: AbortSignal, say: (line: string) => void): InstallCache {
  return {
    signal,
    async entry(key, build) {
      const folder = join(root, key);
      if (existsSync(folder)) return folder;
      const startedMs = performance.now();
      const building = join(root, `.building-${process.pid}-${key}`);
      await removeAbandoned(root);
      await mkdir(building, { recursive: true });
      try {
        await build(building);
        await publish(building, folder);
      } finally {
        await rm(building, { recursive: true, force: true });
      }
      say(`installed ${key} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      return folder;
    },
  };
}

/** Two runs may build the same entry at once: the second finds it there and its own copy is dropped. */
async function publish(building: string, folder: string): Promise<void> {
  try {
    await rename(building, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** Removes what runs that were killed left half-built; builds of live processes are kept. */
async function removeAbandoned(root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const name of await readdir(root)) {
    const pid = /^\.building-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(root, name), { recursive: true, force: true });
  }
}
