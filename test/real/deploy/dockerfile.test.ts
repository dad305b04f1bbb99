import { spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type BuiltImage, buildImage } from "../../support/deploy/build-image.js";
import { readDockerfile } from "../../support/deploy/dockerfile.js";
import { repositoryRoot } from "../../support/repository-root.js";
import { waitUntil } from "../../support/wait-until.js";
import { freePort } from "../backends/free-ports.js";
import { cacheFolder, createInstallCache } from "../backends/install-cache.js";
import { installNode } from "../backends/node-release.js";

const nobody = 65_532;
/** A test that is root takes the image's user; any other one stays who it is. */
const asUser = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
const stopping = new AbortController();
let folder = "";
let image: BuiltImage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-image-"));
  const dockerfile = "deploy/Dockerfile";
  const [first] = readDockerfile(await readFile(join(repositoryRoot, dockerfile), "utf8"));
  const version = /^node:([\d.]+)-/.exec(first?.base ?? "")?.[1] ?? "none";
  const cache = createInstallCache(cacheFolder(process.env), stopping.signal, () => undefined);
  const node = await installNode(cache, version);
  image = await buildImage({ context: repositoryRoot, dockerfile, folder, node });
}, 600_000);

afterAll(async () => {
  stopping.abort();
  await rm(folder, { recursive: true, force: true });
});

function run([program = "", ...args]: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(program, args, {
    cwd: image.workingFolder,
    env: { ...image.environment, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...asUser,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  const ended = once(child, "close").then(([code]) => Number(code));
  return { child, ended, text: () => text };
}

describe("the steps of deploy/Dockerfile, run in a clean folder", () => {
  test("leave what the server needs and none of what only development does", async () => {
    const modules = await readdir(join(image.workingFolder, "node_modules"));
    expect(modules).toEqual(expect.arrayContaining(["fastify", "mercurius", "libsql"]));
    expect(modules.filter((name) => /^(typescript|jest|@biomejs|graphiql|react)$/.test(name))).toEqual([]);
    expect((await readdir(image.workingFolder)).sort()).toEqual(
      [
        ".npmrc",
        "LICENSE",
        "dashboards",
        "dist",
        "examples",
        "node_modules",
        "package-lock.json",
        "package.json",
        "schema",
      ].sort(),
    );
    expect(await readdir(join(image.workingFolder, "dashboards"))).not.toContain("src");
  });

  test("start as the image's user, answer, are found healthy, write only into the store's folder and end on SIGTERM", async () => {
    const port = await freePort();
    const data = join(folder, "data");
    await mkdir(data);
    if (asUser.uid !== undefined) await chown(data, nobody, nobody);
    await mkdir(join(image.root, "etc/meshlens"), { recursive: true });
    const slo = "slo: { defaults: { availability: { target: 0.999 } } }";
    await writeFile(
      join(image.root, "etc/meshlens/meshlens.yaml"),
      `server: { port: ${port} }\n${slo}\nstore: { url: "file:${data}/meshlens.db" }\n`,
    );
    const before = await readdir(image.root, { recursive: true });
    const health = { MESHLENS_HEALTH_URL: `http://127.0.0.1:${port}/healthz` };
    expect(await run(image.healthcheck, health).ended).toBe(1);

    const server = run([...image.entrypoint, ...image.command]);
    const hopeless = () => (server.child.exitCode === null ? null : `it ended: ${server.text()}`);
    const isHealthy = async () => (await run(image.healthcheck, health).ended) === 0;
    await waitUntil("the image to be healthy", isHealthy, { limitMs: 60_000, hopeless });
    const page = await fetch(`http://127.0.0.1:${port}/graphiql/start.js`);
    expect(await page.text()).toContain("query ServicePage");
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ query: "{ sources { name } }" });
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, { method: "POST", headers, body });
    expect(await answer.json()).toMatchObject({ data: { sources: [] } });

    server.child.kill("SIGTERM");
    expect([await server.ended, server.text()]).toEqual([0, expect.any(String)]);
    expect(await readdir(data)).toContain("meshlens.db");
    expect(await readdir(image.root, { recursive: true })).toEqual(before);
  });

  test("say how to use it", async () => {
    const said = run([...image.entrypoint, "--help"]);
    expect([await said.ended, said.text()]).toEqual([0, expect.stringContaining("meshlens check")]);
  });
});
