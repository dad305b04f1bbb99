import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { filesOfPattern } from "../../src/slo/file-pattern.js";
import { formatFinding } from "../../src/slo/finding.js";
import { loadObjectives } from "../../src/slo/load-objectives.js";

let folder: string;

function write(path: string, content: string | Buffer) {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function file(service: string, name = "availability") {
  return `apiVersion: meshlens/v1\nobjectives:\n  - { service: shop/${service}, name: ${name}, availability: 99% }\n`;
}

function load(...patterns: readonly string[]) {
  const { objectives, findings } = loadObjectives(patterns, { folder, environment: {} });
  return { names: objectives.map(({ service }) => service.name), findings: findings.map(formatFinding), objectives };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "meshlens-slo-"));
});

describe("files of objectives", () => {
  test("are named by file, folder or pattern, each read once, in order of their names", () => {
    write("slo/a.yaml", file("a"));
    write("slo/b.yml", file("b"));
    write("slo/.hidden.yaml", file("hidden"));
    write("slo/notes.txt", "no objectives");
    write("teams/x/slo.yaml", file("x"));
    write("teams/y/deep/slo.yaml", file("y"));
    expect(load("slo").names).toEqual(["a", "b"]);
    expect(load("slo/*.yaml", "slo/a.yaml").names).toEqual(["a"]);
    expect(load("slo/?.y*ml").names).toEqual(["a", "b"]);
    expect(load("teams/**/slo.yaml").names).toEqual(["x", "y"]);
    expect(load("**").findings.join()).toContain("notes.txt");
    expect(load("slo/a.yaml").objectives[0]?.origin).toEqual({ kind: "meshlens", file: "slo/a.yaml", line: 3 });
  });

  test("a star fits any run of characters, without running away", () => {
    write(`${"a".repeat(60)}.yaml`, file("a"));
    expect(filesOfPattern(`${"*a".repeat(25)}*b`, folder)).toEqual([]);
    expect(filesOfPattern(`${"*a".repeat(25)}*.yaml`, folder)).toHaveLength(1);
  });

  test("a file that cannot be used is told by name, and the others are read", () => {
    write("good.yaml", file("good"));
    write("binary.yaml", Buffer.from([0xff, 0xfe, 0x00]));
    write("large.yaml", "#".repeat(1_048_577));
    const { names, findings } = load("good.yaml", "binary.yaml", "large.yaml", "missing.yaml", "none/*.yaml");
    expect(names).toEqual(["good"]);
    expect(findings).toEqual([
      "none/*.yaml: error SLO_FILE: no file fits this pattern: mend or remove it",
      "binary.yaml: error SLO_FILE: is not UTF-8 text",
      "large.yaml: error SLO_FILE: is larger than 1 MiB: split it",
      "missing.yaml: error SLO_FILE: does not exist",
    ]);
  });

  test("a name that stands twice, even in another file, is an error at the second place that names the first", () => {
    write("a.yaml", file("cart"));
    write("b.yaml", `# comment\n${file("cart")}`);
    expect(load("*.yaml").findings).toEqual([
      'b.yaml:4:1: error SLO_DUPLICATE: shop/cart has an objective "availability" already (a.yaml:3): give this one a name of its own',
    ]);
  });

  test("the example has no findings", () => {
    const { findings, objectives } = loadObjectives(["examples/slo/*.yaml"], {
      folder: process.cwd(),
      environment: {},
    });
    expect(findings).toEqual([]);
    expect(objectives.length).toBeGreaterThan(5);
  });
});
