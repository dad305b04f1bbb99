import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { runCommandLine } from "../support/run-command.js";

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "meshlens-slo-"));
  const begin = "apiVersion: meshlens/v1\nnamespace: shop\nobjectives:\n";
  writeFileSync(join(cwd, "good.yaml"), `${begin}  - { service: cart, availability: 99.9% }\n`);
  writeFileSync(join(cwd, "tight.yaml"), `${begin}  - { service: web, availability: 90% }\n`);
  writeFileSync(join(cwd, "bad.yaml"), `${begin}  - { service: pay, availability: 100% }\n`);
});

describe("meshlens slo lint", () => {
  test("warnings leave exit code 0, with file, line, column and a summary", async () => {
    const { code, stdout } = await runCommandLine(["slo", "lint", "good.yaml", "tight.yaml"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^tight\.yaml:4:5: warning SLO_TIER_UNREACHABLE: objectives\[0\]: .*\n2 objectives, 0 errors, 1 warning\n$/,
    );
  });

  test("errors are exit code 1", async () => {
    const { code, stdout } = await runCommandLine(["slo", "lint", "*.yaml"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain("bad.yaml:4:21: error SLO_TARGET: objectives[0].availability: ");
    expect(stdout).toMatch(/\n2 objectives, 1 error, 1 warning\n$/);
  });

  test("--json is for programs", async () => {
    const { code, stdout } = await runCommandLine(["slo", "lint", "--json", "bad.yaml"], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      objectiveCount: 0,
      findings: [expect.objectContaining({ level: "error", code: "SLO_TARGET", file: "bad.yaml", line: 4 })],
    });
  });

  test("--config refuses what the configured mesh cannot tell, and asks its sources for the rest", async () => {
    // A Prometheus that has nothing.
    const asked: string[] = [];
    const server = createServer(({ url = "" }, response) => {
      asked.push(url);
      const data = url.includes("/query")
        ? { resultType: url.includes("_range") ? "matrix" : "vector", result: [] }
        : [];
      response.setHeader("content-type", "application/json").end(JSON.stringify({ status: "success", data }));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const source = `{ name: prometheus, kind: prometheus, url: "http://127.0.0.1:${port}" }`;
    writeFileSync(join(cwd, "meshlens.yaml"), `sources: [${source}]\nmesh: { dialect: linkerd }\n`);
    const entries = "[{ service: cart, availability: 99%, version: v2 }, { service: web, connections: 99% }]";
    writeFileSync(join(cwd, "slo.yaml"), `apiVersion: meshlens/v1\nnamespace: shop\nobjectives: ${entries}\n`);
    const { code, stdout } = await runCommandLine(["slo", "lint", "slo.yaml", "--config", "meshlens.yaml"], { cwd });
    await new Promise((closed) => server.close(closed));
    expect(stdout).toContain("error SLO_SCOPE: version: linkerd's metrics name no versions: leave it out");
    expect(stdout).toMatch(/warning SLO_DATA_NONE: shop\/web .*\n2 objectives, 1 error, 2 warnings\n$/);
    expect([code, asked.length > 0]).toEqual([1, true]);
  });
});

describe("standard input and folders", () => {
  const begin = "apiVersion: meshlens/v1\nnamespace: shop\nobjectives:\n";

  test("- reads standard input, beside files, and is called stdin", async () => {
    const input = `${begin}  - { service: pay, availability: 100% }\n`;
    const { code, stdout } = await runCommandLine(["slo", "lint", "-", "good.yaml"], { cwd, input });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^stdin:4:21: error SLO_TARGET/);
    expect(stdout).toContain("1 objective, 1 error");
  });

  test("rules and convert take it too, and what is piped through comes back", async () => {
    const input = `${begin}  - { service: pay, events: { target: 99%, failed: 'sum(rate(f[{{.window}}]))', total: 'sum(rate(t[{{.window}}]))' } }\n`;
    const converted = await runCommandLine(["slo", "convert", "--to", "sloth", "-"], { cwd, input });
    expect(converted.stdout).toContain("version: prometheus/v1");
    const rules = await runCommandLine(["slo", "rules", "-"], { cwd, input: converted.stdout });
    expect(rules.code).toBe(0);
    expect(rules.stdout).toContain("slo:sli_total:count30s");
  });

  test("too much, binary and nothing are told, not read on", async () => {
    const much = await runCommandLine(["slo", "lint", "-"], { cwd, input: "a: b\n".repeat(215_000) });
    expect(much.stdout).toContain("stdin: error SLO_FILE: is larger than 1 MiB: split it");
    const binary = await runCommandLine(["slo", "lint", "-"], { cwd, input: "\u0000\u0001\u0002" });
    expect([binary.code, binary.stdout.includes("stdin:")]).toEqual([1, true]);
    const nothing = await runCommandLine(["slo", "lint", "-"], { cwd, input: "" });
    expect(nothing.stdout).toContain("stdin:1:1: error SLO_FORM: the document has no apiVersion");
  });

  test("a folder means its files", async () => {
    expect((await runCommandLine(["slo", "lint", "."], { cwd })).stdout).toContain("2 objectives, 1 error, 1 warning");
  });
});

describe("meshlens slo explain", () => {
  test("prints thresholds, events needed and when an outage fires and is over", async () => {
    const { code, stdout } = await runCommandLine(["slo", "explain", "good.yaml", "--share", "10%"], { cwd });
    expect(code).toBe(0);
    const [head, place, budget, hold, headings, quick] = stdout.split("\n");
    expect(head).toBe("shop/cart availability: 99.9 % of calls do not fail, over the last 30d");
    expect(place).toBe("  good.yaml:4");
    expect(budget).toContain("0.1 % of the events, as much as 43m12s");
    expect(hold).toBe("  At least 5 failed events; for 1m (page) and 15m (ticket), keep firing 10m and 30m.");
    expect(headings).toMatch(
      /^ {2}SEVERITY +WINDOWS +BURN +ERRORS +BUDGET +EVENTS +FIRES AT 100 % +OVER AFTER +FIRES AT 10 % +OVER AFTER$/,
    );
    expect(quick).toMatch(/^ {2}PAGE +1h\/5m +14\.4 +1\.44 % +2 % +348 +1m52s +14m56s +9m38s +14m17s$/);
  });

  test("says of a ratio how its windows are had, and names no events for it", async () => {
    const ratio = (query: string) =>
      `  - { service: web, name: r${query.length}, ratio: { target: 99%, failed: "${query}" } }\n`;
    const begin = "apiVersion: meshlens/v1\nnamespace: shop\nobjectives:\n";
    writeFileSync(join(cwd, "asked.yaml"), begin + ratio("max_over_time(errors[5m])"));
    writeFileSync(join(cwd, "stepped.yaml"), begin + ratio("job:errors:ratio"));
    const { code, stdout } = await runCommandLine(["slo", "explain", "asked.yaml", "stepped.yaml"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Each window is asked as a whole, long ones rarely\. The sources must answer PromQL/);
    expect(stdout).toMatch(/Asked every 30 s; a window is the mean of its values/);
    expect(stdout.match(/No minimum of failed events; for 1m/g)).toHaveLength(2);
    expect(stdout).toMatch(/PAGE +1h\/5m +14\.4 +14\.4 % +2 % +- /);
  });

  test("--json has the same in ms and ratios; files with errors are told beside it, with exit code 1", async () => {
    const { code, stdout, stderr } = await runCommandLine(["slo", "explain", "--json", "good.yaml", "bad.yaml"], {
      cwd,
    });
    expect(code).toBe(1);
    expect(stderr).toContain("bad.yaml:4:21: error SLO_TARGET");
    const [explained] = JSON.parse(stdout);
    expect(explained).toMatchObject({ name: "availability", sli: "AVAILABILITY", target: 0.999, budgetRatio: 0.001 });
    expect(explained.tiers[0]).toMatchObject({ name: "1h/5m", errorRatio: 0.0144, loneFailureBelow: 70 });
    expect(explained.tiers[0].outages[0]).toMatchObject({ share: 1, detectMs: 51_840, fireMs: 111_840 });
  });

  test.each([[["slo"]], [["slo", "explain"]], [["slo", "lint"]], [["slo", "explain", "good.yaml", "--share", "0"]]])(
    "wrong use is exit code 2: %j",
    async (args) => {
      const { code, stdout, stderr } = await runCommandLine(args, { cwd });
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr.length).toBeGreaterThan(20);
    },
  );
});
