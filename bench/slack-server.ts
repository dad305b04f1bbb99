/**
 * A server whose services burn, as a process of its own: metrics from memory, every other source as configured. Started by slack.ts with the
 * configuration's file and the number of services; scrapes go on at our clock. Prints `ready`.
 */
import { loadConfig } from "../src/config/load-config.js";
import { compose, composeOver } from "../src/server/compose.js";
import { startServer } from "../src/server/start-server.js";
import { systemClock } from "../src/telemetry/clock.js";
import { createScrapedMesh, scrapeMs } from "../test/slo/measure/measured-mesh.js";

const [file = "", services = "1"] = process.argv.slice(2);
const historyMs = 25 * 60_000;
const burningMs = 5 * 60_000;

const startMs = Math.floor((Date.now() - historyMs) / scrapeMs) * scrapeMs;
const mesh = createScrapedMesh("metrics");
let next = startMs;
/** Half of the calls fail from five minutes before the start on. */
function scrapeUntil(nowMs: number): void {
  for (; next <= nowMs; next += scrapeMs) {
    const failed = next < startMs + historyMs - burningMs ? 0 : 10;
    for (let nth = 0; nth < Number(services); nth += 1) {
      mesh.count({ service: `s${nth}` }, 20 - failed);
      mesh.count({ service: `s${nth}`, code: "503" }, failed);
    }
    mesh.scrape(next);
  }
}
scrapeUntil(Date.now());
setInterval(() => scrapeUntil(Date.now()), 1_000);

const loaded = loadConfig(file, process.env);
const configured = await compose(loaded, { clock: systemClock });
const { traceSources, logSources, clusterSources: workloadSources } = configured;
const plugged = { metricSources: [mesh.source], traceSources, logSources, workloadSources };
const composition = { ...(await composeOver(loaded, systemClock, plugged)), clusterSources: configured.clusterSources };
await startServer(loaded, { clock: systemClock, composition });
process.stdout.write("ready\n");
