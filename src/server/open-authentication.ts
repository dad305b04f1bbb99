/** Tokens and issuers of the configuration plugged together: who asks. Used by start-server.ts and start-demo.ts. */
import type { Logger } from "pino";
import { type Authenticate, createAuthenticate } from "../access/authenticate.js";
import { createKeySet } from "../access/oidc/key-set.js";
import { createVerifyToken, type Issuer } from "../access/oidc/verify-token.js";
import { limitRate } from "../access/rate-limit.js";
import type { LoadedConfig } from "../config/load-config.js";
import { createHttpClient } from "../http/create-http-client.js";
import type { Clock } from "../telemetry/clock.js";

/** The check of every request, and the end of the connections it keeps. */
export interface Authentication {
  readonly authenticate: Authenticate;
  close(): Promise<void>;
}

const fetchTimeoutMs = 5_000;

interface AuthenticationDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Nothing is asked of an issuer before its first token comes. */
export function openAuthentication(loaded: LoadedConfig, deps: AuthenticationDeps): Authentication {
  const { authenticate, close } = openIssuers(loaded, deps);
  const { rateLimit } = loaded.config.server;
  return {
    authenticate: rateLimit === undefined ? authenticate : limitRate(authenticate, rateLimit, deps.clock),
    close,
  };
}

function openIssuers(
  { config: { auth }, issuers: connections }: LoadedConfig,
  { clock, logger }: AuthenticationDeps,
): Authentication {
  if (auth === undefined || auth === "none" || auth.oidc.length === 0) {
    return { authenticate: createAuthenticate(auth), close: async () => {} };
  }
  const opened = auth.oidc.flatMap((settings) => {
    const connection = connections?.get(settings.name);
    if (connection === undefined) return [];
    const http = createHttpClient(connection, { clock });
    const fetchKeys = async () => {
      const options = { signal: AbortSignal.timeout(fetchTimeoutMs), deadlineMs: clock.nowMs() + fetchTimeoutMs };
      const { body } = await http.request({ method: "GET", path: "", operation: "jwks" }, options);
      return JSON.parse(body.toString("utf8")) as unknown;
    };
    const { name } = settings;
    const onFailed = (error: unknown) =>
      logger.warn({ err: error, issuer: name }, "the keys of an issuer could not be read; those at hand serve on");
    const issuer: Issuer = { settings, keys: createKeySet({ name, fetchKeys, clock, onFailed }) };
    return [{ issuer, http }];
  });
  const verify = createVerifyToken(
    opened.map(({ issuer }) => issuer),
    clock,
  );
  return {
    authenticate: createAuthenticate(auth, verify),
    close: async () => void (await Promise.all(opened.map(({ http }) => http.close()))),
  };
}
