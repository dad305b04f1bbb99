import { existsSync, mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type FaultServer, startFaultServer } from "../support/fault-server.js";
import { runCommandLine, type StartedCommand, startCommand } from "../support/run-command.js";
import { startConfigured } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

let running: StartedCommand | null = null;

afterEach(async () => {
  running?.kill("SIGKILL");
  await running?.finished;
  running = null;
});

/** A demo with little history; resolves with its URL when it is ready. */
async function startDemoCommand(args: readonly string[] = [], cwd?: string): Promise<string> {
  // Its temporary files would lie in its folder, too.
  const place = cwd === undefined ? {} : { cwd, env: { TMPDIR: cwd, HOME: cwd } };
  const demo = startCommand(["demo", "--port", "0", "--history", "5m", ...args], place);
  running = demo;
  let url = "";
  await waitUntil(
    "a demo that is ready",
    () => {
      url = /living on at (http\S+)/.exec(demo.output().stdout)?.[1] ?? "";
      return url !== "";
    },
    { limitMs: 60_000 },
  );
  return url;
}

const json = { "content-type": "application/json" };
const ask = async (url: string, query: string): Promise<unknown> =>
  (await fetch(`${url}/graphql`, { method: "POST", headers: json, body: JSON.stringify({ query }) })).json();
const switchTo = (url: string, body: string) => fetch(`${url}/demo/scenario`, { method: "POST", headers: json, body });

describe("meshlens demo", () => {
  test.each([
    ["--scenario", "nope", /healthy, ratings-delay/],
    ["--mesh", "consul", /choose one of istio, linkerd/],
    ["--services", "3", /whole number from 20 to 1000/],
    ["--history", "3d", /at most 24h/],
    ["--port", "70000", /from 0 to 65535/],
    ["--feed", "kafka=http://127.0.0.1:9092", /KIND=URL with one of zipkin, jaeger, elasticsearch/],
  ])("%s %s is wrong use and told with what is accepted", async (option, value, message) => {
    const { code, stdout, stderr } = await runCommandLine(["demo", option, value]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test("a port in use is told at once, with how to choose another", async () => {
    const taken = await startConfigured("");
    try {
      const { port } = new URL(taken.url);
      const { code, stderr } = await runCommandLine(["demo", "--port", port]);
      expect(code).toBe(1);
      expect(stderr).toBe(
        `meshlens: cannot listen on 127.0.0.1:${port}: the port is in use: stop the other program or choose another with --port N (0 takes a free one)\n`,
      );
    } finally {
      await taken.stop("test over");
    }
  });

  test("answers every pillar of a service, goes on living, and ends at Ctrl-C with nothing left behind", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "meshlens-demo-"));
    const url = await startDemoCommand(["--scenario", "ratings-delay"], cwd);
    const answer = await ask(
      url,
      `{ service(ref: { namespace: "bookinfo", name: "reviews" }, range: { last: "5m" }) {
        golden { requestCount failures { cause } }
        traces(first: 1) { nodes { spanCount logs(first: 1) { match } } }
        logs(first: 1) { nodes { message } }
        health { state }
      } }`,
    );
    expect(answer).toMatchObject({
      data: {
        service: {
          golden: { requestCount: expect.any(Number), failures: [{ cause: "CALLER_GAVE_UP" }] },
          traces: { nodes: [{ logs: { match: "TRACE_ID" } }] },
          logs: { nodes: [{}] },
          health: { state: "HEALTHY" },
        },
      },
    });
    const requests = async () => {
      const text = await (await fetch(`${url}/demo/metrics`)).text();
      return [...text.matchAll(/^istio_requests_total\{.*\} (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
    };
    const before = await requests();
    await waitUntil("more requests", async () => (await requests()) > before);
    running?.kill("SIGINT");
    expect(await running?.finished).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(existsSync(cwd) ? readdirSync(cwd) : []).toEqual([]);
  });

  test("goes on while a real backend refuses what it is fed, and says so, and says when it is taken again", async () => {
    const backend: FaultServer = await startFaultServer();
    try {
      backend.behave({ kind: "answer", status: 503, body: "" });
      const url = await startDemoCommand(["--feed", `zipkin=${backend.url}`]);
      const told = (sentence: string) =>
        running?.output().stdout.includes(`zipkin ${backend.url} ${sentence}`) === true;
      await waitUntil("the refusal told", () => told("refuses what it is fed, it is tried again"));
      const reviews = '{ service(ref: { namespace: "bookinfo", name: "reviews" }) { golden { requestCount } } }';
      expect(await ask(url, reviews)).toMatchObject({
        data: { service: { golden: { requestCount: expect.any(Number) } } },
      });
      backend.behave({ kind: "answer", status: 202, body: "" });
      await waitUntil("the taking told", () => told("takes what it is fed"), { limitMs: 40_000 });
    } finally {
      await backend.close();
    }
  });

  test("ended while it lives through the past, it leaves no half of the file it was asked for", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "meshlens-demo-")), "metrics.om");
    running = startCommand(["demo", "--port", "0", "--history", "24h", "--backfill-out", file]);
    const isBegun = () => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
    await waitUntil("the first lines of the file", isBegun);
    running.kill("SIGINT");
    expect(await running.finished).toMatchObject({ code: 0, signal: null, stdout: "", stderr: "" });
    expect(existsSync(file)).toBe(false);
  });

  test("changes its scenario over HTTP; a name that is none is refused with the known ones", async () => {
    const url = await startDemoCommand();
    const body = async (answer: Promise<Response> | Response): Promise<unknown> => (await answer).json();
    expect(await body(fetch(`${url}/demo/scenario`))).toMatchObject({ scenario: { name: "healthy" } });
    expect(await body(switchTo(url, '{"name":"rbac-denied"}'))).toMatchObject({ scenario: { name: "rbac-denied" } });
    expect(await body(fetch(`${url}/demo/scenario`))).toMatchObject({ scenario: { name: "rbac-denied" } });
    for (const wrong of ['{"name":"nope"}', '{"name":7}', "[]"]) {
      const refused = await switchTo(url, wrong);
      expect(refused.status).toBe(400);
      expect(await refused.text()).toMatch(/healthy, ratings-delay.*BAD_USER_INPUT/);
    }
    await waitUntil("the change told", () => running?.output().stdout.includes("Running: rbac-denied") === true);
    const denied = `{ service(ref: { namespace: "bookinfo", name: "ratings" }) {
      golden { clientErrors { cause } } changes { nodes { kind } }
    } }`;
    await waitUntil(
      "denied calls and their cause",
      async () => {
        expect(await ask(url, denied)).toMatchObject({
          data: {
            service: {
              golden: { clientErrors: [{ cause: "DENIED" }] },
              changes: { nodes: [{ kind: "AuthorizationPolicy" }] },
            },
          },
        });
        return true;
      },
      { limitMs: 60_000 },
    );
  });
});
