/** The HTTP server around GraphQL: ids, log lines, access, limits, health, metrics. start-server.ts listens with it. */
import { randomUUID } from "node:crypto";
import type { Server as HttpsServer } from "node:https";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  fastify,
  LogController,
} from "fastify";
import type { Logger } from "pino";
import { type Authenticate, type Caller, createAuthenticate } from "../access/authenticate.js";
import { createHostCheck } from "../access/host-check.js";
import { requireAction, requireSight, seesAll } from "../access/principal.js";
import type { MeshlensConfig } from "../config/config-schema.js";
import type { ServerTls } from "../config/load-config.js";
import { MeshlensError } from "../errors.js";
import { registerGraphql } from "../graphql/register-graphql.js";
import { registerAlertmanagerWebhook } from "./alertmanager-webhook.js";
import { auditRefusals } from "./audit-refusals.js";
import { boundSockets } from "./bound-sockets.js";
import type { Composition } from "./compose.js";
import { cutSlowReaders } from "./cut-slow-readers.js";
import { answerErrors } from "./error-answers.js";
import { registerGraphiql } from "./graphiql.js";
import { endRefusedUpgrades, guardBrowsers } from "./guard-browsers.js";
import { registerHealth } from "./health.js";
import { type LoopDelay, watchLoopDelay } from "./loop-delay.js";
import type { RunningAlerting } from "./open-alerting.js";
import { graphqlDeps } from "./plug-graphql.js";
import { renewCertificate } from "./renew-certificate.js";
import { scrapeServices, serviceMetricsText } from "./service-metrics.js";
import { interactionsPath, registerSlackInteractions } from "./slack-interactions.js";
import type { RequestTrace } from "./tracing.js";

/** What a server is built from. */
export interface ServerDeps {
  readonly config: MeshlensConfig;
  readonly composition: Composition;
  /** Null or left out: no objectives are configured. */
  readonly alerting?: RunningAlerting | null;
  /** Left out: nobody is asked who it is. */
  readonly authenticate?: Authenticate;
  /** Null or left out: http. */
  readonly tls?: ServerTls | null;
  /** Shapes of the GraphQL documents that are answered; null or left out: all are. */
  readonly prepared?: ReadonlySet<string> | null;
  /** How far the loop is behind; default: it is watched. Stopped with the server. */
  readonly loopDelay?: LoopDelay;
  readonly logger: Logger;
}

