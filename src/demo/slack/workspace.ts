/** A workspace as Slack keeps one: channels, messages with their threads, files. The state behind the stand-in; the inbox page and tests look into it. */

/** A message as it stands; only the workspace changes it. */
export interface KeptMessage {
  readonly ts: string;
  /** Null for one of the channel's own. */
  readonly threadTs: string | null;
  readonly postedMs: number;
  text: string;
  blocks: readonly unknown[] | null;
  metadata: { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> } | null;
  readonly isBroadcast: boolean;
  edits: number;
  /** Null when it never was. */
  editedMs: number | null;
  /** What it said before, oldest first; the newest twenty. */
  readonly earlier: { readonly atMs: number; readonly text: string }[];
  readonly fileIds: readonly string[];
  readonly byWebhook: boolean;
  /** Said to one person only, in answer to a press; the newest five. */
  readonly whispers: { readonly atMs: number; readonly toUser: string; readonly text: string }[];
}

/** What a message says. */
export type MessageContent = Pick<KeptMessage, "text" | "blocks" | "metadata">;

/** A message to keep. */
export type NewKeptMessage = MessageContent & Pick<KeptMessage, "threadTs" | "isBroadcast" | "fileIds" | "byWebhook">;

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
  /** Grows with every change of a message. */
  revision(): number;
  /** The channel of an id; a name (`#x` or `x`) too where a method takes one. */
  find(channel: unknown, byName: boolean): Channel | null;
  post(channel: Channel, message: NewKeptMessage): KeptMessage;
  edit(message: KeptMessage, content: MessageContent): void;
  whisper(message: KeptMessage, toUser: string, text: string): void;
  /** Removes a message; replies to it stay. */
  remove(channel: Channel, ts: string): void;
}

const mostEarlier = 20;
const mostWhispers = 5;

/**
 * A workspace with these channels.
 * @param mostMessages of a channel: beyond it the oldest go, with their files; what they were replied to stays as Slack has it
 */
export function createWorkspace(
  channels: readonly Channel[],
  nowMs: () => number,
  mostMessages = Number.POSITIVE_INFINITY,
): Workspace {
  const files = new Map<string, KeptFile>();
  let posted = 0;
  let revision = 0;
  return {
    channels,
    files,
    revision: () => revision,
    find: (channel, byName) =>
      channels.find(({ id, name }) => id === channel || (byName && (channel === name || channel === `#${name}`))) ??
      null,
    post(channel, message) {
      posted += 1;
      revision += 1;
      const kept: KeptMessage = {
        ...message,
        // Slack's timestamps are unique in a channel: seconds, and a number within them.
        ts: `${Math.floor(nowMs() / 1000)}.${String(posted).padStart(6, "0")}`,
        postedMs: nowMs(),
        edits: 0,
        editedMs: null,
        earlier: [],
        whispers: [],
      };
      channel.messages.push(kept);
      if (channel.messages.length > mostMessages)
        for (const id of channel.messages.shift()?.fileIds ?? []) files.delete(id);
      return kept;
    },
    edit(message, { text, blocks, metadata }) {
      revision += 1;
      message.earlier.push({ atMs: message.editedMs ?? message.postedMs, text: message.text });
      if (message.earlier.length > mostEarlier) message.earlier.shift();
      message.text = text;
      message.blocks = blocks;
      message.metadata = metadata;
      message.edits += 1;
      message.editedMs = nowMs();
    },
    whisper(message, toUser, text) {
      revision += 1;
      message.whispers.push({ atMs: nowMs(), toUser, text });
      if (message.whispers.length > mostWhispers) message.whispers.shift();
    },
    remove(channel, ts) {
      revision += 1;
      const index = channel.messages.findIndex((message) => message.ts === ts);
      if (index >= 0) channel.messages.splice(index, 1);
    },
  };
}

/** A channel with nothing in it. */
export function emptyChannel(id: string, name: string, differently: Partial<Channel> = {}): Channel {
  return { id, name, isPrivate: false, isMember: true, isArchived: false, messages: [], ...differently };
}
