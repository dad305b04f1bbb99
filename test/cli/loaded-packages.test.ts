import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { writeConfig } from "../support/start-configured.js";

const sourceUrl = (file: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, "../../src", file)).href);

/** Packages of CommonJS that a process has read once `statements` are done. */
async function packagesReadBy(statements: string): Promise<readonly string[]> {
  const script = `
    import { createRequire } from "node:module";
    ${statements}
    const names = Object.keys(createRequire(import.meta.url).cache).map((file) => /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1]);
    console.log(JSON.stringify([...new Set(names)]));
    process.exit(0);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as readonly string[];
}

test("a start reads the clients of Elasticsearch and of databases only when one is configured: their memory is for those who use them", async () => {
  const file = writeConfig("server: { port: 0, logLevel: silent }\n");
  const loaded = await packagesReadBy(`
    const { loadConfig } = await import(${sourceUrl("config/load-config.js")});
    const { startServer } = await import(${sourceUrl("server/start-server.js")});
    await startServer(loadConfig(${JSON.stringify(file)}, {}), { clock: { nowMs: Date.now } });
  `);
  expect(loaded).toContain("fastify");
  const forSome = /^(undici|libsql|kysely|pg|@slack\/web-api|@elastic\/.*|@opentelemetry\/(sdk|otlp|exporter).*)$/;
  expect(loaded.filter((name) => forSome.test(name))).toEqual([]);
});

test("help reads nothing of what commands work with: it is there at once", async () => {
  const loaded = await packagesReadBy(
    `process.argv.push("meshlens", "--help"); await import(${sourceUrl("cli/main.js")});`,
  );
  expect(loaded).toContain("commander");
  expect(loaded.filter((name) => /^(fastify|graphql|mercurius|prom-client|@resvg\/.*)$/.test(name))).toEqual([]);
});
