/** Debian's Alertmanager on a configuration of a test's own; not one of the suite's shared servers. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LaunchPlan } from "./backend.js";
import { unpackPackage } from "./debian-packages.js";
import { freePort } from "./free-ports.js";
import { fetchText } from "./http-json.js";
import type { InstallCache } from "./install-cache.js";

/** The program, put into the cache where it is missing. */
export async function installAlertmanager(cache: InstallCache): Promise<string> {
  const folder = await cache.entry("alertmanager-debian", (into) =>
    unpackPackage(cache, "prometheus-alertmanager", into),
  );
  return join(folder, "usr", "bin", "prometheus-alertmanager");
}

/** How it is started, again and again on the same folder and port. */
export async function planAlertmanager(program: string, folder: string, configuration: string): Promise<LaunchPlan> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "alertmanager.yml");
  await writeFile(file, configuration);
  const port = await freePort();
  const flags = {
    "config.file": file,
    "storage.path": join(folder, "data"),
    "web.listen-address": `127.0.0.1:${port}`,
    // No cluster of one: it would listen on every address.
    "cluster.listen-address": "",
  };
  return {
    command: program,
    args: Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
    environment: {},
    address: { url: `http://127.0.0.1:${port}`, zipkinIngestUrl: null },
  };
}

/** Whether it takes alerts and tells of them. */
export async function isAlertmanagerReady(url: string): Promise<boolean> {
  return (await fetchText(`${url}/-/ready`)) !== "";
}
