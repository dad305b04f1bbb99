/**
 * Several servers in one process, so that whatever the process does (compiling, collecting) falls on all alike. Started by access.ts with a
 * configuration file each; sends their addresses, then the processor time used so far (µs, user and system) whenever it is asked.
 */
import { loadConfig } from "../src/config/load-config.js";
import { keepHeapLean } from "../src/server/lean-heap.js";
import { startServer } from "../src/server/start-server.js";
import { systemClock } from "../src/telemetry/clock.js";

keepHeapLean();
const quiet = { write: () => {} };
const urls: string[] = [];
for (const file of process.argv.slice(2)) {
  const server = await startServer(loadConfig(file, process.env), { clock: systemClock, logTo: quiet });
  urls.push(server.url);
}
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.send?.(urls);
process.once("disconnect", () => process.exit());
