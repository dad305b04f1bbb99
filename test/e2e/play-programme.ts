/** A demo that will play the programme, as it is told to. Made by the thread of the tests and for Prometheus' back-fill. */
import { closeSync, openSync, writeSync } from "node:fs";
import { createDemo, type Demo, type DemoOptions, type ProxyKind } from "../../src/demo/create-demo.js";
import { bookinfoWithShop } from "../../src/demo/meshes/join-meshes.js";
import { createBackfillText } from "../../src/demo/telemetry/metrics/openmetrics-text.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { acts, endMs, seed, startMs } from "./programme.js";

/** At the first instant, with every switch to come. */
export function createProgramme(options: Pick<DemoOptions, "proxies" | "clock" | "takers">): Demo {
  const demo = createDemo({ mesh: bookinfoWithShop, seed, startMs, ...options });
  for (const { scenario, switchMs, backMs } of acts) {
    demo.switchTo(scenario, switchMs);
    demo.switchTo("healthy", backMs);
  }
  return demo;
}

/** Writes what promtool makes blocks of: the scrapes of every act, without the calm between them. */
export async function writeProgrammeBackfill(file: string, proxies: ProxyKind = "istio"): Promise<void> {
  const opened = openSync(file, "w");
  const text = createBackfillText((lines) => void writeSync(opened, lines));
  const isOfAct = (atMs: number): boolean => acts.some((act) => atMs >= act.switchMs && atMs <= act.endMs);
  const demo = createProgramme({
    proxies,
    clock: systemClock,
    takers: [
      { samples: { sample: (series, atMs, value) => void (isOfAct(atMs) && text.sample(series, atMs, value)) } },
    ],
  });
  await demo.stage.play(endMs, new AbortController().signal);
  text.end();
  closeSync(opened);
}
