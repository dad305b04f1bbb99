/** `POST /slack/interactions`: what people press under our messages, as signed requests of Slack. Registered where a signing secret is configured. */
import type { FastifyInstance } from "fastify";
import { MeshlensError } from "../errors.js";
import { carryOutPress, type PressDesk } from "../slack/interactions/carry-out-press.js";
import { readPress } from "../slack/interactions/read-press.js";
import { createRequestVerifier, type Refusal } from "../slack/interactions/verify-request.js";
import { createWhisper } from "../slack/interactions/whisper.js";
import type { Clock } from "../telemetry/clock.js";

/** Where Slack sends what is pressed. */
export const interactionsPath = "/slack/interactions";

/** What it needs. */
export interface InteractionDeps {
  readonly signingSecret: string;
  /** As configured; undefined for Slack's own. */
  readonly apiUrl: string | undefined;
  readonly desk: PressDesk;
  readonly clock: Clock;
}

/** A press brings the message it is under with it, as a form. */
const mostBytes = 1_048_576;

const refusals: Readonly<Record<Refusal, string>> = {
  UNSIGNED: "the request is not signed by Slack",
  LATE: "the request is more than five minutes old, or a clock is wrong",
  FORGED: "the signature is not Slack's: set slack.signingSecret to the app's signing secret",
  REPLAYED: "the request has been here before",
};

/** Adds the route. Slack is answered when it is done, well within its three seconds; a failing store is 500, which Slack shows. */
export function registerSlackInteractions(app: FastifyInstance, deps: InteractionDeps): void {
  const { signingSecret, apiUrl, desk, clock } = deps;
  const verify = createRequestVerifier(signingSecret, clock);
  const whisper = createWhisper(apiUrl);

  app.register(async (room) => {
    // The signature is over the bytes as they came.
    room.removeAllContentTypeParsers();
    room.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: mostBytes }, (_request, body, done) => {
      done(null, body);
    });
    room.post(interactionsPath, { bodyLimit: mostBytes }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const refusal = verify({
        timestamp: one(request.headers["x-slack-request-timestamp"]),
        signature: one(request.headers["x-slack-signature"]),
        body,
      });
      if (refusal !== null) {
        request.log.warn({ refusal }, "an interaction was refused");
        throw new MeshlensError("MESHLENS_ERR_ACCESS_UNAUTHENTICATED", refusals[refusal]);
      }
      const press = readPress(body.toString());
      if (press === null) {
        request.log.info("an interaction that is none of ours was left alone");
        return reply.code(200).send();
      }
      const { isDone, words } = await carryOutPress(desk, press);
      request.log.info({ alert: press.incidentId, by: press.by, pressed: press.action.do, isDone }, "pressed in Slack");
      if (words !== null && press.responseUrl !== null) void whisper(press.responseUrl, words);
      return reply.code(200).send();
    });
  });
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? undefined : header;
}
