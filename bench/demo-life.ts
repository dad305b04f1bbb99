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

/** Two demos, one after the other: one lives an hour, one a day after a day. */
export async function benchDemo({ say }: BenchContext): Promise<readonly BenchResult[]> {
  const rateText = await promisify(execFile)(process.execPath, [join(import.meta.dirname, "demo-rate.js")]);
  const rate = Math.round(Number(rateText.stdout));
  const hour = await live({ hours: 1, speed: 60, say });
  // A day of everything is kept: with a day of history nothing it keeps grows any more from the start on.
  const day = await live({ hours: 24, speed: 480, history: "24h", stories: 2, say });
  const hourMb = Math.max(...hour.residentMb);
  const [full, later] = [Math.max(...between(day.residentMb, 0, 12)), Math.max(...between(day.residentMb, 12, 24))];
  return [
    {
      what: `meshlens demo ready, six hours of history lived through (${(hour.readyCpuMs / 1000).toFixed(1)} s of CPU)`,
      measured: `${(hour.readyMs / 1000).toFixed(1)} s`,
      goal: "≤ 20 s",
      isMet: hour.readyMs <= 20_000,
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
      what: "the same over a day after a day of history, every scenario in each half: highest of the second half against the first",
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

interface LifePlan {
  readonly hours: number;
  readonly speed: number;
  readonly history?: string;
  /** How often every scenario is played. */
  readonly stories?: number;
  readonly say: BenchContext["say"];
}

/** Runs fast for a second, then asks and looks, again and again; the scenarios take turns. */
async function live(given: LifePlan): Promise<Life> {
  const { hours, speed, history = "6h", stories = 1, say } = given;
  const demo = await startDemoProcess(speed, history);
  say(
    `ready after ${Math.round(demo.readyMs)} ms and ${demo.readyCpuMs} ms of CPU, ${Math.round(demo.residentMb())} MB`,
  );
  try {
    const rounds = (hours * 3600) / speed;
    const residentMb: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await playRound(demo, round, rounds / stories);
      residentMb.push(demo.residentMb());
      if (round % 10 === 9) say(`${round + 1} of ${rounds}: ${Math.round(residentMb.at(-1) ?? Number.NaN)} MB`);
    }
    return { readyMs: demo.readyMs, readyCpuMs: demo.readyCpuMs, residentMb };
  } finally {
    await demo.stop();
  }
}

async function playRound(demo: DemoProcess, round: number, roundsOfAll: number): Promise<void> {
  const chosen = (at: number) => Math.floor((at * knownScenarios.length) / roundsOfAll) % knownScenarios.length;
  const scenario = knownScenarios[chosen(round)];
  if (scenario !== undefined && (round === 0 || chosen(round) !== chosen(round - 1)))
    await demo.switchTo(scenario.name);
  await demo.runFast(1_000);
  await demo.askEverything(services[round % services.length] ?? "reviews");
}

function between(residentMb: readonly number[], fromHour: number, toHour: number): readonly number[] {
  const ofHour = residentMb.length / 24;
  return residentMb.slice(fromHour * ofHour, toHour * ofHour);
}
