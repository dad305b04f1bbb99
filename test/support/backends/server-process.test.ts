import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { isAlive, type ServerProcess, startServerProcess } from "../../real/backends/server-process.js";
import { waitUntil } from "../wait-until.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-process-"));
});

afterAll(() => rm(folder, { recursive: true }));

/** A Node program as a server; it says `up` once its handlers are set. */
async function start(name: string, program: string): Promise<ServerProcess> {
  const server = startServerProcess(
    {
      command: process.execPath,
      args: ["-e", `${program}; console.log("up"); setInterval(() => {}, 1000)`],
      environment: {},
      address: { url: "", zipkinIngestUrl: null },
    },
    folder,
    join(folder, `${name}.log`),
  );
  const isUp = async () => (await readFile(server.logFile, "utf8")).includes("up");
  await waitUntil(name, isUp, { limitMs: 20_000, hopeless: server.ended });
  return server;
}

describe("a server process", () => {
  test("ends on SIGTERM, and stopping it twice is harmless", async () => {
    const server = await start("polite", "");
    await server.stop(10_000);
    expect(server.ended()).toBe("signal SIGTERM");
    expect(isAlive(server.pid)).toBe(false);
    await server.stop(10_000);
  });

  test("is killed after the grace when it does not heed SIGTERM", async () => {
    const server = await start("stubborn", "process.on('SIGTERM', () => {})");
    await server.stop(50);
    expect(server.ended()).toBe("signal SIGKILL");
  });

  test("ends also while a fault test has it frozen", async () => {
    const server = await start("frozen", "");
    process.kill(server.pid, "SIGSTOP");
    await server.stop(10_000);
    expect(server.ended()).toBe("signal SIGTERM");
  });

  test("that ends by itself says how, and what it wrote last", async () => {
    const server = await start("failing", "setTimeout(() => { console.error('port taken'); process.exit(3) }, 20)");
    await waitUntil("its end", async () => server.ended() !== null);
    expect(server.ended()).toBe("code 3");
    expect(await server.logTail()).toContain("port taken");
  });

  test("a program that is not there is an end with a reason, not an exception", async () => {
    const plan = {
      command: join(folder, "missing"),
      args: [],
      environment: {},
      address: { url: "", zipkinIngestUrl: null },
    };
    const server = startServerProcess(plan, folder, join(folder, "missing.log"));
    await waitUntil("its end", async () => server.ended() !== null);
    await server.stop(1_000);
  });
});

describe("waiting for a server", () => {
  test("ends with the last reason when the limit has passed", async () => {
    const refused = async () => {
      throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    };
    await expect(waitUntil("jaeger", refused, { limitMs: 1 })).rejects.toThrow(/^jaeger: .*ECONNREFUSED/);
  });

  test("ends at once when waiting is pointless or the run is stopped", async () => {
    const not = async () => false;
    const hopeless = () => "it ended with code 3";
    await expect(waitUntil("jaeger", not, { limitMs: 60_000, hopeless })).rejects.toThrow("it ended with code 3");
    const signal = AbortSignal.abort(new Error("stopped by SIGINT"));
    await expect(waitUntil("jaeger", not, { limitMs: 60_000, signal })).rejects.toThrow("stopped by SIGINT");
  });

  test("a signal that comes while waiting ends it", async () => {
    const stopping = new AbortController();
    const waiting = waitUntil("jaeger", async () => false, { limitMs: 60_000, signal: stopping.signal });
    const aborted = once(stopping.signal, "abort");
    stopping.abort(new Error("stopped by SIGTERM"));
    await aborted;
    await expect(waiting).rejects.toThrow("stopped by SIGTERM");
  });
});
