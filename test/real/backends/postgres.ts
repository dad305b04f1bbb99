/** PostgreSQL 15 from the Debian archive, unpacked into the cache with the libraries it needs, on an empty database of its own. */
import { chmod, chown, cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import pg from "pg";
import { addressFrom, type Backend, type LaunchPlan, type PlanLaunch } from "./backend.js";
import { unpackPackage } from "./debian-packages.js";
import { freePort } from "./free-ports.js";
import { runCommand } from "./run-command.js";

const release = "15";
const urlVariable = "MESHLENS_TEST_POSTGRES_URL";

/** What PostgreSQL's programs link beyond Debian's base system. */
export const libraryPackages: readonly string[] = [
  "libpq5",
  "libicu72",
  "libxml2",
  "libldap-2.5-0",
  "libsasl2-2",
  "libgssapi-krb5-2",
  "libkrb5-3",
  "libk5crypto3",
  "libkrb5support0",
  "libkeyutils1",
  "libssl3",
];
const packages = [`postgresql-${release}`, ...libraryPackages];

/** PostgreSQL refuses to run as root; this is Debian's `nobody`. */
const unprivileged = 65_534;

/** The database behind the store in several copies. Its user and password are no secret: it listens on loopback and ends with the suite. */
export const postgres: Backend = {
  name: "postgres",
  release,
  urlVariable,
  named: (environment) => addressFrom(environment, urlVariable),
  install: async (cache) =>
    planLaunch(
      await cache.entry(`postgres-${release}-debian`, async (folder) => {
        for (const name of packages) await unpackPackage(cache, name, folder);
      }),
    ),
  isReady: async ({ url }) => (await ask(url, "select 1")) !== null,
  version: ({ url }) => ask(url, "show server_version"),
  load: async () => "an empty database",
};

/** First value of the first row. */
async function ask(url: string, query: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const { rows } = await client.query({ text: query, rowMode: "array" });
    return String(rows[0]?.[0]);
  } finally {
    await client.end();
  }
}

function planLaunch(root: string): PlanLaunch {
  return async (folder) => {
    const reachable = isRoot() ? await copyForOthers(root, folder) : root;
    const programs = join(reachable, "usr", "lib", "postgresql", release, "bin");
    const environment = { LD_LIBRARY_PATH: join(reachable, "usr", "lib", "x86_64-linux-gnu"), TZ: "UTC" };
    const data = join(folder, "data");
    const password = join(folder, "password");
    await mkdir(data, { mode: 0o700 });
    await writeFile(password, "meshlens\n");
    if (isRoot()) await chown(data, unprivileged, unprivileged);
    const initdb = asNobody(join(programs, "initdb"), [
      `--pgdata=${data}`,
      "--username=meshlens",
      `--pwfile=${password}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C.UTF-8",
      "--no-sync",
    ]);
    await runCommand(initdb.command, initdb.args, {
      environment,
      remedy: `The packages of postgresql-${release} in ${root} do not fit this machine: remove that folder, or name a running server by ${urlVariable}.`,
    });
    const port = await freePort();
    const settings = {
      listen_addresses: "127.0.0.1",
      port,
      unix_socket_directories: "",
      fsync: "off",
      jit: "off",
      shared_buffers: "32MB",
    };
    const set = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    return {
      ...asNobody(join(programs, "postgres"), ["-D", data, ...set]),
      environment,
      address: { url: `postgres://meshlens:meshlens@127.0.0.1:${port}/postgres`, zipkinIngestUrl: null },
    };
  };
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Another user cannot reach a cache in root's home: the programs move to where the data is, and the way there is opened. */
async function copyForOthers(root: string, folder: string): Promise<string> {
  const copy = join(folder, "programs");
  await cp(root, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(dirname(folder), 0o711);
  return copy;
}

/** As root: another user. The signal at our death is asked for again, since changing users clears it. */
function asNobody(command: string, args: readonly string[]): Pick<LaunchPlan, "command" | "args"> {
  if (!isRoot()) return { command, args };
  const user = [`--reuid=${unprivileged}`, `--regid=${unprivileged}`, "--clear-groups", "--pdeathsig=KILL"];
  return { command: "/usr/bin/setpriv", args: [...user, command, ...args] };
}
