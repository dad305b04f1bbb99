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
const cases = ruledCases().map((one) => [one.objective.service.name, one] as const);
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-rules-"));
});

afterAll(async () => {
  stopping.abort();
  await rm(folder, { recursive: true, force: true });
});

describe.each(Object.entries(promtools))(
  "the rules of an objective, evaluated by Prometheus %s",
  (version, install) => {
    let promtool = "";

    beforeAll(async () => {
      promtool = await install(createInstallCache(cacheFolder(process.env), stopping.signal, () => undefined));
    }, 300_000);

    test.each(cases)(
      "%s: page within two steps of the arithmetic",
      async (name, one) => {
        const rulesName = `${version}-${name}.rules.yaml`;
        const { rules, test: testFile } = ruleTest([one], rulesName);
        await writeFile(join(folder, rulesName), rules);
        await writeFile(join(folder, `${version}-${name}.yaml`), testFile);
        const said = await runCommand(promtool, ["test", "rules", `${version}-${name}.yaml`], { cwd: folder, remedy });
        expect(said).toContain("SUCCESS");
      },
      60_000,
    );
  },
);
