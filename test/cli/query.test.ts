import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type FaultServer, startFaultServer } from "../support/fault-server.js";
import { runCommandLine } from "../support/run-command.js";
import { writeConfig } from "../support/start-configured.js";

let backend: FaultServer;
let config: string;

beforeEach(async () => {
  backend = await startFaultServer();
  backend.behave({ kind: "answer", body: '["reviews"]' });
  const sha256 = createHash("sha256").update("t").digest("hex");
  config = writeConfig(`auth: { tokens: [{ name: t, sha256: ${sha256}, namespaces: [none], actions: [debug] }] }
sources: [{ name: spans, kind: zipkin, url: "${backend.url}" }]`);
});

afterEach(() => backend.close());

function write(name: string, text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "meshlens-query-")), name);
  writeFileSync(file, text);
  return file;
}

describe("meshlens query", () => {
  test("prints the answer as JSON with exit code 0; whoever reads the configuration needs no token", async () => {
    const file = write("a.graphql", "query A { sources { name state } } query B { __typename }");
    const { code, stdout, stderr } = await runCommandLine(["query", file, "--operation", "A", "--config", config]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout).data).toEqual({ sources: [{ name: "spans", state: "OK" }] });
    expect(code).toBe(0);
  });

  test("reads the document from standard input, and variables from the command line", async () => {
    const input = "query($r: ServiceRefInput!) { service(ref: $r) { id } }";
    const variables = '{"r":{"namespace":"a","name":"nobody"}}';
    const args = ["query", "-", "--variables", variables, "--config", config];
    const { code, stdout } = await runCommandLine(args, { input });
    expect(JSON.parse(stdout).data).toEqual({ service: null });
    expect(code).toBe(0);
  });

  test("an answer with errors is printed whole and is exit code 1", async () => {
    const { code, stdout } = await runCommandLine(["query", "-", "--config", config], { input: "{ nope }" });
    expect(JSON.parse(stdout).errors[0].message).toContain("nope");
    expect(code).toBe(1);
  });

  test.each([
    ["variables that are no JSON", ["--variables", "{a:1}"], "is not JSON"],
    ["variables that are no object", ["--variables", "[1]"], "must be a JSON object"],
    ["an empty document", [], "is empty"],
  ])("%s are wrong use: exit code 2", async (_, more, expected) => {
    const input = more.length === 0 ? " \n" : "{ __typename }";
    const { code, stdout, stderr } = await runCommandLine(["query", "-", "--config", config, ...more], { input });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(expected);
  });
});
