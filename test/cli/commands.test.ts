import { mkdtempSync, writeFileSync } from "node:fs";
import type http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type FaultServer, startFaultServer, unusedPort } from "../support/fault-server.js";
import { runCommandLine, startCommand } from "../support/run-command.js";
import { askSources, writeConfig } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

let backend: FaultServer;

beforeEach(async () => {
  backend = await startFaultServer();
  backend.behave({
    kind: "handler",
    handle: (request, response) => {
      const isInfo = request.url === "/info";
      response.end(isInfo ? '{"zipkin":{"version":"3.5.1\\u001b[31m"}}' : '["reviews","ratings"]');
    },
  });
});

afterEach(() => backend.close());

const noStack = /\n\s+at |node:internal|\.js:\d/;

describe("meshlens", () => {
  test("--help names every command and how to begin", async () => {
    const { code, stdout } = await runCommandLine(["--help"]);
    expect(code).toBe(0);
    for (const word of ["serve", "check", "query", "meshlens.yaml"]) expect(stdout).toContain(word);
  });

  test.each([
    [[]],
    [["nope"]],
    [["check", "--jsn"]],
    [["query"]],
    [["serve", "--config"]],
    [["check"]],
    [["serve"]],
    [["check", "--config", "missing.yaml"]],
    [["query", "missing.graphql"]],
  ])("wrong use is exit code 2 with words on standard error and no stack trace: %j", async (args) => {
    const { code, stdout, stderr } = await runCommandLine(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.length).toBeGreaterThan(20);
    expect(stderr).not.toMatch(noStack);
  });

  test("a faulty configuration is exit code 2 with file, line and key, and without its secrets", async () => {
    const file = writeConfig("slack: { token: hunter2hunter2, chanel: x }\n");
    const { code, stderr } = await runCommandLine(["serve", "--config", file]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:1:33: slack: unknown key "chanel"; did you mean channel?`);
    expect(stderr).not.toContain("hunter2");
  });
});

describe("meshlens check", () => {
  test("every source answering is exit code 0 and a table; text of backends cannot steer the terminal", async () => {
    const file = writeConfig(`sources: [{ name: spans, kind: zipkin, url: "${backend.url}", cluster: east }]`);
    const { code, stdout, stderr } = await runCommandLine(["check", "--config", file]);
    expect(code).toBe(0);
    const [head, row] = stdout.split("\n");
    expect(head).toMatch(/^NAME +KIND +CLUSTER +VERSION +LATENCY +STATE +FOUND$/);
    expect(row).toMatch(/^spans +zipkin +east +3\.5\.1\?\[31m +\d+ ms +OK +2 services \[api-v2\]$/);
    expect(stderr).toBe("");
  });

  test("a failing source is exit code 1, the others are still told, and the remedy stands below", async () => {
    const dead = await unusedPort();
    const folder = mkdtempSync(join(tmpdir(), "meshlens-cli-"));
    writeFileSync(
      join(folder, "meshlens.yaml"),
      `sources:
  - { name: gone, kind: jaeger, url: "http://127.0.0.1:${dead}" }
  - { name: spans, kind: zipkin, url: "${backend.url}" }`,
    );
    const { code, stdout, stderr } = await runCommandLine(["check"], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^gone .*UNAVAILABLE.*\n {4}\S.*\nspans .*OK/m);
    expect(stdout + stderr).not.toMatch(noStack);
  });

  test("--json is for programs: ok, and per source state, version, latency and what it holds", async () => {
    const dead = await unusedPort();
    const file = writeConfig(`sources:
  - { name: spans, kind: zipkin, url: "${backend.url}" }
  - { name: kube, kind: kubernetes }
  - { name: gone, kind: jaeger, url: "http://127.0.0.1:${dead}" }`);
    const { code, stdout } = await runCommandLine(["check", "--json", "--config", file]);
    expect(code).toBe(1);
    const { ok, sources } = JSON.parse(stdout);
    expect(ok).toBe(false);
    expect(sources).toMatchObject([
      { name: "spans", state: "OK", found: "2 services", message: null, latencyMs: expect.any(Number) },
      { name: "gone", state: "UNAVAILABLE", version: null },
      { name: "kube", state: "UNAVAILABLE", message: expect.stringContaining("give this source a kubeconfig") },
    ]);
  });

  test("a configuration without sources checks nothing and says so with exit code 2", async () => {
    const { code, stderr } = await runCommandLine(["check", "--config", writeConfig("# none yet\n")]);
    expect(code).toBe(2);
    expect(stderr).toContain("has no sources");
  });
});

describe("meshlens serve", () => {
  async function startServing(yaml: string) {
    const command = startCommand(["serve", "--config", writeConfig(`server: { port: 0 }\n${yaml}`)]);
    const listening = /"url":"(http:[^"]+)"/;
    await waitUntil("it listens", () => listening.test(command.output().stdout));
    return { command, url: listening.exec(command.output().stdout)?.[1] ?? "" };
  }

  test("answers health until SIGTERM, then ends with exit code 0 and valid JSON lines as its log", async () => {
    const { command, url } = await startServing("");
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "ok" });
    command.kill("SIGTERM");
    const { code, stdout } = await command.finished;
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(["listening", "answered", "stopped"]));
  });

  test("SIGTERM lets an answer under way finish before it ends", async () => {
    const held: http.ServerResponse[] = [];
    backend.behave({ kind: "handler", handle: (_request, response) => void held.push(response) });
    const { command, url } = await startServing(`sources: [{ name: z, kind: zipkin, url: "${backend.url}" }]`);
    await waitUntil("the probe at the start is held", () => held.length === 2);
    const answer = askSources(url);
    await waitUntil("the request's own calls are held", () => held.length > 2);
    command.kill("SIGTERM");
    await waitUntil("it is stopping", () => command.output().stdout.includes("stopping"));
    let isOver = false;
    const finished = command.finished.finally(() => {
      isOver = true;
    });
    await waitUntil("everything held is answered and it ended", () => {
      for (const response of held.splice(0)) response.end('["reviews"]');
      return isOver;
    });
    expect((await finished).code).toBe(0);
    expect((await answer).status).toBe(200);
  });

  test("a second signal ends it at once", async () => {
    backend.behave({ kind: "silence" });
    const { command, url } = await startServing(`sources: [{ name: z, kind: zipkin, url: "${backend.url}" }]`);
    await waitUntil("the probe at the start is held", () => backend.requestCount() === 2);
    const answer = askSources(url).catch(() => null);
    await waitUntil("the request's own calls are held", () => backend.requestCount() > 2);
    command.kill("SIGINT");
    await waitUntil("it is stopping", () => command.output().stdout.includes("stopping"));
    command.kill("SIGINT");
    expect((await command.finished).code).toBe(1);
    await answer;
  });

  test("a port in use is exit code 1 with the remedy", async () => {
    const { command, url } = await startServing("");
    const file = writeConfig(`server: { port: ${new URL(url).port} }`);
    const { code, stderr } = await runCommandLine(["serve", "--config", file]);
    expect(code).toBe(1);
    expect(stderr).toContain("the port is in use");
    expect(stderr).not.toMatch(noStack);
    command.kill("SIGTERM");
    await command.finished;
  });
});
