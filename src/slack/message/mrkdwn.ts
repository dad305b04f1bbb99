/**
 * Slack's markup as a type of its own: a plain string cannot get into a message but through one of these, each of which escapes what it
 * is given. Limits are given where text comes in; what is markup already is never cut, only left out whole (see fitting).
 */
import { cleanLine, cleanLines, cut } from "../../telemetry/clean-text.js";

declare const isMrkdwn: unique symbol;
/** Text in Slack's markup, escaped. */
export type Mrkdwn = string & { readonly [isMrkdwn]: true };

/** Whom a message may call. Ids are Slack's; everything else is not sent. */
export type Mention = { readonly kind: "here" | "channel" } | { readonly kind: "user" | "group"; readonly id: string };

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escaped = (text: string): string => text.replace(/[&<>]/g, (char) => escapes[char] ?? char);
const escapedLength = (char: string): number => (escapes[char] ?? char).length;

/** Words of others as words: on one line, nothing in it is markup, an emoji name or a quote. `–` for nothing. */
export function words(text: string, mostChars: number): Mrkdwn {
  const inert = cleanLine(text, mostChars)
    .replace(/^>/, "›")
    .replaceAll("*", "∗")
    .replaceAll("~", "∼")
    .replaceAll("`", "'")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "＿")
    .replace(/:(?=[\w+'-]+:)/g, "∶");
  return (escaped(cut(inert, mostChars, escapedLength)) as Mrkdwn) || dash;
}

/** Words of others as code on one line. */
export function code(text: string, mostChars: number): Mrkdwn {
  const inner = cut(cleanLine(text, mostChars).replaceAll("`", "'"), Math.max(1, mostChars - 2), escapedLength);
  return (inner === "" ? dash : `\`${escaped(inner)}\``) as Mrkdwn;
}

/** Lines of others as they are, in a box. */
export function codeBlock(text: string, mostChars: number): Mrkdwn {
  const inner = cut(cleanLines(text, mostChars).replaceAll("`", "'"), Math.max(1, mostChars - 8), escapedLength);
  return (inner === "" ? dash : `\`\`\`\n${escaped(inner)}\n\`\`\``) as Mrkdwn;
}

const dash = "–" as Mrkdwn;
/** Nothing to say. */
export const nothing = "" as Mrkdwn;

/** Our own words with markup in them; what is put in must be markup already. */
export function md(strings: TemplateStringsArray, ...values: readonly Mrkdwn[]): Mrkdwn {
  return strings.map((text, index) => text + (values[index] ?? "")).join("") as Mrkdwn;
}

/** Our own words, figures and units without anything of others in them. */
export function own(text: string): Mrkdwn {
  return escaped(text) as Mrkdwn;
}

/** Pieces with something between them; empty ones are left out. */
export function join(pieces: readonly Mrkdwn[], between: string): Mrkdwn {
  return pieces.filter((piece) => piece !== "").join(between) as Mrkdwn;
}

const longestUrl = 2_000;

/** A URL as Slack takes it; null for one that is not http(s) or too long. Credentials in it are left out. */
export function safeUrl(url: string): string | null {
  if (url.length > longestUrl || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (!/^https?:$/.test(parsed.protocol)) return null;
  parsed.username = "";
  parsed.password = "";
  const href = parsed.href.replace(
    /[|<>"`\s]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return href.length > longestUrl ? null : href;
}

/** A link; null where safeUrl is. */
export function link(url: string, label: string, mostLabelChars = 60): Mrkdwn | null {
  const href = safeUrl(url);
  // A bar ends the address, and a label that looks like another address deceives.
  const text = words(label.replaceAll("|", "/").replaceAll("://", " "), mostLabelChars);
  return href === null ? null : (`<${escaped(href)}|${text}>` as Mrkdwn);
}

/** An instant in the reader's own time zone, in UTC where that is not understood. */
export function instant(atMs: number): Mrkdwn {
  const seconds = Math.floor(atMs / 1000);
  return `<!date^${seconds}^{date_short_pretty} {time}|${utc(atMs)}>` as Mrkdwn;
}

/** `2026-03-02 10:00 UTC`. */
export function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A mention; null for an id that is none. */
export function mention(whom: Mention): Mrkdwn | null {
  switch (whom.kind) {
    case "here":
    case "channel":
      return `<!${whom.kind}>` as Mrkdwn;
    case "user":
      return /^[UW][A-Z0-9]{2,20}$/.test(whom.id) ? (`<@${whom.id}>` as Mrkdwn) : null;
    case "group":
      return /^S[A-Z0-9]{2,20}$/.test(whom.id) ? (`<!subteam^${whom.id}>` as Mrkdwn) : null;
  }
}

/** As many whole lines from the top as fit; says how many were left out. */
export function fitting(lines: readonly Mrkdwn[], mostChars: number): Mrkdwn {
  const room = mostChars - 20;
  const kept: Mrkdwn[] = [];
  let length = 0;
  for (const line of lines) {
    if (length + line.length + 1 > room) break;
    kept.push(line);
    length += line.length + 1;
  }
  const left = lines.length - kept.length;
  return join(left === 0 ? kept : [...kept, own(`and ${left} more`)], "\n");
}
