/**
 * A process of its own: one of several copies on one store, over a mesh in memory and at a clock that are the same in all of them. Says in one line
 * each when it leads, does not lead any more, or listens; ends with SIGTERM. Arguments: configuration, the clock's file, how fast it runs, after how
 * many minutes the weather repeats, whether leases are `short` or `usual`.
 */
import { writeSync } from "node:fs";
import { loadConfig } from "../../../src/config/load-config.js";
import { composeOver } from "../../../src/server/compose.js";
import { startServer } from "../../../src/server/start-server.js";
import { createWeatheredMesh } from "../../alerting/evaluated-mesh.js";
import { pausesBy, readSharedClock } from "./shared-clock.js";
import { copyLeaseTimes, scrapedWhenAsked, weatherOf } from "./sped-clock.js";

const [file = "", clockFile = "", speed = "1", period = "20", leases = "short"] = process.argv.slice(2);
const clock = readSharedClock(clockFile);
const mesh = createWeatheredMesh(weatherOf(Number(period)));
const loaded = loadConfig(file, {});
const composition = await composeOver(loaded, clock, {
  metricSources: [scrapedWhenAsked(mesh, clock)],
  traceSources: [],
  logSources: [],
  workloadSources: [],
});
const words = ["this copy leads", "another copy leads"];
const server = await startServer(loaded, {
  clock,
  composition,
  environment: {},
  ...(leases === "short" ? { leaseTimes: copyLeaseTimes } : {}),
  pause: pausesBy(clock, Number(speed)),
  logTo: {
    write(line) {
      const { msg = "" } = JSON.parse(line) as { readonly msg?: string };
      if (words.some((word) => msg.startsWith(word))) writeSync(1, `${msg}\n`);
      else if (process.env["COPY_LOG"] === "1") writeSync(2, line);
    },
  },
});
writeSync(1, `listens ${server.url}\n`);
process.once("SIGTERM", async () => {
  await server.stop("SIGTERM");
  process.exit(0);
});
