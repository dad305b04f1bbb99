import { mkdtempSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Inspected } from "../../src/inspection/inspect-sources.js";
import { inspectStore } from "../../src/store/inspect-store.js";
import { newestVersion } from "../../src/store/migrations.js";
import { openStore } from "../../src/store/open-store.js";
import { type FaultServer, startFaultServer, unusedPort } from "../support/fault-server.js";
import { runCommandLine } from "../support/run-command.js";
import { writeConfig } from "../support/start-configured.js";

const secret = "hunter2hunter2";
let backend: FaultServer;
let spanAtMs: number;
let dateAheadMs: number;
let probes: number;

beforeEach(async () => {
  backend = await startFaultServer();
  spanAtMs = Date.now() - 20_000;
  dateAheadMs = 0;
  probes = 0;
  backend.behave({
    kind: "handler",
    handle: (request, response) => {
      const url = new URL(request.url ?? "/", "http://zipkin");
      response.setHeader("date", new Date(Date.now() + dateAheadMs).toUTCString());
      if (url.pathname === "/info") {
        probes += 1;
        return void response.end('{"zipkin":{"version":"3.5.1\\u001b[31m"}}');
      }
      if (/_field_caps|_privileges/.test(url.pathname)) return void asStranger(url, response);
      if (url.pathname.endsWith("/services")) return void response.end('["reviews","ratings"]');
      const endMs = Number(url.searchParams.get("endTs"));
      const isIn = spanAtMs <= endMs && spanAtMs >= endMs - Number(url.searchParams.get("lookback"));
      const span = { traceId: "1".repeat(32), id: "2".repeat(16), timestamp: spanAtMs * 1_000, duration: 5_000 };
      const localEndpoint = { serviceName: url.searchParams.get("serviceName") };
      return void response.end(JSON.stringify(isIn ? [[{ ...span, name: "get", kind: "SERVER", localEndpoint }]] : []));
    },
  });
});

afterEach(() => backend.close());

/** An Elasticsearch that knows who asks, who may do nothing there. */
function asStranger({ pathname }: URL, response: ServerResponse): void {
  response.setHeader("content-type", "application/json").setHeader("x-elastic-product", "Elasticsearch");
  const rights = { read: false, view_index_metadata: false };
  if (pathname.endsWith("_has_privileges"))
    return void response.end(JSON.stringify({ index: { "logstash-*": rights } }));
  response.statusCode = 403;
  response.end(JSON.stringify({ error: { type: "security_exception" }, status: 403 }));
}

const zipkin = () => `{ name: spans, kind: zipkin, url: "${backend.url}", headers: { X-Secret: ${secret} } }`;

