import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { repositoryRoot } from "../../support/repository-root.js";
import { installComposeParser } from "../backends/compose-parser.js";
import { cacheFolder, createInstallCache } from "../backends/install-cache.js";
import { promtools } from "../backends/prometheus.js";
import { runCommand } from "../backends/run-command.js";

const stopping = new AbortController();
const cache = createInstallCache(cacheFolder(process.env), stopping.signal, () => undefined);
const deploy = join(repositoryRoot, "deploy");
const remedy = "Mend the file.";
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-examples-"));
});

afterAll(async () => {
  stopping.abort();
  await rm(folder, { recursive: true, force: true });
});

describe("the compose files", () => {
  let parser = "";
  beforeAll(async () => {
    parser = await installComposeParser(cache);
  }, 300_000);

  test.each(["compose/compose.yaml", "compose.test.yaml"])(
    "%s is what the specification's parser takes",
    async (name) => {
      const said = await runCommand(parser, ["--format", "json", join(deploy, name)], { remedy });
      const { services } = JSON.parse(said) as { services: Record<string, { image: string }> };
      expect(Object.keys(services).length).toBeGreaterThan(5);
    },
  );

  test("and it refuses a key that is none", async () => {
    const file = join(folder, "compose.yaml");
    await writeFile(file, "services: { a: { image: 'a:1', prots: [] } }\n");
    await expect(runCommand(parser, [file], { remedy })).rejects.toThrow(/prots/);
  });
});

/** promtool of Debian is built without discovery, as ours is: what is discovered is left to the API server's names. */
function withoutDiscovery(text: string): string {
  const config = parse(text) as { scrape_configs: Record<string, unknown>[] };
  const jobs = config.scrape_configs.map(({ kubernetes_sd_configs: found, ...job }) => {
    if (found !== undefined) expect(found).toEqual([{ role: "pod" }]);
    return found === undefined ? job : { ...job, static_configs: [{ targets: ["127.0.0.1:1"] }] };
  });
  return stringify({ ...config, scrape_configs: jobs });
}

describe.each(Object.entries(promtools))("promtool %s", (version, install) => {
  let promtool = "";
  beforeAll(async () => {
    promtool = await install(cache);
  }, 300_000);
  const run = (...args: readonly string[]) => runCommand(promtool, args, { cwd: folder, remedy });

  test("finds that each alert about Meshlens fires when it should, and none in a healthy run", async () => {
    const said = await run("test", "rules", join(deploy, "prometheus/meshlens-alerts.test.yaml"));
    expect(said).toContain("SUCCESS");
  });

  test("takes the configuration of the example and of the compose file, with their rules", async () => {
    const place = join(folder, version);
    await cp(join(deploy, "prometheus"), join(place, "deploy/prometheus"), { recursive: true });
    await cp(join(repositoryRoot, "dashboards/rules"), join(place, "dashboards/rules"), { recursive: true });
    const example = join(place, "deploy/prometheus/prometheus.yml");
    const text = await readFile(example, "utf8");
    await writeFile(example, withoutDiscovery(text).replace("/etc/prometheus/secrets/meshlens-token", "token"));
    await writeFile(join(place, "deploy/prometheus/token"), "token");
    expect(await run("check", "config", example)).toMatch(/SUCCESS.*3 rule files found/);

    const rules = join(place, "rules");
    await cp(join(place, "dashboards/rules"), join(rules, "mesh"), { recursive: true });
    await cp(join(deploy, "prometheus/meshlens-alerts.yaml"), join(rules, "meshlens-alerts.yaml"));
    const compose = join(place, "compose.yml");
    const composed = await readFile(join(deploy, "compose/prometheus.yml"), "utf8");
    await writeFile(compose, composed.replaceAll("/etc/prometheus/rules", rules));
    expect(await run("check", "config", compose)).toMatch(/SUCCESS.*3 rule files found/);
    expect((await readdir(join(rules, "mesh"))).length).toBe(2);
  });
});
