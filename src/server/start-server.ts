/** Composes, listens and stops again without dropping answers under way. Called by `meshlens serve` and `meshlens demo`. */
import { once } from "node:events";
import { createServer } from "node:net";
import type { FastifyInstance } from "fastify";
import type { DestinationStream } from "pino";
import type { Authenticate } from "../access/authenticate.js";
import type { Environment } from "../config/interpolate.js";
import type { LoadedConfig } from "../config/load-config.js";
import { errorWord } from "../config/source-connection.js";
import { MeshlensError } from "../errors.js";
import type { Clock } from "../telemetry/clock.js";
import { type Composition, compose } from "./compose.js";
import { openChangeStore } from "./keep-changes.js";
import { ownHeapAdvice } from "./lean-heap.js";
import { createLogger } from "./logger.js";
import type { LoopDelay } from "./loop-delay.js";
import { type AlertingDeps, openAlerting, type RunningAlerting } from "./open-alerting.js";
import { openAuthentication } from "./open-authentication.js";
import { readPrepared } from "./read-prepared.js";
import { buildServer } from "./server.js";

/** A listening server. */
export interface RunningServer {
  /** Such as http://127.0.0.1:4000. */
  readonly url: string;
  /** Accepts nothing new, waits for answers under way (at most server.shutdownGraceMs), then ends all connections. */
  stop(reason: string): Promise<void>;
}

/**
 * Starts a server, and evaluations where objectives are configured.
 * @throws MESHLENS_ERR_SERVER_LISTEN when the address cannot be had · MESHLENS_ERR_STORE_* · MESHLENS_ERR_CONFIG_INVALID for objectives
 */
export async function startServer(
  loaded: LoadedConfig,
  deps: {
    readonly clock: Clock;
    readonly logTo?: DestinationStream;
    readonly composition?: Composition;
    /** `${VAR}` of objective files; default the process's. */
    readonly environment?: Environment;
    /** How evaluations wait; for tests. */
    readonly pause?: AlertingDeps["pause"];
    /** How long leases last where copies share the store; for tests. */
    readonly leaseTimes?: AlertingDeps["leaseTimes"];
    /** How far the loop is behind; for tests. */
    readonly loopDelay?: LoopDelay;
    /** Adds routes of its own before the server listens. */
    readonly extend?: (app: FastifyInstance, authenticate: Authenticate) => void;
  },
): Promise<RunningServer> {
  const { host, port, shutdownGraceMs, logLevel } = loaded.config.server;
  const logger = createLogger({ level: logLevel, secrets: loaded.secrets }, deps.logTo);
  const advice = ownHeapAdvice();
  if (advice !== null) logger.warn(advice);
  const prepared = readPrepared(loaded);
  const composition = deps.composition ?? (await compose(loaded, deps));
  const environment = deps.environment ?? process.env;
  const forTests = {
    ...(deps.pause === undefined ? {} : { pause: deps.pause }),
    ...(deps.leaseTimes === undefined ? {} : { leaseTimes: deps.leaseTimes }),
  };
  let alerting: RunningAlerting | null;
  let changes: { close(): Promise<void> } | null = null;
  try {
    alerting = await openAlerting(loaded, { composition, logger, environment, ...forTests });
    if (alerting === null)
      changes = await openChangeStore(loaded, {
        sources: composition.clusterSources,
        clock: composition.clock,
        logger,
      });
  } catch (error) {
    await composition.close();
    throw error;
  }
  const authentication = openAuthentication(loaded, { clock: deps.clock, logger });
  const { authenticate } = authentication;
  const app = await buildServer({
    config: loaded.config,
    composition,
    alerting,
    authenticate,
    prepared,
    tls: loaded.serverTls ?? null,
    ...(deps.loopDelay === undefined ? {} : { loopDelay: deps.loopDelay }),
    logger,
  });
  deps.extend?.(app, authenticate);
  let url: string;
  try {
    url = await app.listen({ host, port });
  } catch (error) {
    await app.close();
    await alerting?.close();
    await changes?.close();
    await authentication.close();
    await composition.close();
    throw listenError(host, port, errorWord(error), error);
  }
  logger.info({ url, sources: composition.sources.map(({ name }) => name) }, "listening");

  return {
    url,
    async stop(reason) {
      logger.info({ reason }, "stopping: answers under way may finish");
      const patience = setTimeout(() => {
        logger.warn({ shutdownGraceMs }, "answers under way took too long and are cut");
        app.server.closeAllConnections();
      }, shutdownGraceMs);
      await app.close();
      clearTimeout(patience);
      await alerting?.close();
      await changes?.close();
      await authentication.close();
      await composition.close();
      logger.info("stopped");
    },
  };
}

/**
 * Tries the address and lets go of it, for a program that has much to do before it listens.
 * @param remedy how another port is chosen, for a port that is in use
 * @throws MESHLENS_ERR_SERVER_LISTEN when the address cannot be had
 */
export async function tryAddress({ config }: LoadedConfig, remedy: string): Promise<void> {
  const { host, port } = config.server;
  const server = createServer();
  try {
    await once(server.listen({ host, port }), "listening");
  } catch (error) {
    const word = errorWord(error);
    throw listenError(host, port, word, error, word === "EADDRINUSE" ? `the port is in use: ${remedy}` : undefined);
  }
  server.close();
  await once(server, "close");
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use: stop the other program or set server.port (0 takes a free one)",
  EACCES: "this user may not listen on that port: set server.port to 1024 or more",
  EADDRNOTAVAIL: "the address is not of this machine: set server.host",
  ENOTFOUND: "the name does not resolve: set server.host to an address",
};

function listenError(
  host: string,
  port: number,
  word: string,
  cause: unknown,
  reason: string = reasons[word] ?? `the system says ${word}`,
): MeshlensError {
  return new MeshlensError("MESHLENS_ERR_SERVER_LISTEN", `cannot listen on ${host}:${port}: ${reason}`, {}, cause);
}
