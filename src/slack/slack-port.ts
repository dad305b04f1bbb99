/** What the notifier needs of Slack, over the Web API or a webhook. Calls never reject: everything that can go wrong is a result. */
import type { ChartPicture } from "./chart/render-chart.js";
import type { SlackMessage } from "./message/block.js";

/** How a call ended. No reason holds a secret, a URL or anything of the message. */
export type CallResult<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** Slack said no, with its word for it. `needed`: the scope that is missing. */
  | { readonly kind: "refused"; readonly error: string; readonly needed: string | null }
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number }
  /** Nothing was sent: refused connection, unknown name. */
  | { readonly kind: "not-sent"; readonly reason: string }
  /** It may have been done. */
  | { readonly kind: "ambiguous"; readonly reason: string };

/** The metadata on every message of ours. */
export interface MessageMetadata {
  readonly event_type: "meshlens_incident";
  readonly event_payload: {
    /** Empty for what belongs to no single incident. */
    readonly incident_id: string;
    readonly delivery_id: string;
    readonly state: string;
  };
}

/** Where a message stands. */
export interface MessagePlace {
  /** Slack's id, whatever the channel was called by. */
  readonly channel: string;
  readonly ts: string;
  /** Null for a message of the channel itself: a reply whose parent is gone becomes one. */
  readonly threadTs: string | null;
}

/** A message to post. */
export interface NewMessage {
  readonly channel: string;
  readonly message: SlackMessage;
  readonly metadata: MessageMetadata;
  /** Null: to the channel. */
  readonly threadTs: string | null;
  readonly isBroadcast: boolean;
}

/** Where to look for a message that may have arrived. */
export interface Lookup {
  readonly channel: string;
  readonly threadTs: string | null;
  readonly sinceMs: number;
  /** In the metadata of a message, or in the name of a file. */
  readonly deliveryId: string;
}

/** Slack. */
export interface SlackPort {
  /** Whether messages can be edited, answered and looked up; a webhook can only post. */
  readonly canEdit: boolean;
  post(message: NewMessage): Promise<CallResult<MessagePlace>>;
  update(
    place: Pick<MessagePlace, "channel" | "ts">,
    message: Omit<NewMessage, "channel" | "threadTs" | "isBroadcast">,
  ): Promise<CallResult<MessagePlace>>;
  /** Null: it did not arrive. `refused` where the scope or the membership for looking is missing. */
  find(lookup: Lookup): Promise<CallResult<MessagePlace | null>>;
  /** Uploads a picture to a thread; its name is made of the delivery's id. */
  upload(
    picture: ChartPicture,
    place: Pick<MessagePlace, "channel" | "ts">,
    deliveryId: string,
  ): Promise<CallResult<{ readonly fileId: string }>>;
}
