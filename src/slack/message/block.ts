/** The blocks our messages are made of: a part of Slack's Block Kit. Source: https://docs.slack.dev/reference/block-kit/blocks */
import { cleanLine } from "../../telemetry/clean-text.js";
import type { Mrkdwn } from "./mrkdwn.js";

/** Text shown as it is; `emoji` false, so that `:names:` in it stay names. */
export interface PlainText {
  readonly type: "plain_text";
  readonly text: string;
  readonly emoji: false;
}

/** Text in markup; `verbatim`, so that Slack makes no links or mentions of what is not marked up. */
export interface MarkedText {
  readonly type: "mrkdwn";
  readonly text: Mrkdwn;
  readonly verbatim: true;
}

/** A thing to press. */
export type ActionElement =
  | {
      readonly type: "button";
      readonly action_id: string;
      readonly text: PlainText;
      readonly value: string;
      readonly style?: "primary";
    }
  | {
      readonly type: "static_select";
      readonly action_id: string;
      readonly placeholder: PlainText;
      readonly options: readonly { readonly text: PlainText; readonly value: string }[];
    };

/** A block. */
export type Block =
  | { readonly type: "header"; readonly text: PlainText }
  | { readonly type: "section"; readonly text: MarkedText }
  | { readonly type: "section"; readonly fields: readonly MarkedText[] }
  | { readonly type: "context"; readonly elements: readonly MarkedText[] }
  | { readonly type: "actions"; readonly block_id: string; readonly elements: readonly ActionElement[] };

/** A message as chat.postMessage takes it: `text` is for notifications and screen readers. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Limits of Slack that the builders keep. */
export const mostIn = { header: 150, button: 75 } as const;

/** Plain text of at most so many characters. */
export function plain(text: string, mostChars: number): PlainText {
  return { type: "plain_text", text: cleanLine(text, mostChars) || "–", emoji: false };
}

/** Markup as a text object. */
export function marked(text: Mrkdwn): MarkedText {
  return { type: "mrkdwn", text, verbatim: true };
}

/** A section; none for nothing. Its text must have been kept within the limit by whoever made it. */
export function section(text: Mrkdwn): readonly Block[] {
  return text === "" ? [] : [{ type: "section", text: marked(text) }];
}

/** A line in small letters; none for nothing. */
export function context(text: Mrkdwn): readonly Block[] {
  return text === "" ? [] : [{ type: "context", elements: [marked(text)] }];
}

/** Everything written in the blocks, in characters: what Slack's undocumented limit of about 12,000 counts. */
export function charsOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, item: unknown) => sum + charsOf(item), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, item]) => (key === "type" ? sum : sum + charsOf(item)), 0);
}
