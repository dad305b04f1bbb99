/** `POST /webhooks/alertmanager`: alerts of Alertmanager, stored before they are accounted for. Registered where alerting runs. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Authenticate } from "../access/authenticate.js";
import { type Principal, requireAction } from "../access/principal.js";
import type { AlertInbox } from "../alerting/ruler/alert-inbox.js";
import { type ReadWebhook, readWebhook } from "../alerting/ruler/read-webhook.js";
import { isMeshlensError, MeshlensError } from "../errors.js";
import type { RulerAlert, RulerSource } from "../telemetry/ruler-alert.js";
import type { WebhookMetrics } from "./webhook-metrics.js";

/** Where Alertmanager posts. */
export const webhookPath = "/webhooks/alertmanager";

/** What it needs. */
export interface WebhookDeps {
  readonly authenticate: Authenticate;
  readonly inbox: Pick<AlertInbox, "hear">;
  /** Null where the address of Alertmanager is not configured. */
  readonly source: RulerSource | null;
  readonly nowMs: () => number;
  readonly maxBodyBytes: number;
  readonly metrics: WebhookMetrics;
}

/** Bodies that are read at once, in multiples of the largest. */
const bodiesAtOnce = 4;
const retryAfterSeconds = 10;
const askTimeoutMs = 8_000;

/**
 * Adds the route. 200: stored. 503 with Retry-After: nothing is, tell it again; Alertmanager does. 400, 401, 403, 413: telling it again
 * would not help, and Alertmanager does not.
 */
export function registerAlertmanagerWebhook(app: FastifyInstance, deps: WebhookDeps): void {
  const { authenticate, maxBodyBytes, metrics } = deps;
  const principals = new WeakMap<FastifyRequest, Principal>();
  const most = bodiesAtOnce * maxBodyBytes;
  let underWay = 0;
  const weights = new WeakMap<FastifyRequest, number>();

  app.register(async (room) => {
    // Before the body is read: whoever may not tell us anything sends nothing, and memory is bounded.
    room.addHook("onRequest", async (request, reply) => {
      const principal = await authenticate(request);
      requireAction(principal, "report");
      principals.set(request, principal);
      const weight = weightOf(request, maxBodyBytes);
      if (underWay > 0 && underWay + weight > most) return full(reply, metrics, "too many bodies at once");
      underWay += weight;
      weights.set(request, weight);
    });
    room.addHook("onResponse", async (request) => {
      underWay -= weights.get(request) ?? 0;
      weights.delete(request);
    });
    room.addHook("onRequestAbort", async (request) => {
      underWay -= weights.get(request) ?? 0;
      weights.delete(request);
    });
    room.post(webhookPath, { bodyLimit: maxBodyBytes }, async (request, reply) => {
      const principal = principals.get(request);
      const read = readWebhook(request.body);
      if ("refusal" in read) {
        metrics.refused(1);
        throw new MeshlensError("MESHLENS_ERR_QUERY_INPUT", read.refusal);
      }
      if (read.malformedCount > 0 && read.alerts.length === 0) {
        metrics.refused(read.malformedCount);
        throw new MeshlensError("MESHLENS_ERR_QUERY_INPUT", "no alert of the body has labels, a status and a start");
      }
      if (principal === undefined) throw new MeshlensError("MESHLENS_ERR_INTERNAL", "a request without its caller");
      return take(request, reply, deps, read, principal);
    });
  });
}

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: WebhookDeps,
  read: ReadWebhook,
  principal: Principal,
) {
  const { inbox, metrics } = deps;
  try {
    const left = read.truncatedCount === 0 ? [] : await leftOut(request, deps, read);
    const outcome = await inbox.hear([...left, ...read.alerts], principal.visibility);
    if (outcome.isFull) return full(reply, metrics, "the inbox is full");
    const refused = read.malformedCount + outcome.notVisibleCount;
    metrics.accepted(outcome.acceptedCount);
    metrics.refused(refused);
    if (refused > 0) {
      const { malformedCount: malformed } = read;
      request.log.warn({ malformed, notVisible: outcome.notVisibleCount }, "alerts of Alertmanager were not taken");
    }
    if (outcome.acceptedCount === 0 && outcome.notVisibleCount > 0) {
      throw new MeshlensError(
        "MESHLENS_ERR_ACCESS_FORBIDDEN",
        `${principal.name} may not tell of these services: add their namespaces to it in auth`,
      );
    }
    return reply.code(200).send({ accepted: outcome.acceptedCount, refused });
  } catch (error) {
    const isPassing = isMeshlensError(error) && /_(STORE|SOURCE)_/.test(error.code);
    if (!isPassing) throw error;
    request.log.warn({ err: error }, "alerts of Alertmanager could not be stored; it tells them again");
    return full(reply, metrics, "what was told could not be stored");
  }
}

/** What Alertmanager left out of the body, from itself. @throws MESHLENS_ERR_SOURCE_* */
async function leftOut(
  request: FastifyRequest,
  { source, nowMs, metrics }: WebhookDeps,
  { groupLabels, receiver, truncatedCount }: ReadWebhook,
): Promise<readonly RulerAlert[]> {
  if (source === null) {
    metrics.truncated(truncatedCount);
    request.log.warn(
      { truncated: truncatedCount },
      "Alertmanager left alerts out: set max_alerts of the webhook to 0, or alerting.alertmanager.url",
    );
    return [];
  }
  const options = { signal: AbortSignal.timeout(askTimeoutMs), deadlineMs: nowMs() + askTimeoutMs };
  const held = await source.alerts({ labels: groupLabels, receiver }, options);
  return held.filter(({ silencedBy }) => silencedBy.length === 0);
}

function weightOf({ headers }: FastifyRequest, maxBodyBytes: number): number {
  const told = Number(headers["content-length"] ?? Number.NaN);
  return Number.isFinite(told) ? Math.min(told, maxBodyBytes) : maxBodyBytes;
}

function full(reply: FastifyReply, metrics: WebhookMetrics, why: string): FastifyReply {
  metrics.putOff();
  return reply
    .code(503)
    .header("retry-after", String(retryAfterSeconds))
    .send({ errors: [{ message: `${why}: tell it again in ${retryAfterSeconds} s`, extensions: { code: "BUSY" } }] });
}
