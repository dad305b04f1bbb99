/** Groups alike log messages by masking what varies in them; the local stand-in for a backend's categorising. */
import type { LogPattern } from "./log-source.js";

/** A mask per kind of variable piece, tried in this order at every place. */
const variable =
  /"[^"]{0,500}"|'[^'\s][^']{0,500}'|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b|\d+(?:[.,:]\d+)*/gi;

/** The message with quoted text, UUIDs, hex ids and numbers as `*`; at most 400 characters, blanks folded. */
export function patternOf(message: string): string {
  return message.slice(0, 4000).replace(variable, "*").replace(/\s+/g, " ").trim().slice(0, 400);
}

/**
 * Patterns of the messages, most frequent first (ties by pattern), at most `limit`; the sample is the first message of its group,
 * cut at 1,000 characters.
 */
export function groupPatterns(messages: readonly string[], limit: number): readonly LogPattern[] {
  const groups = new Map<string, { count: number; sample: string }>();
  for (const message of messages) {
    const pattern = patternOf(message);
    const group = groups.get(pattern);
    if (group === undefined) groups.set(pattern, { count: 1, sample: message.slice(0, 1000) });
    else group.count += 1;
  }
  return [...groups]
    .map(([pattern, group]) => ({ pattern, ...group }))
    .sort((a, b) => b.count - a.count || (a.pattern < b.pattern ? -1 : 1))
    .slice(0, limit);
}
