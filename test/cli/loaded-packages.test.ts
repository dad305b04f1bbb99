import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";

const main = pathToFileURL(join(import.meta.dirname, "../../src/cli/main.js")).href;
const script = `
  import { createRequire } from "node:module";
  process.argv.push("meshlens", "--version");
  await import(${JSON.stringify(main)});
  const names = Object.keys(createRequire(${JSON.stringify(main)}).cache).map((file) => /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1]);
  console.log(JSON.stringify([...new Set(names)]));
`;

test("a start reads the clients of Elasticsearch and of databases only when one is configured: their memory is for those who use them", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  const loaded = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as readonly string[];
  expect(loaded).toContain("fastify");
  expect(loaded).not.toEqual(expect.arrayContaining(["@elastic/elasticsearch"]));
  expect(loaded.filter((name) => /^(undici|libsql|kysely|pg|@slack\/web-api)$/.test(name))).toEqual([]);
});
