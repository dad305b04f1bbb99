/** A day of the demo at 60 times the speed, after a day just like it: its memory hour by hour, while every scenario is played in each half. */
import { knownScenarios } from "../src/demo/scenarios/known-scenarios.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { type DemoProcess, startDemoProcess } from "./demo-process.js";

const speed = 60;
/** The day before is lived through faster: a day of everything is kept, and that day is as full of scenarios as the one that is measured. */
const speedBefore = 480;
const hours = 24;
/** Of an hour, each as long by the real clock. */
const pieces = 12;
const services = ["reviews", "ratings", "productpage", "details"];
const most = 1.05;

/** Half an hour of the real clock; when to sweep is left to V8. */
export async function benchDemoDay({ say }: BenchContext): Promise<readonly BenchResult[]> {
  const byHour = await liveADay(say);
  const halves = [byHour.slice(0, hours / 2), byHour.slice(hours / 2)].map((half) => meanOf(half.flat()));
  const [first = Number.NaN, second = Number.NaN] = halves;
  return [
    {
      what: `the demo at ${speed} times the speed for a day, after such a day: mean resident memory of the second half, every scenario in each, against the first (by hour: ${byHour.map((hour) => Math.round(meanOf(hour))).join(", ")} MB; highest ${Math.round(Math.max(...byHour.flat()))} MB)`,
      measured: `${Math.round(second)} / ${Math.round(first)} MB`,
      goal: "no more than a twentieth above",
      isMet: second <= first * most,
    },
  ];
}

/** Resident memory by hour of the demo's clock, MB: every five seconds, and after questions. */
async function liveADay(say: BenchContext["say"]): Promise<readonly (readonly number[])[]> {
  const demo = await startDemoProcess(speedBefore, "1h");
  say(`ready after ${Math.round(demo.readyMs / 1000)} s, ${Math.round(demo.residentMb())} MB`);
  const byHour: (readonly number[])[] = [];
  try {
    for (let hour = 0; hour < hours; hour += 1) await liveAnHour(demo, { hour, factor: speedBefore, say });
    say("the day before is over");
    for (let hour = 0; hour < hours; hour += 1) byHour.push(await liveAnHour(demo, { hour, factor: speed, say }));
    return byHour;
  } finally {
    await demo.stop();
  }
}

interface Hour {
  readonly hour: number;
  readonly factor: number;
  readonly say: BenchContext["say"];
}

/** Its clock runs as usual while questions are answered: how long they may take is of it. */
async function liveAnHour(demo: DemoProcess, { hour, factor, say }: Hour): Promise<readonly number[]> {
  const scenario = knownScenarios[hour % knownScenarios.length]?.name ?? "healthy";
  await demo.switchTo(scenario);
  const samples: number[] = [];
  let unanswered = 0;
  for (let piece = 0; piece < pieces; piece += 1) {
    await demo.runFast(3_600_000 / factor / pieces, factor);
    samples.push(demo.residentMb());
    if (piece % 3 !== 0) continue;
    await demo.askEverything(services[(piece / 3) % services.length] ?? "reviews").catch((error: unknown) => {
      unanswered += 1;
      say(`not answered: ${String(error)}`);
    });
    samples.push(demo.residentMb());
  }
  const heap = await demo.heapMb();
  say(
    `hour ${hour + 1}, ${scenario}: mean ${Math.round(meanOf(samples))} MB, highest ${Math.round(Math.max(...samples))} MB, heap now ${heap.used} of ${heap.total} MB and ${heap.external} beside, ${unanswered} not answered`,
  );
  return samples;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
