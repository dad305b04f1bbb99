/** Tools from the Debian archive: installed system-wide where others need them there (Java, Maven), or only unpacked into the cache. */
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { InstallCache } from "./install-cache.js";
import { runCommand } from "./run-command.js";

const remedy =
  "This installer needs Debian 12 (or a relative with the same packages) and root; elsewhere install the tools by hand, or name running servers by MESHLENS_TEST_*_URL.";
const unattended = { DEBIAN_FRONTEND: "noninteractive" };

/** The full path of a tool on PATH; null when there is none. */
export function findTool(name: string): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(existsSync) ?? null;
}

/** Installs the packages of the tools that are missing from PATH; tells apt nothing when none is. */
export async function ensureTools(cache: InstallCache, packageOfTool: Readonly<Record<string, string>>): Promise<void> {
  const missing = Object.entries(packageOfTool).filter(([tool]) => findTool(tool) === null);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  const options = { environment: unattended, remedy, signal: cache.signal };
  await runCommand("apt-get", ["update"], options);
  await runCommand("apt-get", ["install", "-y", "--no-install-recommends", ...packages], options);
}

/**
 * Unpacks a package into a folder without installing it: dpkg runs no scripts, so no service is started
 * and nothing outside the folder changes.
 */
export async function unpackPackage(cache: InstallCache, name: string, folder: string): Promise<void> {
  const download = await mkdtemp(join(tmpdir(), "meshlens-apt-"));
  try {
    const options = { cwd: download, remedy, signal: cache.signal };
    // apt drops its rights to the user _apt for downloads, who may not write here; as root that is only a warning, so say it openly.
    const get = ["-o", "APT::Sandbox::User=root", "download", name];
    await runCommand("apt-get", get, options).catch(async () => {
      await runCommand("apt-get", ["update"], options);
      await runCommand("apt-get", get, options);
    });
    for (const file of await readdir(download)) {
      await runCommand("dpkg-deb", ["-x", join(download, file), folder], options);
    }
  } finally {
    await rm(download, { recursive: true, force: true });
  }
}
