/** A GraphQL document run without a server, through the same route as one. Called by `query` and `diagnose`. */
import { neverBehind } from "../server/loop-delay.js";
import { systemClock } from "../telemetry/clock.js";
import { loadForCommand } from "./load.js";

/** What goes to the route; `operationName` may be left out. */
export interface AskedDocument {
  readonly query: string;
  readonly variables: object;
  readonly operationName?: string | undefined;
}

/** The answer's body: `data`, `errors`, `extensions`. @throws MESHLENS_ERR_CONFIG_INVALID */
export async function askInProcess(configFile: string | undefined, document: AskedDocument): Promise<unknown> {
  const loaded = loadForCommand(configFile);
  const { compose } = await import("../server/compose.js");
  const { createLogger } = await import("../server/logger.js");
  const { buildServer } = await import("../server/server.js");
  const composition = await compose(loaded, { clock: systemClock });
  const logger = createLogger({ level: "silent", secrets: loaded.secrets });
  // Who can read the configuration file needs no token.
  const { auth: _, ...config } = loaded.config;
  const app = await buildServer({ config, composition, loopDelay: neverBehind, logger });
  try {
    const answer = await app.inject({
      method: "POST",
      url: "/graphql",
      headers: { host: "localhost" },
      payload: document,
    });
    return answer.json();
  } finally {
    await app.close();
    await composition.close();
  }
}
