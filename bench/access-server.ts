/**
 * A server with access control, and its authentication a second time to be asked alone. Started by access.ts with a configuration file; sends
 * its address, then answers: `cpu` with the processor time used so far, a token with the processor time of one authentication (both µs).
 */
import { loadConfig } from "../src/config/load-config.js";
import { keepHeapLean } from "../src/server/lean-heap.js";
import { createLogger } from "../src/server/logger.js";
import { openAuthentication } from "../src/server/open-authentication.js";
import { startServer } from "../src/server/start-server.js";
import { systemClock as clock } from "../src/telemetry/clock.js";

const [file = ""] = process.argv.slice(2);
const logTo = { write: () => {} };
/** Before the code is compiled, and then of so many. */
const [warm, counted] = [2_000, 5_000];

keepHeapLean();
const loaded = loadConfig(file, process.env);
const server = await startServer(loaded, { clock, logTo });
const { authenticate } = openAuthentication(loaded, {
  clock,
  logger: createLogger({ level: "silent", secrets: [] }, logTo),
});

function usedUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function authenticationUs(token: string): Promise<number> {
  const caller = { headers: { authorization: `Bearer ${token}` }, ip: "127.0.0.1" };
  for (let n = 0; n < warm; n += 1) await authenticate(caller);
  const before = usedUs();
  for (let n = 0; n < counted; n += 1) await authenticate(caller);
  return (usedUs() - before) / counted;
}

process.on("message", async (asked: string) => {
  process.send?.(asked === "cpu" ? usedUs() : await authenticationUs(asked));
});
process.once("disconnect", () => process.exit());
process.send?.(server.url);
