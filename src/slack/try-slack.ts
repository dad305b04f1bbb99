/** Tries everything Meshlens does in Slack, once, in the channel: what works, what does not and which scope it lacks. Called by `meshlens slack test`. */
import { randomUUID } from "node:crypto";
import { renderChart } from "./chart/render-chart.js";
import { failureWords } from "./judge-attempt.js";
import { anchorMessage } from "./message/anchor-message.js";
import { resolvedMessage } from "./message/reply-messages.js";
import { sampleIncident } from "./sample-incident.js";
import type { CallResult, MessageMetadata } from "./slack-port.js";
import type { SlackWebApi } from "./web-api.js";

/** One thing tried. */
export interface TriedStep {
  readonly name: string;
  readonly isOk: boolean;
  /** What Meshlens does without it. */
  readonly without: string;
  /** What came, or what is wrong and how to mend it. */
  readonly message: string;
}

/** What came of it. `canAlert`: messages arrive, whatever else is missing. */
export interface SlackTrial {
  readonly canAlert: boolean;
  readonly steps: readonly TriedStep[];
}

/** Which scope each step needs, for the words about it. */
const needs = {
  identity: { scope: null, without: "nothing can be sent" },
  post: { scope: "chat:write", without: "nothing can be sent" },
  find: {
    scope: "channels:history (groups:history for a private channel)",
    without: "a message that may not have arrived is sent again and may stand there twice",
  },
  channel: {
    scope: "channels:read (groups:read for a private channel); or configure the channel's id",
    without: "a first message that may not have arrived is sent again",
  },
  update: { scope: "chat:write", without: "messages are not kept up to date" },
  reply: { scope: "chat:write", without: "there is no thread" },
  upload: { scope: "files:write", without: "charts and pictures are told in words" },
} as const;

/** Tries; never rejects. Leaves one message with a thread, marked as a test. */
export async function trySlack(slack: SlackWebApi, channel: string, nowMs: number): Promise<SlackTrial> {
  const steps: TriedStep[] = [];
  const note = <T>(
    what: keyof typeof needs,
    name: string,
    result: CallResult<T>,
    words: (value: T) => string,
  ): T | null => {
    const { scope, without } = needs[what];
    const isOk = result.kind === "ok";
    const lacks = result.kind === "refused" && result.error === "missing_scope" && scope !== null;
    const message = isOk
      ? words(result.value)
      : lacks
        ? `the app lacks the scope ${scope}: add it and install the app again`
        : failureWords(result);
    steps.push({ name, isOk, without, message });
    return isOk ? result.value : null;
  };
  const finish = (): SlackTrial => ({ canAlert: steps.some(({ name, isOk }) => name === "post" && isOk), steps });

  const who = await slack.identity();
  if (note("identity", "token", who, ({ team, user }) => `${user} in ${team}`) === null) return finish();
  const deliveryId = `test-${randomUUID()}`;
  const sample = sampleIncident(nowMs);
  const metadata: MessageMetadata = {
    event_type: "meshlens_incident",
    event_payload: { incident_id: sample.incident.id, delivery_id: deliveryId, state: "FIRING" },
  };
  // Before the post: after it the name is known from Slack's own answer.
  const id = await slack.channelId(channel);
  const isNameless = id.kind === "ok" && id.value === null;
  const told = isNameless ? ({ kind: "refused", error: "channel_not_found", needed: null } as const) : id;
  note("channel", "channel", told, (value) => `${channel} is ${value}`);
  const posted = await slack.post({
    channel,
    message: anchorMessage(sample),
    metadata,
    threadTs: null,
    isBroadcast: false,
  });
  const place = note("post", "post", posted, ({ ts }) => `posted ${ts}`);
  if (place === null) return finish();
  const found = await slack.find({ channel: place.channel, threadTs: null, sinceMs: nowMs, deliveryId });
  const seen =
    found.kind === "ok" && found.value === null
      ? ({ kind: "not-sent", reason: "the message is not in the history yet" } as const)
      : found;
  note("find", "look up", seen, () => "found by its delivery id");
  const over = { ...sample.incident, state: "RESOLVED", recoveredAtMs: nowMs, resolvedAtMs: nowMs } as const;
  const edited = await slack.update(place, { message: anchorMessage({ ...sample, incident: over }), metadata });
  note("update", "edit", edited, () => "edited");
  const answered = await slack.post({
    channel: place.channel,
    message: resolvedMessage(over),
    metadata,
    threadTs: place.ts,
    isBroadcast: false,
  });
  note("reply", "thread", answered, () => "answered");
  const chart = {
    timestamps: [nowMs - 60_000, nowMs],
    errorRatio: [0, 0.018],
    burn: [{ windowMs: 300_000, values: [0, 27.9] }],
    thresholds: [{ tier: "1h/5m", value: 14.4 }],
  };
  const picture = renderChart({
    title: "Test of Meshlens",
    badWords: "Failed calls",
    chart,
    changes: [],
    firedAtMs: nowMs,
  });
  note("upload", "chart", await slack.upload(picture, place, `${deliveryId}-chart`), () => "uploaded");
  return finish();
}
