/** `meshlens demo` as a process of its own, its clock at the bench's command, and the questions of the contract put to it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { residentBytes } from "./resident-bytes.js";

const attempts = 10;
const distFolder = join(import.meta.dirname, "..");

/** A demo that is ready. */
export interface DemoProcess {
  /** From the start of the process to the line that says so. */
  readonly readyMs: number;
  /** CPU time of all its threads until then. */
  readonly readyCpuMs: number;
  /** Lets its time run fast for so long, by the real clock; `factor`: as fast as it was started for, unless told. */
  runFast(realMs: number, factor?: number): Promise<void>;
  /** One page of a service with one of its traces, the list, the graph, objectives, alerts and sources. @throws Error with the first GraphQL error */
  askEverything(service: string): Promise<void>;
  switchTo(scenario: string): Promise<void>;
  residentMb(): number;
  /** What its own /metrics says of JavaScript's memory: live and dead objects, what was taken for them, and buffers beside them. */
  heapMb(): Promise<{ readonly used: number; readonly total: number; readonly external: number }>;
  stop(): Promise<void>;
}

/**
 * Starts `meshlens demo`.
 * @param speed how fast its clock can run
 * @param history how much has already happened when it is ready
 */
export async function startDemoProcess(speed: number, history = "6h"): Promise<DemoProcess> {
  const startedAt = performance.now();
  const preload = pathToFileURL(join(distFolder, "bench/fast-clock.js")).href;
  const args = ["--import", preload, join(distFolder, "src/cli/main.js"), "demo", "--port", "0", "--history", history];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, FAST_CLOCK: String(speed) },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const output = child.stdout as NodeJS.ReadableStream;
  const url = await readyUrl(output);
  const readyMs = performance.now() - startedAt;
  const readyCpuMs = cpuMsOf(child.pid ?? -1);
  output.resume();

  async function ask<T>(document: string, variables: object): Promise<T> {
    const query = readFileSync(`examples/queries/${document}.graphql`, "utf8");
    let response = await post(`${url}/graphql`, { query, variables });
    // Refused for a while, as a demo whose time runs fast on a busy machine may be: any client does as it is told.
    for (let attempt = 1; response.status === 503 && attempt < attempts; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_000 * Number(response.headers.get("retry-after"))));
      response = await post(`${url}/graphql`, { query, variables });
    }
    const { data, errors } = (await response.json()) as { data: T; errors?: readonly { readonly message: string }[] };
    if (errors !== undefined) throw new Error(`${document}: ${errors[0]?.message}`);
    return data;
  }

  async function setSpeed(factor: number): Promise<void> {
    child.send(factor);
    await once(child, "message");
  }

  return {
    readyMs,
    readyCpuMs,
    async runFast(realMs, factor = speed) {
      await setSpeed(factor);
      await new Promise((resolve) => setTimeout(resolve, realMs));
      await setSpeed(1);
    },
    async askEverything(service) {
      const range = { last: "1h" };
      const page = await ask<{ service: { traces: { nodes: readonly { readonly traceId: string }[] } } }>(
        "service-page",
        {
          service: { namespace: "bookinfo", name: service },
          range,
        },
      );
      const [trace] = page.service.traces.nodes;
      if (trace !== undefined) await ask("trace", { traceId: trace.traceId, range });
      await ask("services", { range, first: 50 });
      await ask("service-graph", { range });
      await ask("slos", { first: 50 });
      await ask("alerts", { first: 50 });
      await ask("sources", {});
    },
    async switchTo(name) {
      const response = await post(`${url}/demo/scenario`, { name });
      if (!response.ok) throw new Error(await response.text());
    },
    residentMb: () => residentBytes(child.pid ?? -1) / 2 ** 20,
    async heapMb() {
      const text = await (await fetch(`${url}/metrics`)).text();
      const [used = Number.NaN, total = Number.NaN, external = Number.NaN] = [
        "heap_size_used",
        "heap_size_total",
        "external_memory",
      ].map((name) => Math.round(Number(new RegExp(`^nodejs_${name}_bytes (\\S+)$`, "m").exec(text)?.[1]) / 2 ** 20));
      return { used, total, external };
    },
    async stop() {
      child.kill("SIGINT");
      if (child.exitCode === null) await once(child, "close");
    },
  };
}

function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function readyUrl(output: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    output.on("data", function read(chunk: Buffer) {
      text += String(chunk);
      const url = /(http:\/\/\S+)\/graphql\n/.exec(text)?.[1];
      if (url === undefined || !text.includes("living on")) return;
      output.off("data", read);
      resolve(url);
    });
    output.once("end", () => reject(new Error(`the demo ended before it was ready: ${text}`)));
  });
}

/** User and system time, in clock ticks of 10 ms, stand behind the name, which may hold blanks. */
function cpuMsOf(pid: number): number {
  const [, fields = ""] = /\) (.+)$/.exec(readFileSync(`/proc/${pid}/stat`, "utf8").trim()) ?? [];
  const [user = 0, system = 0] = fields.split(" ").slice(11, 13).map(Number);
  return (user + system) * 10;
}
