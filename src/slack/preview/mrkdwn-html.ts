/** Slack's markup as HTML, near enough to judge a message by. Whatever the text is, the HTML holds no markup but ours. Pure. */
import { withSigns } from "./emoji-signs.js";

/** Not seen, or turns the direction of writing: shown as a mark instead, so that a reviewer sees that it is there. */
const unseen = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

/** Escapes for HTML what is plain text. */
export function htmlText(text: string): string {
  return text.replace(unseen, "\ufffd").replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

const named: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
/** What Slack shows for its three escapes, escaped for HTML. */
const shown = (text: string): string =>
  withSigns(htmlText(text.replace(/&(?:amp|lt|gt);/g, (name) => named[name] ?? name)));

const token = /```([\s\S]*?)```|`([^`\n]+)`|<([^<>\n]+)>/g;

/** The HTML of one text in markup. */
export function mrkdwnHtml(text: string): string {
  let html = "";
  let from = 0;
  for (const match of text.matchAll(token)) {
    html += formatted(text.slice(from, match.index));
    const [all, block, code, inner] = match;
    if (block !== undefined) html += `<pre>${shown(block.replace(/^\n|\n$/g, ""))}</pre>`;
    else if (code !== undefined) html += `<code>${shown(code)}</code>`;
    else html += special(inner ?? "");
    from = match.index + all.length;
  }
  return html + formatted(text.slice(from));
}

function formatted(text: string): string {
  return shown(text)
    .replace(/(^|[\s(])\*([^*\n]+)\*(?=$|[\s).,:;!?])/g, "$1<b>$2</b>")
    .replace(/(^|[\s(])_([^_\n]+)_(?=$|[\s).,:;!?])/g, "$1<i>$2</i>")
    .replace(/(^|[\s(])~([^~\n]+)~(?=$|[\s).,:;!?])/g, "$1<s>$2</s>")
    .replaceAll("\n", "<br>");
}

/** What stands between angle brackets: a date, a mention, a link. */
function special(inner: string): string {
  const bar = inner.indexOf("|");
  const [target, label] = bar < 0 ? [inner, null] : [inner.slice(0, bar), inner.slice(bar + 1)];
  if (target.startsWith("!date^")) return `<time${instantOf(target)}>${shown(label ?? target)}</time>`;
  if (/^[!@#]/.test(target))
    return `<span class="mention">${shown(`@${(label ?? target).replace(/^[!@#](?:subteam\^)?/, "")}`)}</span>`;
  const url = target.replace(/&(?:amp|lt|gt);/g, (name) => named[name] ?? name);
  if (!/^https?:\/\//.test(url)) return shown(`<${inner}>`);
  return `<a href="${htmlText(url)}" rel="noreferrer">${shown(label ?? url)}</a>`;
}

/** Of `!date^1800000000^{time}`, for pages that show instants in the reader's own zone. */
function instantOf(target: string): string {
  const seconds = /^!date\^(\d{1,11})\^/.exec(target)?.[1];
  return seconds === undefined ? "" : ` datetime="${new Date(Number(seconds) * 1_000).toISOString()}"`;
}