describe("meshlens check --deep", () => {
  test("a verdict, a sentence and a remedy per finding; WARN is exit code 0, and no secret is shown", async () => {
    const file = writeConfig(`sources: [${zipkin()}]`);
    const { code, stdout, stderr } = await runCommandLine(["check", "--deep", "--config", file]);
    expect(stdout).toMatch(/^spans \(zipkin\)$/m);
    expect(stdout).toMatch(/^ {2}PASS {5}reachable {4}answers, 3\.5\.1\?\[31m, 2 services$/m);
    expect(stdout).toMatch(/^ {2}PASS {5}freshness {4}the newest trace is \d+ s old$/m);
    expect(stdout).toMatch(/^ {2}WARN {5}retention .*\n {24}-> keep traces/m);
    expect(stdout).toMatch(/^4 PASS, 1 WARN, 0 FAIL, 0 UNKNOWN$/m);
    expect(stdout + stderr).not.toContain(secret);
    expect(code).toBe(0);
    expect(probes).toBe(1);
  });

  test("a user who may not read the indices is told which rights he lacks", async () => {
    const file = writeConfig(`sources: [{ name: lines, kind: elasticsearch, url: "${backend.url}" }]`);
    const { code, stdout } = await runCommandLine(["check", "--deep", "--config", file]);
    expect(stdout).toMatch(/^ {2}FAIL {5}reachable .*answered 403.*\(security_exception\)$/m);
    expect(stdout).toMatch(/^ {2}FAIL {5}rights {7}the user lacks read on logstash-\*, .*\n {24}-> give its role/m);
    expect(code).toBe(1);
  });

  test("clocks apart are told, and --json is for programs", async () => {
    dateAheadMs = 120_000;
    const file = writeConfig(`sources: [${zipkin()}]`);
    const { code, stdout } = await runCommandLine(["check", "--deep", "--json", "--config", file]);
    const { ok, deep } = JSON.parse(stdout) as { ok: boolean; deep: readonly Inspected[] };
    expect([code, ok]).toEqual([0, true]);
    const clock = deep[0]?.findings.find(({ topic }) => topic === "clock");
    expect(clock).toMatchObject({ verdict: "WARN", remedy: expect.stringContaining("NTP") });
    expect(clock?.message).toMatch(/its clock is 1\d\d s ahead of ours|its clock is 2 min ahead of ours/);
  });

  test("a dead source and a store without its folder are FAIL and exit code 1; the others are still looked at", async () => {
    const dead = await unusedPort();
    const file = writeConfig(`
sources:
  - { name: gone, kind: jaeger, url: "http://127.0.0.1:${dead}" }
  - ${zipkin()}
store: { url: "file:/nowhere/at/all/meshlens.db" }`);
    const { code, stdout } = await runCommandLine(["check", "--deep", "--config", file]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^gone \(jaeger\)\n {2}FAIL {5}reachable /m);
    expect(stdout).toMatch(/^store\n {2}FAIL {5}store {8}the folder/m);
    expect(stdout).toMatch(/^spans \(zipkin\)\n {2}PASS/m);
  });

  test("a backend that hangs costs its own findings, within --timeout", async () => {
    backend.behave({ kind: "silence" });
    const file = writeConfig(`sources: [{ name: spans, kind: zipkin, url: "${backend.url}", timeoutMs: 500 }]`);
    const { code, stdout } = await runCommandLine(["check", "--deep", "--timeout", "5", "--config", file]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}UNKNOWN {2}reachable .*\n.*raise timeoutMs of spans/m);
  });

  test("a time limit that is none is wrong use", async () => {
    const { code, stderr } = await runCommandLine([
      "check",
      "--deep",
      "--timeout",
      "soon",
      "--config",
      writeConfig("sources: []"),
    ]);
    expect([code, stderr]).toEqual([2, "meshlens: --timeout takes 1 to 600 seconds, not soon\n"]);
  });
});

describe("the store looked at closer", () => {
  const url = () => `file:${join(mkdtempSync(join(tmpdir(), "meshlens-store-")), "meshlens.db")}`;

  test("a file that is not there yet is not made", async () => {
    const there = url();
    expect(await inspectStore(there)).toMatchObject({
      verdict: "PASS",
      message: expect.stringContaining("no file yet"),
    });
    expect(await inspectStore(there)).toMatchObject({ message: expect.stringContaining("no file yet") });
  });

  test("one that is there tells its version and is not changed; one that is held is left alone", async () => {
    const there = url();
    const store = await openStore({ url: there });
    expect(await inspectStore(there)).toMatchObject({
      verdict: "PASS",
      message: expect.stringContaining("running Meshlens"),
    });
    await store.close();
    const words = `with tables of version ${newestVersion}`;
    for (const _again of [1, 2])
      expect(await inspectStore(there)).toMatchObject({ verdict: "PASS", message: expect.stringContaining(words) });
  });

  test("a PostgreSQL that is not there is FAIL without its password", async () => {
    const gone = await inspectStore(`postgres://m:${secret}@127.0.0.1:${await unusedPort()}/meshlens`);
    expect(gone.verdict).toBe("FAIL");
    expect(JSON.stringify(gone)).not.toContain(secret);
  });
});
