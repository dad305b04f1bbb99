/** Errors outside GraphQL as GraphQL clients read them: `{"errors": [{message, extensions: {code}}]}`. Causes go to the log only. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { refusalHeaders } from "../access/refusal-headers.js";
import { type ErrorCode, errorKinds, isMeshlensError } from "../errors.js";

/** Status of an answer to an error of ours; 500 for those that are not here. */
export const statusOfCode: Partial<Record<ErrorCode, number>> = {
  MESHLENS_ERR_ACCESS_UNAUTHENTICATED: 401,
  MESHLENS_ERR_ACCESS_FORBIDDEN: 403,
  MESHLENS_ERR_ACCESS_KEYS_UNAVAILABLE: 503,
  MESHLENS_ERR_ACCESS_RATE_LIMITED: 429,
  MESHLENS_ERR_QUERY_INPUT: 400,
  MESHLENS_ERR_QUERY_COST: 400,
  MESHLENS_ERR_DEMO_SCENARIO: 400,
};

/** Sets the answers for thrown errors and unknown paths. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    if (isMeshlensError(error)) {
      const status = statusOfCode[error.code] ?? 500;
      reply.headers(refusalHeaders(error));
      if (status === 500) request.log.error({ err: error }, "request failed");
      return send(reply, status, error.message, errorKinds[error.code].graphql);
    }
    const status = statusOf(error);
    if (status < 500) return send(reply, status, sentences[status] ?? "the request is malformed", "BAD_REQUEST");
    request.log.error({ err: error }, "request failed");
    return send(reply, 500, `a fault of Meshlens itself; its log has the cause under request ${request.id}`, internal);
  });

  app.setNotFoundHandler((_request, reply) => {
    return send(
      reply,
      404,
      "no such path: ask POST /graphql, or see /graphiql, /healthz, /readyz, /metrics",
      "NOT_FOUND",
    );
  });
}

const internal = errorKinds.MESHLENS_ERR_INTERNAL.graphql;

/** Fastify's own refusals in our words, because its messages may repeat what was sent. */
const sentences: Readonly<Record<number, string>> = {
  400: "the request is malformed: send a JSON body with a query",
  413: "the body is larger than server.limits.bodyBytes allows (alerting.alertmanager.maxBodyBytes for alerts: max_alerts of Alertmanager's webhook makes it smaller)",
  415: "the content type is not accepted: send application/json",
};

function statusOf(error: unknown): number {
  const status = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : null;
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}

function send(reply: FastifyReply, status: number, message: string, code: string): FastifyReply {
  return reply
    .code(status)
    .type("application/json; charset=utf-8")
    .send({ errors: [{ message, extensions: { code } }] });
}
