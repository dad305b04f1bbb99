/** Tells the audit log of sign-ins and requests that were refused (401, 403, 429), by whom and how often. Used by server.ts. */
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Authenticate } from "../access/authenticate.js";
import { createRefusalLog } from "../access/refusal-log.js";
import { isMeshlensError } from "../errors.js";
import { statusOfCode } from "./error-answers.js";

const flushEveryMs = 60_000;
const refusedStatuses: ReadonlySet<number> = new Set([401, 403, 429]);

/** The same authentication, overheard: an answer says that it was refused, and only this who asked. */
export function auditRefusals(app: FastifyInstance, authenticate: Authenticate, logger: Logger): Authenticate {
  // Kept whatever level the rest of the log has.
  const audit = logger.child({ audit: true }, { level: logger.level === "silent" ? "silent" : "info" });
  const log = createRefusalLog((refusal) => audit.info(refusal, "a caller was refused"));
  const names = new WeakMap<object, string>();
  const timer = setInterval(log.flush, flushEveryMs);
  timer.unref();
  app.addHook("onClose", async () => {
    clearInterval(timer);
    log.flush();
  });

  app.addHook("onResponse", async (request, reply) => {
    if (!refusedStatuses.has(reply.statusCode)) return;
    const { url: route = "unmatched" } = request.routeOptions;
    log.refused({ by: names.get(request) ?? `address ${request.ip}`, status: reply.statusCode, route });
  });

  return async (caller) => {
    try {
      const principal = await authenticate(caller);
      names.set(caller, principal.name);
      return principal;
    } catch (refusal) {
      // A WebSocket is told so after its upgrade, which is an answer that refuses nothing.
      const status = isMeshlensError(refusal) ? statusOfCode[refusal.code] : undefined;
      if (status !== undefined && refusedStatuses.has(status) && "upgrade" in caller.headers)
        log.refused({ by: `address ${caller.ip}`, status, route: "/graphql (WebSocket)" });
      throw refusal;
    }
  };
}
