/**
 * A process of its own for crash tests: a whole server over a mesh in memory that fails now and then, at a clock that runs as fast as it
 * can, going on where its store ends. Says each step on stdout; ends by itself at the last minute. Arguments: configuration, last minute,
 * minutes after which the weather repeats.
 */
import { writeSync } from "node:fs";
import { dirname } from "node:path";
import { loadConfig } from "../../src/config/load-config.js";
import { composeOver } from "../../src/server/compose.js";
import { startServer } from "../../src/server/start-server.js";
import { openStore } from "../../src/store/open-store.js";
import { createWeatheredMesh, startMs, stepMs } from "../alerting/evaluated-mesh.js";
import { weatherOf } from "./copies/sped-clock.js";
import { createSleptClock } from "./slept-clock.js";

const [file = "", lastMinute = "0", period = "40"] = process.argv.slice(2);
const url = `file:${dirname(file)}/meshlens.db`;
const store = await openStore({ url });
const { evaluatedAtMs } = await store.alerts.load();
await store.close();

const time = createSleptClock(evaluatedAtMs ?? startMs + 60_000);
const mesh = createWeatheredMesh(weatherOf(Number(period)));
mesh.scrapeUntil(time.clock.nowMs());
const loaded = loadConfig(file, {});
const plugged = { metricSources: [mesh.source], traceSources: [], logSources: [], workloadSources: [] };
const composition = await composeOver(loaded, time.clock, plugged);
const server = await startServer(loaded, { clock: time.clock, composition, pause: time.pause, environment: {} });
const untilMs = startMs + Number(lastMinute) * 60_000;
for (let nowMs = time.clock.nowMs(); nowMs <= untilMs; nowMs += stepMs) {
  await time.runUntil(nowMs, 2, (atMs) => mesh.scrapeUntil(atMs));
  writeSync(1, `${nowMs}\n`);
}
await time.settled(2);
await server.stop("the end");
writeSync(1, "end\n");
process.exit(0);
