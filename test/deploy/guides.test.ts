import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { commandsOf, guideBlocks, guideNames, guidesFolder, optionsOf } from "../support/deploy/guides.js";
import { repositoryRoot } from "../support/repository-root.js";
import { runCommandLine } from "../support/run-command.js";

const read = (path: string) => readFileSync(join(repositoryRoot, path), "utf8");
const commands = guideBlocks().flatMap((block) => commandsOf(block).map((words) => ({ guide: block.guide, words })));

describe("the guides", () => {
  test.each(guideNames())("%s leads to files that are there", (name) => {
    const text = readFileSync(join(guidesFolder, name), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = ""]) => path);
    for (const path of links) expect([path, existsSync(resolve(guidesFolder, path))]).toEqual([path, true]);
  });

  test("use only programs that are known to the test that runs them", () => {
    const known = "kubectl helm docker meshlens mkdir cp cat curl pg_dump psql".split(" ");
    expect(commands.length).toBeGreaterThan(20);
    for (const { guide, words } of commands)
      expect([guide, known]).toEqual([guide, expect.arrayContaining([words[0]])]);
  });

  const own = commands.filter(({ words }) => words[0] === "meshlens").map(({ words }) => words);
  test.each([...new Set(own.map((words) => words.join(" ")))])("%s has the options it names", async (line) => {
    const words = line.split(" ").slice(1);
    const named = words.slice(0, words[0] === "slo" || words[0] === "slack" ? 2 : 1);
    const { code, stdout } = await runCommandLine([...named, "--help"]);
    expect(code).toBe(0);
    for (const option of optionsOf(words)) expect(stdout).toContain(option);
  });
});

describe("Istio's settings", () => {
  const meshConfig = read("deploy/istio/mesh-config.yaml");

  test("write every key of a line that Meshlens reads, and the trace", async () => {
    const { accessLogKeys } = await import("../../src/telemetry/access-log-line.js");
    for (const key of [...accessLogKeys, "trace_id"]) expect(meshConfig).toContain(`            ${key}: "%`);
  });

  test("ask for a call's length by the name that Envoy has: any other is not there, and slow calls would have no line", () => {
    expect(read("deploy/istio/telemetry.yaml")).toContain("request.duration > duration('1s')");
  });

  test("switch on the providers they define", () => {
    const defined = [...meshConfig.matchAll(/- name: (\S+)/g)].map(([, name]) => name);
    const switchedOn = [...read("deploy/istio/telemetry.yaml").matchAll(/- name: (\S+)/g)].map(([, name]) => name);
    expect(switchedOn).toEqual(defined);
  });
});
