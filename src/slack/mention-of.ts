/** Mentions of the configuration, whose shape is checked there, as messages take them. */
import type { Mention } from "./message/mrkdwn.js";

/** `here`, `channel`, a member's id or a group's. */
export function mentionOf(text: string): Mention {
  if (text === "here" || text === "channel") return { kind: text };
  return { kind: text.startsWith("S") ? "group" : "user", id: text };
}
