/** A day of the demo at 60 times the speed, after a day of history and half a day of scenarios: its memory hour by hour, every scenario in each half. */
import { knownScenarios } from "../src/demo/scenarios/known-scenarios.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { startDemoProcess } from "./demo-process.js";

const speed = 60;
/** Until every scenario has been played once: what is kept of them, and what questions about them take, is there. */
const hoursBefore = 12;
const hours = 24;
/** Of an hour, each as long by the real clock. */
const pieces = 12;
const pieceMs = 3_600_000 / speed / pieces;
const services = ["reviews", "ratings", "productpage", "details"];
const most = 1.05;

/** Forty minutes of the real clock; when to sweep is left to V8. */
export async function benchDemoDay({ say }: BenchContext): Promise<readonly BenchResult[]> {
  const byHour = await liveADay(say);
  const day = byHour.slice(hoursBefore);
  const halves = [day.slice(0, hours / 2), day.slice(hours / 2)].map((half) => meanOf(half.flat()));
  const [first = Number.NaN, second = Number.NaN] = halves;
  return [
    {
      what: `the demo at ${speed} times the speed for a day, after a day of history and half a day of scenarios: mean resident memory of the second half, every scenario in each, against the first (by hour, those before too: ${byHour.map((hour) => Math.round(meanOf(hour))).join(", ")} MB; highest ${Math.round(Math.max(...byHour.flat()))} MB)`,
      measured: `${Math.round(second)} / ${Math.round(first)} MB`,
      goal: "no more than a twentieth above",
      isMet: second <= first * most,
    },
  ];
}

/** Resident memory every five seconds and after questions, MB, by hour of the demo's clock, which runs as usual while questions are answered: their time is of it. */
async function liveADay(say: BenchContext["say"]): Promise<readonly (readonly number[])[]> {
  const demo = await startDemoProcess(speed, "24h");
  say(`ready after ${Math.round(demo.readyMs / 1000)} s, ${Math.round(demo.residentMb())} MB`);
  const byHour: number[][] = [];
  let refused = 0;
  try {
    for (let hour = 0; hour < hoursBefore + hours; hour += 1) {
      const scenario = knownScenarios[hour % knownScenarios.length];
      await demo.switchTo(scenario?.name ?? "healthy");
      const samples: number[] = [];
      byHour.push(samples);
      for (let piece = 0; piece < pieces; piece += 1) {
        await demo.runFast(pieceMs);
        samples.push(demo.residentMb());
        // Each piece would ask for more than people do.
        if (piece % 3 !== 0) continue;
        await demo.askEverything(services[(piece / 3) % services.length] ?? "reviews").catch((error: unknown) => {
          refused += 1;
          say(`not answered: ${String(error)}`);
        });
        samples.push(demo.residentMb());
      }
      const heap = await demo.heapMb();
      say(
        `hour ${hour + 1}, ${scenario?.name}: mean ${Math.round(meanOf(samples))} MB, highest ${Math.round(Math.max(...samples))} MB, heap now ${heap.used} of ${heap.total} MB and ${heap.external} beside, ${refused} times not answered`,
      );
    }
    return byHour;
  } finally {
    await demo.stop();
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
