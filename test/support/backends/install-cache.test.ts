import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { cacheFolder, createInstallCache } from "../../real/backends/install-cache.js";

const never = new AbortController().signal;
let root: string;
let said: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "meshlens-cache-"));
  said = [];
});

afterEach(() => rm(root, { recursive: true }));

function cache() {
  return createInstallCache(root, never, (line) => said.push(line));
}

const build = (folder: string) => writeFile(join(folder, "program"), "built");

describe("the cache of installed backends", () => {
  test("an entry is built once, said with its seconds, and found by the next run", async () => {
    const folder = await cache().entry("zipkin-1", build);
    const again = await cache().entry("zipkin-1", async () => {
      throw new Error("built twice");
    });
    expect(again).toBe(folder);
    expect(await readFile(join(folder, "program"), "utf8")).toBe("built");
    expect(said).toEqual([expect.stringMatching(/^installed zipkin-1 in \d+\.\d s$/)]);
  });

  test("a build that fails leaves nothing, so that the next run builds again", async () => {
    const failing = async (folder: string) => {
      await build(folder);
      throw new Error("no network");
    };
    await expect(cache().entry("zipkin-1", failing)).rejects.toThrow("no network");
    expect(await readdir(root)).toEqual([]);
    expect(existsSync(await cache().entry("zipkin-1", build))).toBe(true);
  });

  test("what a killed run left half-built is removed, what a live run is building is kept", async () => {
    const noProcess = 2 ** 22 + 1; // above the highest pid Linux gives
    await mkdir(join(root, `.building-${noProcess}-jaeger-1`));
    await mkdir(join(root, `.building-${process.ppid}-jaeger-1`));
    await cache().entry("zipkin-1", build);
    expect((await readdir(root)).sort()).toEqual([`.building-${process.ppid}-jaeger-1`, "zipkin-1"]);
  });

  test("when two runs build the same entry at once, both get it whole", async () => {
    const other = async (folder: string) => {
      await mkdir(join(root, "zipkin-1"));
      await writeFile(join(root, "zipkin-1", "program"), "by the other run");
      await build(folder);
    };
    const folder = await cache().entry("zipkin-1", other);
    expect(await readFile(join(folder, "program"), "utf8")).toBe("by the other run");
    expect(await readdir(root)).toEqual(["zipkin-1"]);
  });

  test("its place can be chosen by the environment", () => {
    expect(cacheFolder({ MESHLENS_BACKENDS_CACHE: "/data/cache" })).toBe("/data/cache");
    expect(cacheFolder({})).toMatch(/\.cache\/meshlens\/backends$/);
  });
});
