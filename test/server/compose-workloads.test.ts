import { expect, test } from "@jest/globals";
import { loadConfig } from "../../src/config/load-config.js";
import { composeOver } from "../../src/server/compose.js";
import { probeSources } from "../../src/server/probe-sources.js";
import { createMemoryWorkloadSource } from "../../src/sources/memory/memory-workload-source.js";
import { kubeNowMs } from "../support/kube-objects.js";
import { writeConfig } from "../support/start-configured.js";

test("a source of workloads that is plugged in is listed and tried like the others, and closed with them", async () => {
  const clock = { nowMs: () => kubeNowMs };
  const config = { name: "kube", cluster: "east", maxAgeMs: 1_000, maxChanges: 10 };
  const source = createMemoryWorkloadSource({ config, clock });
  const plugged = { metricSources: [], traceSources: [], logSources: [], workloadSources: [source] };
  const composition = await composeOver(loadConfig(writeConfig("server: {}\n"), {}), clock, plugged);
  expect(composition.mesh.sources).toEqual([{ name: "kube", kind: "kubernetes" }]);
  expect(await probeSources(composition.sources, { clock, timeoutMs: 1_000 })).toMatchObject([
    { name: "kube", kind: "kubernetes", cluster: "east", state: "OK" },
  ]);
  await composition.close();
  expect(await probeSources([source], { clock, timeoutMs: 1_000 })).toMatchObject([{ state: "TIMEOUT" }]);
});