/** A server that does not listen yet; closing it lets answers under way finish. */
export async function buildServer({
  config,
  composition,
  alerting = null,
  authenticate: authenticated = createAuthenticate(undefined),
  tls = null,
  prepared = null,
  loopDelay = watchLoopDelay(),
  logger,
}: ServerDeps): Promise<FastifyInstance> {
  const { server } = config;
  const app: FastifyInstance = fastify({
    ...(tls === null ? {} : { https: { cert: tls.cert, key: tls.key } }),
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: false,
    bodyLimit: server.limits.bodyBytes,
    // Of a whole request's arrival, of a silent connection (answers may take requestTimeoutMs), of an idle kept-alive one.
    requestTimeout: 30_000,
    connectionTimeout: server.requestTimeoutMs * 2 + 60_000,
    keepAliveTimeout: 72_000,
    return503OnClosing: true,
    forceCloseConnections: "idle",
    genReqId: ({ headers }) => {
      const given = headers["x-request-id"];
      return typeof given === "string" && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
    },
  } as FastifyServerOptions);
  answerErrors(app);
  cutSlowReaders(app);
  if (tls !== null) {
    const stop = renewCertificate(app.server as HttpsServer, tls, { logger });
    app.addHook("onClose", async () => stop());
  }
  const authenticate = auditRefusals(app, authenticated, logger);
  endConnectionsOnClose(app);
  boundSockets(app.server, server.limits, (address) =>
    logger.warn({ address }, "a client has more sockets than server.limits allow: further ones are cut"),
  );
  followRequests(app, composition);
  guardHost(app, config);
  guardBrowsers(app, config, guardedElsewise);
  endRefusedUpgrades(app);
  registerHealth(app, {
    ...composition,
    alerting,
    mayReadDetails: (request) => mayReadAll(authenticate, request),
  });
  app.get("/metrics", async (request, reply) => {
    const principal = await authenticate(request);
    requireAction(principal, "read");
    // Series name services, operations of others and how many incidents there are.
    requireSight(principal);
    const text = await composition.selfMetrics.print({ withObjectives: true });
    const namespaces = config.metrics.services;
    if (namespaces.length > 0) {
      const services = await serviceMetricsText(await scrapeServices(composition, namespaces));
      return reply.type(composition.selfMetrics.contentType).send(`${text}\n${services}`);
    }
    return reply.type(composition.selfMetrics.contentType).send(text);
  });
  if (server.graphiql) registerGraphiql(app);
  if (alerting !== null && config.slack?.signingSecret !== undefined) {
    const { signingSecret, apiUrl } = config.slack;
    registerSlackInteractions(app, { signingSecret, apiUrl, desk: alerting.desk, clock: composition.clock });
  }
  if (alerting !== null) {
    const { inbox, source, maxBodyBytes } = alerting.ruler;
    const { clock, selfMetrics } = composition;
    registerAlertmanagerWebhook(app, {
      authenticate,
      inbox,
      source,
      nowMs: () => clock.nowMs(),
      maxBodyBytes,
      metrics: selfMetrics.webhook,
    });
  }
  const { behindMs, stop } = loopDelay;
  app.addHook("onClose", async () => stop());
  await registerGraphql(
    app,
    graphqlDeps(config, { ...composition, alerting: alerting?.desk ?? null, prepared, behindMs }, authenticate, logger),
  );
  return app;
}

/** Gives each request its trace, its ids and one log line; paths and queries are not logged, because they may hold data. */
function followRequests(app: FastifyInstance, { tracing, selfMetrics }: Composition): void {
  const traces = new WeakMap<object, RequestTrace>();
  app.addHook("onRequest", (request, reply, done) => {
    const trace = tracing.startRequest({ method: request.method, headers: request.headers });
    traces.set(request, trace);
    if (trace.traceId !== null) request.log = request.log.child({ traceId: trace.traceId });
    reply.header("x-request-id", request.id).header("x-content-type-options", "nosniff");
    trace.run(done);
  });
  // Reading the body leaves the context entered above; the handler runs in it again.
  app.addHook("preHandler", (request, _reply, done) => {
    const trace = traces.get(request);
    if (trace === undefined) done();
    else trace.run(done);
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unmatched";
    const outcome = { route, method: request.method, status: reply.statusCode, durationMs: reply.elapsedTime };
    selfMetrics.httpRequest(outcome);
    traces.get(request)?.end(outcome);
    request.log.info({ ...outcome, durationMs: Math.round(reply.elapsedTime * 10) / 10 }, "answered");
  });
}

/** While closing, each answer ends its connection: one kept alive would hold the process until its idle timeout. */
function endConnectionsOnClose(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
  });
  app.addHook("onSend", async (_request, reply) => {
    if (isClosing) reply.header("connection", "close");
  });
}

/** What says nothing to anybody, and what only a signature opens. */
const guardedElsewise: ReadonlySet<string> = new Set(["/healthz", interactionsPath]);

function guardHost(app: FastifyInstance, config: MeshlensConfig): void {
  const isOurName = createHostCheck(config);
  app.addHook("onRequest", async (request) => {
    const { url = "" } = request.routeOptions;
    if (guardedElsewise.has(url) || isOurName(request.headers.host)) return;
    throw new MeshlensError(
      "MESHLENS_ERR_ACCESS_FORBIDDEN",
      "without auth Meshlens answers to loopback names only: ask for http://127.0.0.1, set server.publicUrl, or configure auth",
    );
  });
}

async function mayReadAll(authenticate: Authenticate, request: Caller): Promise<boolean> {
  try {
    const principal = await authenticate(request);
    return principal.actions.has("read") && seesAll(principal);
  } catch {
    return false;
  }
}
