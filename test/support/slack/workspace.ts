/** A workspace as Slack keeps one: channels, messages with their threads, files. The state behind the stand-in; tests look into it. */

/** A message as it stands. */
export interface KeptMessage {
  readonly ts: string;
  /** Null for one of the channel's own. */
  readonly threadTs: string | null;
  text: string;
  blocks: readonly unknown[] | null;
  metadata: { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> } | null;
  readonly isBroadcast: boolean;
  edits: number;
  readonly fileIds: readonly string[];
  readonly byWebhook: boolean;
}

/** A channel; tests change it in place. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  isMember: boolean;
  isArchived: boolean;
  readonly messages: KeptMessage[];
}

/** An uploaded file. */
export interface KeptFile {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly altText: string | null;
  bytes: Buffer | null;
  isComplete: boolean;
  /** Asked for by files.info so often before it is ready. */
  asked: number;
}

/** The state of a workspace. */
export interface Workspace {
  readonly channels: readonly Channel[];
  readonly files: Map<string, KeptFile>;
  /** The channel of an id; a name (`#x` or `x`) too where a method takes one. */
  find(channel: unknown, byName: boolean): Channel | null;
  post(channel: Channel, message: Omit<KeptMessage, "ts" | "edits">): KeptMessage;
  /** Removes a message; replies to it stay. */
  remove(channel: Channel, ts: string): void;
}

/** A workspace with these channels; timestamps count up from 1,800,000,000 unless a clock says otherwise. */
export function createWorkspace(channels: readonly Channel[], nowMs: () => number): Workspace {
  let posted = 0;
  return {
    channels,
    files: new Map(),
    find: (channel, byName) =>
      channels.find(({ id, name }) => id === channel || (byName && (channel === name || channel === `#${name}`))) ??
      null,
    post(channel, message) {
      posted += 1;
      // Slack's timestamps are unique in a channel: seconds, and a number within them.
      const kept = { ...message, ts: `${Math.floor(nowMs() / 1000)}.${String(posted).padStart(6, "0")}`, edits: 0 };
      channel.messages.push(kept);
      return kept;
    },
    remove(channel, ts) {
      const index = channel.messages.findIndex((message) => message.ts === ts);
      if (index >= 0) channel.messages.splice(index, 1);
    },
  };
}

/** A channel with nothing in it. */
export function emptyChannel(id: string, name: string, differently: Partial<Channel> = {}): Channel {
  return { id, name, isPrivate: false, isMember: true, isArchived: false, messages: [], ...differently };
}
