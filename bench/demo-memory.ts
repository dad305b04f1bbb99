/** How soon a demo is ready, how fast it lives through the past, and how much memory it holds after an hour and after a day. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BenchContext, BenchResult } from "./bench-result.js";
import type { DemoLife } from "./demo-life.js";

const distFolder = join(import.meta.dirname, "..");

/** Three processes, one after the other. */
export async function benchDemo({ say }: BenchContext): Promise<readonly BenchResult[]> {
  const readyMs = await timeToReady();
  say(`ready after ${Math.round(readyMs)} ms`);
  const hour = await live(6, 1);
  say(`an hour: ${JSON.stringify(hour)}`);
  const day = await live(6, 24);
  say(`a day: ${JSON.stringify(day)}`);
  const rate = Math.round(hour.requestsPerCpuSecond);
  return [
    {
      what: "meshlens demo ready, six hours of history lived through",
      measured: `${(readyMs / 1000).toFixed(1)} s`,
      goal: "≤ 20 s",
      isMet: readyMs <= 20_000,
    },
    {
      what: "simulated requests a second of one core, simulation and metrics",
      measured: String(rate),
      goal: "≥ 20,000",
      isMet: rate >= 20_000,
    },
    memory("an hour", hour),
    memory("a day", day),
  ];
}

function memory(time: string, { residentMb, samples, spans, records }: DemoLife): BenchResult {
  return {
    what: `resident memory of the demo after ${time} (${samples} samples, ${spans} spans, ${records} lines), highest`,
    measured: `${Math.round(residentMb)} MB`,
    goal: "≤ 350 MB",
    isMet: residentMb <= 350,
  };
}

async function live(historyHours: number, laterHours: number): Promise<DemoLife> {
  const args = [join(distFolder, "bench/demo-life.js"), String(historyHours), String(laterHours)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as DemoLife;
}

async function timeToReady(): Promise<number> {
  const startedAt = performance.now();
  const demo = spawn(process.execPath, [join(distFolder, "src/cli/main.js"), "demo", "--port", "0"]);
  try {
    let text = "";
    for await (const chunk of demo.stdout) {
      text += String(chunk);
      if (text.includes("living on")) return performance.now() - startedAt;
    }
    throw new Error(`the demo ended before it was ready: ${text}`);
  } finally {
    demo.kill("SIGINT");
    if (demo.exitCode === null) await once(demo, "close");
  }
}
