/** Carries out a plan: looks for what may have arrived, then posts, edits, answers or uploads. Called by the pass. */
import type { StoredDelivery } from "../store/outbox-store.js";
import type { Failure } from "./call-result.js";
import { type DeliveryPayload, type DeliveryReceipt, isPicture } from "./delivery-payload.js";
import { type SlackMessage, section } from "./message/block.js";
import { md, own, words } from "./message/mrkdwn.js";
import type { Plan } from "./plan-attempt.js";
import { pictureWords, renderPicture } from "./render-picture.js";
import { refusalKind } from "./slack-errors.js";
import type { CallResult, MessageMetadata, MessagePlace, SlackPort } from "./slack-port.js";

/** How it ended. `isFound`: an earlier attempt had arrived. */
export type Sent =
  | { readonly kind: "sent"; readonly receipt: DeliveryReceipt; readonly isFound: boolean }
  | { readonly kind: "failed"; readonly failure: Failure; readonly isLookup: boolean };

/** A plan that calls Slack. */
export type SendPlan = Exclude<Plan, { readonly do: "first" | "leave-out" | "give-up" }>;

/** Does it. Never rejects. */
export async function send(
  slack: SlackPort,
  delivery: StoredDelivery,
  plan: SendPlan,
  wasAmbiguous: boolean,
): Promise<Sent> {
  const { payload } = plan;
  const metadata = metadataOf(delivery, payload.state);
  const receiptOf = (place: MessagePlace): DeliveryReceipt =>
    !slack.canEdit
      ? { kind: "webhook" }
      : payload.kind === "anchor"
        ? {
            kind: "anchor",
            channel: place.channel,
            ts: place.ts,
            first: plan.do === "update" ? plan.anchor.first : { state: payload.state, severity: payload.severity },
          }
        : { kind: "reply", channel: place.channel, ts: place.ts };
  const ended = (result: CallResult<MessagePlace>): Sent =>
    result.kind === "ok"
      ? { kind: "sent", receipt: receiptOf(result.value), isFound: false }
      : { kind: "failed", failure: result, isLookup: false };

  if (plan.do === "update") {
    const { message } = plan.payload;
    return ended(await plainly(message, (content) => slack.update(plan.anchor, { message: content, metadata })));
  }
  const threadTs = plan.do === "post" ? null : plan.anchor.ts;
  const channel = plan.do === "post" ? delivery.channel : plan.anchor.channel;
  if (wasAmbiguous && slack.canEdit) {
    const found = await slack.find({ channel, threadTs, sinceMs: delivery.queuedAtMs, deliveryId: delivery.id });
    if (found.kind === "ok" && found.value !== null) {
      const receipt = isPicture(payload)
        ? ({ kind: "left-out", reason: "it had arrived" } as const)
        : receiptOf(found.value);
      return { kind: "sent", receipt, isFound: true };
    }
    if (found.kind !== "ok" && !cannotLook(found)) return { kind: "failed", failure: found, isLookup: true };
  }
  const post = (message: SlackMessage, isBroadcast: boolean) =>
    plainly(message, (content) => slack.post({ channel, message: content, metadata, threadTs, isBroadcast }));
  if (plan.do === "upload") return upload(slack, delivery, plan, (message) => post(message, false).then(ended));
  if (isPicture(payload))
    return { kind: "sent", receipt: { kind: "left-out", reason: "no place for a picture" }, isFound: false };
  return ended(await post(payload.message, payload.kind === "reply" && payload.isBroadcast));
}

/** A scope or membership for looking may be missing by choice: then it is sent again, at least once instead of once. */
function cannotLook(found: Failure): boolean {
  if (found.kind !== "refused") return false;
  return ["missing_scope", "not_in_channel", "channel_not_found", "thread_not_found"].includes(found.error);
}

/** Where Slack does not take the blocks, the plain words still go: an alert in bad dress is better than none. */
async function plainly(
  message: SlackMessage,
  attempt: (message: SlackMessage) => Promise<CallResult<MessagePlace>>,
): Promise<CallResult<MessagePlace>> {
  const result = await attempt(message);
  const isRefused = result.kind === "refused" && refusalKind(result.error) === "CONTENT";
  return isRefused && message.blocks.length > 0 ? attempt({ text: message.text, blocks: [] }) : result;
}

async function upload(
  slack: SlackPort,
  delivery: StoredDelivery,
  { payload, anchor }: Extract<Plan, { readonly do: "upload" }>,
  sayInstead: (message: SlackMessage) => Promise<Sent>,
): Promise<Sent> {
  const done = await slack.upload(renderPicture(payload), anchor, delivery.id);
  if (done.kind === "ok") {
    return {
      kind: "sent",
      receipt: { kind: "file", channel: anchor.channel, fileId: done.value.fileId },
      isFound: false,
    };
  }
  // A picture that Slack will not have is told in words.
  if (done.kind !== "refused" || refusalKind(done.error) === "TRANSIENT")
    return { kind: "failed", failure: done, isLookup: false };
  const told = words(pictureWords(payload), 1_000);
  return sayInstead({ text: told, blocks: section(md`${own(payload.kind === "chart" ? "📈" : "🗺️")} ${told}`) });
}

function metadataOf({ id, incidentId }: StoredDelivery, state: DeliveryPayload["state"]): MessageMetadata {
  return {
    event_type: "meshlens_incident",
    event_payload: { incident_id: incidentId ?? "", delivery_id: id, state },
  };
}
