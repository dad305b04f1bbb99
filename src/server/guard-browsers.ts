/** What browsers need to be told and kept from: CORS, requests of foreign pages, headers that take rights away from answers. Used by server.ts. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { createOriginCheck } from "../access/origin-check.js";
import type { MeshlensConfig } from "../config/config-schema.js";
import { MeshlensError } from "../errors.js";

const preflightSeconds = "600";
const askedHeaders = "authorization, content-type, x-meshlens-debug, x-request-id, traceparent";
const shownHeaders = "x-request-id, retry-after";

/** Adds the hooks. `exempt` are routes that only a signature opens. */
export function guardBrowsers(app: FastifyInstance, config: MeshlensConfig, exempt: ReadonlySet<string>): void {
  const pageOf = createOriginCheck(config);
  const isOpen = config.auth === undefined || config.auth === "none";
  const hasCors = config.server.cors.origins.length > 0;

  app.addHook("onRequest", async (request, reply) => {
    const { method, headers } = request;
    const page = pageOf(headers);
    if (hasCors) reply.header("vary", "Origin");
    if (page === "ALLOWED") {
      reply.header("access-control-allow-origin", headers.origin).header("access-control-expose-headers", shownHeaders);
      if (method === "OPTIONS" && headers["access-control-request-method"] !== undefined) return preflight(reply);
    }
    const { url = "" } = request.routeOptions;
    const changes = method !== "GET" && method !== "HEAD";
    if (page !== "FOREIGN" || !isOpen || exempt.has(url) || !(changes || url === "/graphql")) return;
    throw new MeshlensError(
      "MESHLENS_ERR_ACCESS_FORBIDDEN",
      "a web page of another origin may not ask where nobody is asked for a token: add its origin to server.cors.origins, or configure auth",
    );
  });

  app.addHook("onSend", async (request, reply, payload) => {
    // Pages of ours say themselves what they may load.
    if (!reply.hasHeader("content-security-policy"))
      reply.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    if (!reply.hasHeader("referrer-policy")) reply.header("referrer-policy", "no-referrer");
    if (!reply.hasHeader("cache-control") && request.routeOptions.url === "/graphql")
      reply.header("cache-control", "no-store");
    reply.header("x-frame-options", "DENY");
    if (config.server.tls !== undefined) reply.header("strict-transport-security", "max-age=31536000");
    return payload;
  });
}

/** A refused upgrade leaves a socket behind that Node has let go of: nobody but us ends it. */
export function endRefusedUpgrades(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    if (request.headers.upgrade !== undefined && reply.statusCode >= 400) request.raw.socket.end();
  });
}

function preflight(reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .header("access-control-allow-methods", "GET, POST")
    .header("access-control-allow-headers", askedHeaders)
    .header("access-control-max-age", preflightSeconds)
    .send();
}
