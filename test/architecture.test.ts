/** The import rules of .dependency-cruiser.cjs hold, and would be noticed if they did not bite. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";

interface Verdict {
  readonly summary: {
    readonly violations: ReadonlyArray<{ readonly rule: { readonly name: string }; readonly from: string }>;
    readonly totalCruised: number;
  };
}

const root = resolve(".");
const readFile = (file: string): string => readFileSync(file, "utf8");

/** Runs the checker as `npm run arch` does, in `folder`. */
function cruise(folder: string): Promise<Verdict> {
  const cli = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [cli, "src", "--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json"];
  return new Promise((fulfil, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 }, (error, stdout) => {
      if (stdout === "") reject(error ?? new Error("the checker printed nothing"));
      else fulfil(JSON.parse(stdout) as Verdict);
    });
  });
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
}

describe("the house's import rules", () => {
  const planted = mkdtempSync(join(root, "dist/planted-"));
  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  test("hold for every source file", async () => {
    const { summary } = await cruise(root);
    expect(summary.violations.map((v) => `${v.rule.name}: ${v.from}`)).toEqual([]);
    // With a TypeScript it cannot read the checker finds no module and is content.
    expect(summary.totalCruised).toBeGreaterThanOrEqual(sourceFiles("src").length);
  });

  test("notice a room, a porch, a package and a cycle out of place", async () => {
    const files: Record<string, string> = {
      "errors.ts": "export const e = 1;\n",
      "telemetry/port.ts": 'import { m } from "../mesh/topology.js";\nexport const p = m;\n',
      "mesh/topology.ts": 'import { s } from "../sources/jaeger/jaeger-source.js";\nexport const m = s;\n',
      "mesh/a.ts": 'import { b } from "./b.js";\nexport const a = () => b;\n',
      "mesh/b.ts": 'import { a } from "./a.js";\nexport const b = () => a;\n',
      "mesh/http.ts": 'import axios from "axios";\nexport const h = axios;\n',
      "sources/jaeger/jaeger-source.ts": "export const s = 1;\n",
      "sources/zipkin/zipkin-source.ts":
        'import type { s } from "../jaeger/jaeger-source.js";\nexport type Z = typeof s;\n',
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(planted, "src", name, ".."), { recursive: true });
      writeFileSync(join(planted, "src", name), text);
    }
    writeFileSync(
      join(planted, "tsconfig.json"),
      '{"compilerOptions": {"module": "nodenext", "moduleResolution": "nodenext", "target": "es2023"}}',
    );
    writeFileSync(join(planted, "package.json"), '{"type": "module"}');
    symlinkSync(join(root, "node_modules"), join(planted, "node_modules"));
    const { summary } = await cruise(planted);
    const broken = new Set(summary.violations.map((v) => v.rule.name));
    expect([...broken].sort()).toEqual([
      "no-cycles",
      "package-axios",
      "porches-do-not-touch",
      "room-mesh",
      "room-telemetry",
    ]);
  });
});

describe("the house's habits", () => {
  const lines = (file: string) => readFile(file).split("\n").length;
  const tooLong = (folder: string, cap: number) =>
    sourceFiles(folder)
      .map((name) => join(folder, name))
      .filter((name) => !name.includes("generated") && lines(name) > cap);

  test("no source file is longer than 400 lines and no test than 500", () => {
    expect([...tooLong("src", 400), ...tooLong("test", 500)]).toEqual([]);
  });

  test("no folder is called after nothing in particular", () => {
    const folders = readdirSync("src", { recursive: true, encoding: "utf8" });
    expect(folders.filter((name) => /(^|\/)(utils?|helpers?|common|misc|base|index\.ts)$/.test(name))).toEqual([]);
  });

  test("only the composition root and the clock itself read the time", () => {
    const allowed = /^(telemetry\/clock\.ts|server\/|cli\/)/;
    const readers = sourceFiles("src").filter(
      (name) => !allowed.test(name) && /Date\.now\(\)|new Date\(\)/.test(readFile(join("src", name))),
    );
    expect(readers).toEqual([]);
  });
});
