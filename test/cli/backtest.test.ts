import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { runCommandLine, startCommand } from "../support/run-command.js";
import { waitUntil } from "../support/wait-until.js";

let cwd: string;
const day = ["--from", "2026-01-28", "--to", "2026-01-29", "--out", "out.jsonl"];
const sources = (url: string) => `sources: [{ name: metrics, kind: prometheus, url: "${url}" }]\n`;
const slo = 'slo: { files: ["slo.yaml"] }\n';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "meshlens-backtest-"));
  const objective = "  - { service: cart, availability: 99.9% }\n";
  writeFileSync(join(cwd, "slo.yaml"), `apiVersion: meshlens/v1\nnamespace: shop\nobjectives:\n${objective}`);
  writeFileSync(join(cwd, "meshlens.yaml"), sources("http://127.0.0.1:9") + slo);
});

const backtest = (...args: readonly string[]) => runCommandLine(["backtest", ...args], { cwd });

describe("meshlens backtest refuses", () => {
  test.each([
    ["a date that is none", ["--from", "2026-02-30", "--to", "2026-03-01"], '--from "2026-02-30" is no instant'],
    ["a time without its offset", ["--from", "2026-01-28T08:00:00", "--to", "now"], "write it with its offset"],
    ["a range that ends before it begins", ["--from", "2026-01-29", "--to", "2026-01-28"], "must lie before --to"],
    ["a range of the future", ["--from", "2026-01-28", "--to", "2999-01-01"], "lies in the future"],
    ["a step finer than the counts", ["--from", "2026-01-28", "--to", "now", "--step", "10s"], "a multiple of 30s"],
    ["more steps than a life is long", ["--from", "1970-01-01", "--to", "2026-01-01"], "choose a shorter range"],
  ])("%s, with exit code 2 and a remedy", async (_, args, words) => {
    const { code, stderr } = await backtest(...args, "--out", "out.jsonl");
    expect(stderr).toContain(words);
    expect(code).toBe(2);
  });

  test("a file that cannot be written, before anything is asked", async () => {
    const { code, stderr } = await backtest("--from", "2026-01-28", "--to", "2026-01-29", "--out", "no/such/out.jsonl");
    expect(stderr).toContain("--out no/such/out.jsonl cannot be written (ENOENT)");
    expect(code).toBe(2);
  });

  test("objectives with errors, told with file and line", async () => {
    const text = "apiVersion: meshlens/v1\nnamespace: shop\nobjectives:\n  - { service: cart, availability: 100% }\n";
    writeFileSync(join(cwd, "slo.yaml"), text);
    const { code, stderr } = await backtest(...day);
    expect(stderr).toContain("slo.yaml:4:");
    expect(stderr).toContain("the objectives have errors; nothing was asked");
    expect(code).toBe(2);
  });

  test("a configuration without objectives", async () => {
    writeFileSync(join(cwd, "meshlens.yaml"), sources("http://127.0.0.1:9"));
    const { code, stderr } = await backtest(...day);
    expect(stderr).toContain("has no objectives: name files under slo.files");
    expect(code).toBe(2);
  });
});

test("a backend that is down is told with the stretch that could not be counted and what to do, exit code 1", async () => {
  const { code, stderr } = await backtest(...day);
  expect(code).toBe(1);
  expect(stderr).toMatch(/meshlens: The calls between 2026-01-2\S+Z and 2026-01-2\S+Z could not be counted: .*metrics/);
  expect(stderr).toContain("`meshlens check`");
  expect(stderr).not.toContain("at Object");
});

describe("over a backend that has nothing", () => {
  let server: Server;
  let requests = 0;
  let isSilent = false;

  beforeEach(async () => {
    requests = 0;
    isSilent = false;
    server = createServer((_, response) => {
      requests += 1;
      if (isSilent) return;
      response.setHeader("content-type", "application/json");
      response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    writeFileSync(join(cwd, "meshlens.yaml"), sources(`http://127.0.0.1:${port}`) + slo);
  });
  afterEach(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  test("says that there were no calls; exit code 1, an empty file, progress in lines", async () => {
    const { code, stdout, stderr } = await backtest(...day, "--step", "5m");
    expect(stdout).toContain("The sources have no calls of any of them, neither in the range nor before it.");
    expect(stdout).toMatch(/shop\/cart +availability +0 +0 /);
    expect(stderr).toContain("meshlens: backtest 100 %, evaluating, at 2026-01-29T00:00Z");
    expect(readFileSync(join(cwd, "out.jsonl"), "utf8")).toBe("");
    expect(code).toBe(1);
  });

  test("--evidence says that nobody was to blame where nothing fired", async () => {
    const { stdout } = await backtest(...day, "--step", "1h", "--evidence");
    expect(stdout).toContain("Nothing fired: there is nobody to blame.");
    const json = await backtest(...day, "--step", "1h", "--evidence", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ firings: [] });
  });

  test("--json is for programs, and goes beside the transitions where those take standard output", async () => {
    const { stdout, stderr } = await backtest(...day.slice(0, 4), "--out", "-", "--step", "1h", "--json");
    expect(stdout).toBe("");
    expect(JSON.parse(stderr.slice(stderr.indexOf("{")))).toMatchObject({
      isComplete: true,
      evaluationCount: 25,
      transitionCount: 0,
      dataFrom: null,
      objectives: [{ slo: "availability", pages: 0, tickets: 0 }],
    });
  });

  test("Ctrl-C ends it with what was found so far", async () => {
    isSilent = true;
    const command = startCommand(["backtest", ...day], { cwd });
    await waitUntil("the first question", async () => requests > 0);
    command.kill("SIGINT");
    const { code, stdout } = await command.finished;
    expect(stdout).toContain("It was stopped on the way: this is what was found so far.");
    expect(code).toBe(1);
  });
});
