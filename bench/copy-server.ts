/**
 * One of several copies on one store, as a process of its own: metrics from memory, the same in every copy, at the machine's clock. One service
 * after the other begins to fail, thirty seconds apart. Started by failover.ts with the configuration's file, the number of services, and
 * when the first of them fails (epoch ms).
 */
import { loadConfig } from "../src/config/load-config.js";
import { composeOver } from "../src/server/compose.js";
import { keepHeapLean } from "../src/server/lean-heap.js";
import { startServer } from "../src/server/start-server.js";
import { systemClock as clock } from "../src/telemetry/clock.js";
import { createScrapedMesh, scrapeMs, stepMs } from "../test/slo/measure/measured-mesh.js";

const [file = "", services = "1", firstFailsMs = "0"] = process.argv.slice(2);
const historyMs = 25 * 60_000;

keepHeapLean();
const mesh = createScrapedMesh("metrics");
let next = Number(firstFailsMs) - historyMs;
function scrape(): void {
  for (; next <= clock.nowMs(); next += scrapeMs) {
    for (let nth = 0; nth < Number(services); nth += 1) {
      const isFailing = next > Number(firstFailsMs) + nth * stepMs;
      mesh.count({ service: `s${nth}`, code: isFailing ? "503" : "200" }, 20);
      mesh.count({ service: `s${nth}`, code: isFailing ? "200" : "503" }, 0);
    }
    mesh.scrape(next);
  }
}
scrape();
setInterval(scrape, 1_000);
const loaded = loadConfig(file, process.env);
const plugged = { metricSources: [mesh.source], traceSources: [], logSources: [], workloadSources: [] };
const server = await startServer(loaded, { clock, composition: await composeOver(loaded, clock, plugged) });
process.once("SIGTERM", async () => {
  await server.stop("SIGTERM");
  process.exit(0);
});
