import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ruleTest } from "../support/rule-test-file.js";
import { ruledCases } from "../support/ruled-cases.js";
import { cacheFolder, createInstallCache } from "./backends/install-cache.js";
import { promtools } from "./backends/prometheus.js";
import { runCommand } from "./backends/run-command.js";

const stopping = new AbortController();
const remedy = "The rules do not do what the engine does.";
const versions = Object.entries(promtools);
/** Outages by turns over the versions, which saves a third of the time; every version has all other kinds of traffic. */
const casesOf = (turn: number) =>
  ruledCases()
    .map((one) => [one.objective.service.name, one] as const)
    .filter(([name], index) => !name.startsWith("outage-") || index % versions.length === turn);
/** A sixth of a run is collecting garbage of a heap that stays small. */
const rareCollections = { GOGC: "400" };
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-rules-"));
});

afterAll(async () => {
  stopping.abort();
  await rm(folder, { recursive: true, force: true });
});

describe.each(versions.map(([version, install], turn) => [version, install, casesOf(turn)] as const))(
  "the rules of an objective, evaluated by Prometheus %s",
  (version, install, cases) => {
    let promtool = "";

    beforeAll(async () => {
      promtool = await install(createInstallCache(cacheFolder(process.env), stopping.signal, () => undefined));
    }, 300_000);

    test.each(cases)("%s: page within two steps of the arithmetic", async (name, one) => {
      const rulesName = `${version}-${name}.rules.yaml`;
      const { rules, test: testFile } = ruleTest([one], rulesName);
      await writeFile(join(folder, rulesName), rules);
      await writeFile(join(folder, `${version}-${name}.yaml`), testFile);
      const args = ["test", "rules", `${version}-${name}.yaml`];
      const said = await runCommand(promtool, args, { cwd: folder, remedy, environment: rareCollections });
      expect(said).toContain("SUCCESS");
    });
  },
);
