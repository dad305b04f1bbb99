/** What stands in the outbox of a message for Slack, and what is kept of one that arrived. Written by incident-deliveries, read by the notifier. */
import { z } from "zod";
import { graphSchema } from "../alerting/graph-schema.js";
import type { IncidentPicture } from "../picture/draw-incident.js";
import type { Json } from "../store/json-text.js";
import type { ChartInput } from "./chart/draw-chart.js";
import type { SlackMessage } from "./message/block.js";
import type { Severity } from "./message/message-incident.js";
import type { CommonCause } from "./storm/common-cause.js";

/** What the metadata of a message says of its incident's state. */
export type SaidState = "FIRING" | "RECOVERING" | "RESOLVED";

/** What a message says of its incident in two words. */
export interface Said {
  readonly state: SaidState;
  readonly severity: Severity;
}

/** What is kept of a storm with its message. */
export interface KeptStorm {
  readonly id: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly lastJoinMs: number;
  readonly members: readonly {
    readonly incidentId: string;
    readonly joinedAtMs: number;
    /** Left out where none is known. */
    readonly cause?: CommonCause | undefined;
  }[];
}

/**
 * `anchor`: the one message of the channel shall look like this: posted when there is none, edited when there is. `reply`: said once in
 * its thread. `chart`: uploaded to its thread; so is `picture`, the part of the mesh that matters.
 */
export type DeliveryPayload =
  | {
      readonly kind: "anchor";
      readonly state: SaidState;
      readonly severity: Severity;
      readonly message: SlackMessage;
      /** Of a storm's message: what a new start needs to go on with it. */
      readonly storm?: KeptStorm | undefined;
    }
  | {
      readonly kind: "reply";
      readonly state: SaidState;
      readonly severity: Severity;
      readonly message: SlackMessage;
      /** Shown in the channel too. */
      readonly isBroadcast: boolean;
      /** Says nothing that an anchor first posted in this state and severity does not say: left out then. */
      readonly isSaidByAnchor: boolean;
    }
  | { readonly kind: "chart"; readonly state: SaidState; readonly severity: Severity; readonly chart: ChartInput }
  | {
      readonly kind: "picture";
      readonly state: SaidState;
      readonly severity: Severity;
      readonly picture: IncidentPicture;
    };

/** A payload that is a picture. */
export type PicturePayload = Extract<DeliveryPayload, { readonly kind: "chart" | "picture" }>;

/** Whether it is uploaded to a thread. */
export function isPicture(payload: DeliveryPayload): payload is PicturePayload {
  return payload.kind === "chart" || payload.kind === "picture";
}

/** What Slack answered; `first` is what the anchor said when it was posted. */
export type DeliveryReceipt =
  | { readonly kind: "anchor"; readonly channel: string; readonly ts: string; readonly first: Said }
  | { readonly kind: "reply"; readonly channel: string; readonly ts: string }
  | { readonly kind: "file"; readonly channel: string; readonly fileId: string }
  /** Posted by a webhook, which says nothing of where. */
  | { readonly kind: "webhook" }
  /** Not sent, because what it says was said already or has no place. */
  | { readonly kind: "left-out"; readonly reason: string };

const state = z.enum(["FIRING", "RECOVERING", "RESOLVED"]);
const severity = z.enum(["PAGE", "TICKET"]);
// Blocks are built by us and checked by Slack: what is stored is not taken apart again.
const message = z.custom<SlackMessage>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<SlackMessage>).text === "string" &&
    Array.isArray((value as Partial<SlackMessage>).blocks),
);
const series = z.array(z.number().nullable());
const chart = z.strictObject({
  title: z.string(),
  // Of availability only, when it was not said.
  badWords: z.string().default("Failed calls"),
  chart: z.strictObject({
    timestamps: z.array(z.number()),
    errorRatio: series,
    burn: z.array(z.strictObject({ windowMs: z.number(), values: series })),
    thresholds: z.array(z.strictObject({ tier: z.string(), value: z.number() })),
  }),
  changes: z.array(z.strictObject({ atMs: z.number(), kind: z.string(), name: z.string() })),
  firedAtMs: z.number().nullable(),
});
const picture = z.strictObject({ title: z.string(), subtitle: z.string(), graph: graphSchema });
const storm = z.strictObject({
  id: z.string(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  lastJoinMs: z.number(),
  members: z.array(
    z.strictObject({
      incidentId: z.string(),
      joinedAtMs: z.number(),
      cause: z
        .strictObject({
          service: z.strictObject({ cluster: z.string(), namespace: z.string(), name: z.string() }),
          by: z.enum(["SUSPECT", "TRACES"]),
        })
        .optional(),
    }),
  ),
});
const payload = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("anchor"), state, severity, message, storm: storm.optional() }),
  z.strictObject({
    kind: z.literal("reply"),
    state,
    severity,
    message,
    isBroadcast: z.boolean(),
    isSaidByAnchor: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("chart"), state, severity, chart }),
  z.strictObject({ kind: z.literal("picture"), state, severity, picture }),
]);
const receipt = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("anchor"),
    channel: z.string(),
    ts: z.string(),
    first: z.strictObject({ state, severity }),
  }),
  z.strictObject({ kind: z.literal("reply"), channel: z.string(), ts: z.string() }),
  z.strictObject({ kind: z.literal("file"), channel: z.string(), fileId: z.string() }),
  z.strictObject({ kind: z.literal("webhook") }),
  z.strictObject({ kind: z.literal("left-out"), reason: z.string() }),
]);

/** The payload; null for anything we did not write. */
export function readPayload(stored: Json): DeliveryPayload | null {
  return payload.safeParse(stored).data ?? null;
}

/** The receipt; null for none, and for anything we did not write. */
export function readReceipt(stored: Json): DeliveryReceipt | null {
  return receipt.safeParse(stored).data ?? null;
}

/** Plain data of ours as the store's JSON: interfaces have no index signature, so the type system needs to be told. */
export function asJson(value: DeliveryPayload | DeliveryReceipt): Json {
  return value as unknown as Json;
}

/** What people are shown of a receipt: where the message can be read, and whether it was left out because another says it. */
export function describeReceipt(stored: Json, workspaceUrl: string | null) {
  const read = readReceipt(stored);
  const isPlaced = read?.kind === "anchor" || read?.kind === "reply";
  const url = isPlaced && workspaceUrl !== null ? messageUrl(workspaceUrl, read) : null;
  return { url, isLeftOut: read?.kind === "left-out" };
}

/** Source: the permalinks of https://docs.slack.dev/reference/methods/chat.getPermalink */
function messageUrl(workspaceUrl: string, { channel, ts }: { readonly channel: string; readonly ts: string }): string {
  return `${workspaceUrl}archives/${encodeURIComponent(channel)}/p${ts.replace(/\D/g, "")}`;
}
