/** pg_dump and psql: those of this machine where it has them of version 15 or newer, else Debian's, unpacked into the cache. */
import { join } from "node:path";
import { unpackPackage } from "./debian-packages.js";
import type { InstallCache } from "./install-cache.js";
import { libraryPackages } from "./postgres.js";
import { runCommand } from "./run-command.js";

const release = 15;

/** What a command line needs to find them. */
export async function installPostgresClient(
  cache: InstallCache,
): Promise<{ readonly environment: Readonly<Record<string, string>> }> {
  if (await isHere()) return { environment: {} };
  const root = await cache.entry(`postgres-client-${release}-debian`, async (folder) => {
    for (const name of [`postgresql-client-${release}`, "libreadline8", ...libraryPackages])
      await unpackPackage(cache, name, folder);
  });
  return {
    environment: {
      PATH: `${join(root, "usr/lib/postgresql", String(release), "bin")}:${process.env["PATH"]}`,
      LD_LIBRARY_PATH: join(root, "usr/lib/x86_64-linux-gnu"),
    },
  };
}

async function isHere(): Promise<boolean> {
  const versions = await Promise.all(
    ["pg_dump", "psql"].map((name) => runCommand(name, ["--version"], { remedy: "" }).catch(() => "")),
  );
  return versions.every((text) => Number(/ (\d+)\./.exec(text)?.[1] ?? 0) >= release);
}
