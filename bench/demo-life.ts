/**
 * The demo as users run it: how soon it is ready, how fast it lives through the past, and how much memory it holds over an hour with every
 * scenario and over a day, while the contract's questions are asked.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { knownScenarios } from "../src/demo/scenarios/known-scenarios.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { type DemoProcess, startDemoProcess } from "./demo-process.js";

const services = ["reviews", "ratings", "productpage", "details"];

/** Two demos, one after the other: one lives an hour, one a day. */
export async function benchDemo({ say }: BenchContext): Promise<readonly BenchResult[]> {
  const rateText = await promisify(execFile)(process.execPath, [join(import.meta.dirname, "demo-rate.js")]);
  const rate = Math.round(Number(rateText.stdout));
  const hour = await live({ hours: 1, speed: 60, say });
  const day = await live({ hours: 24, speed: 480, say });
  const readyMs = Math.min(hour.readyMs, day.readyMs);
  const hourMb = Math.max(...hour.residentMb);
  // By then a day of every pillar is kept, six hours of it from before the start.
  const [full, later] = [Math.max(...between(day.residentMb, 18, 21)), Math.max(...between(day.residentMb, 21, 24))];
  return [
    {
      what: `meshlens demo ready, six hours of history lived through (${(hour.readyCpuMs / 1000).toFixed(1)} s of CPU)`,
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
    {
      what: "resident memory of the demo over an hour with every scenario and the contract's queries, highest",
      measured: `${Math.round(hourMb)} MB`,
      goal: "≤ 350 MB",
      isMet: hourMb <= 350,
    },
    {
      what: "the same over a day: highest of its last three hours against the three before, when all it keeps is there",
      measured: `${Math.round(later)} / ${Math.round(full)} MB`,
      goal: "no more than a tenth above",
      isMet: later <= full * 1.1,
    },
  ];
}

interface Life {
  readonly readyMs: number;
  readonly readyCpuMs: number;
  /** At even distances. */
  readonly residentMb: readonly number[];
}

/** Runs fast for a second, then asks and looks, again and again; another scenario every twelfth of the time. */
async function live(given: { hours: number; speed: number; say: BenchContext["say"] }): Promise<Life> {
  const { hours, speed, say } = given;
  const demo = await startDemoProcess(speed);
  say(
    `ready after ${Math.round(demo.readyMs)} ms and ${demo.readyCpuMs} ms of CPU, ${Math.round(demo.residentMb())} MB`,
  );
  try {
    const rounds = (hours * 3600) / speed;
    const residentMb: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await playRound(demo, round, rounds);
      residentMb.push(demo.residentMb());
      if (round % 10 === 9) say(`${round + 1} of ${rounds}: ${Math.round(residentMb.at(-1) ?? Number.NaN)} MB`);
    }
    return { readyMs: demo.readyMs, readyCpuMs: demo.readyCpuMs, residentMb };
  } finally {
    await demo.stop();
  }
}

async function playRound(demo: DemoProcess, round: number, rounds: number): Promise<void> {
  const everyRounds = rounds / knownScenarios.length;
  const scenario = knownScenarios[Math.floor(round / everyRounds)];
  if (scenario !== undefined && round % everyRounds === 0) await demo.switchTo(scenario.name);
  await demo.runFast(1_000);
  await demo.askEverything(services[round % services.length] ?? "reviews");
}

function between(residentMb: readonly number[], fromHour: number, toHour: number): readonly number[] {
  const ofHour = residentMb.length / 24;
  return residentMb.slice(fromHour * ofHour, toHour * ofHour);
}
