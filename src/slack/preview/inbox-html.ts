/** The inbox of the demo: a channel as Slack shows it, with edits, threads and pictures. Pure; served at /demo/slack. */
import { blocksHtml } from "./blocks-html.js";
import { htmlText, mrkdwnHtml } from "./mrkdwn-html.js";

/** A message of the channel, or of a thread. */
export interface InboxMessage {
  readonly ts: string;
  readonly postedMs: number;
  readonly text: string;
  readonly blocks: readonly unknown[] | null;
  readonly edits: number;
  /** Null when it never was. */
  readonly editedMs: number | null;
  /** What it said before, oldest first. */
  readonly earlier: readonly { readonly atMs: number; readonly text: string }[];
  readonly pictures: readonly { readonly id: string; readonly altText: string }[];
  /** Shown to one person only. */
  readonly whispers: readonly { readonly atMs: number; readonly toUser: string; readonly text: string }[];
}

/** A message with its thread. */
export interface InboxThread extends InboxMessage {
  /** A reply shown in the channel too: the words it replied to; null for any other. */
  readonly repliedTo: string | null;
  readonly replies: readonly InboxMessage[];
}

/** A channel. */
export interface Inbox {
  readonly channelId: string;
  readonly channelName: string;
  /** Oldest first. */
  readonly threads: readonly InboxThread[];
}

/** The folder of the page's addresses; its files are `inbox.css`, `inbox.js`, `messages`, `press` and `files/ID`. */
export const inboxPath = "/demo/slack";

/** The whole page. */
export function inboxPage(inbox: Inbox): string {
  const name = htmlText(inbox.channelName);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title># ${name} · the demo's Slack</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${inboxPath}/inbox.css">
</head>
<body>
<header>
<h1><span class="hash">#</span> ${name}</h1>
<p class="about">Stands in for Slack in <code>meshlens demo</code>. A <code>slack:</code> section in <code>--config</code> sends to yours.</p>
<label class="you">You are <input id="you" maxlength="40" autocomplete="off" spellcheck="false" value="you"></label>
</header>
<main id="messages" data-channel="${htmlText(inbox.channelId)}">
${inboxMessages(inbox)}
</main>
<p id="told" role="status"></p>
<script src="${inboxPath}/inbox.js"></script>
</body>
</html>
`;
}

/** The messages alone, for a page that keeps itself up to date. */
export function inboxMessages({ threads }: Inbox): string {
  if (threads.length === 0) {
    return `<div class="empty"><p><b>Nothing was said yet.</b></p><p>Let something go wrong: press a number in the demo's terminal, or start it with <code>--scenario ratings-delay</code>. The first message comes when an objective burns.</p></div>`;
  }
  const newest = threads.findLast(({ replies }) => replies.length > 0)?.ts;
  return threads.map((thread) => threadHtml(thread, thread.ts === newest)).join("\n");
}

function threadHtml(thread: InboxThread, isOpen: boolean): string {
  const { ts, replies, repliedTo } = thread;
  const key = htmlText(ts);
  const about =
    repliedTo === null ? "" : `<p class="replied">replied to a thread: ${mrkdwnHtml(repliedTo.slice(0, 120))}</p>`;
  const count = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
  const last = replies.at(-1);
  const inThread =
    last === undefined
      ? ""
      : `<details class="thread" data-key="thread ${key}"${isOpen ? " open" : ""}><summary>${count} <span class="quiet">last ${time(last.postedMs)}</span></summary>
${replies.map((reply) => messageHtml(reply, "")).join("\n")}
</details>`;
  return messageHtml(thread, about, inThread);
}

function messageHtml(message: InboxMessage, about: string, below = ""): string {
  const { ts, postedMs, blocks, text, pictures, whispers } = message;
  const content =
    blocks === null || blocks.length === 0
      ? text === ""
        ? ""
        : `<div class="section">${mrkdwnHtml(text)}</div>`
      : blocksHtml(blocks, { isPressable: true });
  const shown = pictures.map(
    ({ id, altText }) =>
      `<a class="picture" href="${inboxPath}/files/${htmlText(id)}"><img src="${inboxPath}/files/${htmlText(id)}" alt="${htmlText(altText)}"></a>`,
  );
  const said = whispers.map(
    ({ text: words, toUser, atMs }) =>
      `<p class="whisper"><span class="quiet">Only visible to ${htmlText(toUser)} · ${time(atMs)}</span> ${mrkdwnHtml(words)}</p>`,
  );
  return `<article class="message" data-ts="${htmlText(ts)}">
<div class="face" aria-hidden="true">M</div>
<div class="body">
<div class="who"><b>Meshlens</b> <span class="app">APP</span> ${time(postedMs)}${editsHtml(message)}</div>
${about}${content}${shown.join("")}${said.join("")}
${below}</div>
</article>`;
}

function editsHtml({ ts, edits, editedMs, earlier }: InboxMessage): string {
  if (editedMs === null) return "";
  const lines = earlier.map(({ atMs, text }) => `<li>${time(atMs)} ${mrkdwnHtml(text)}</li>`);
  const times = edits === 1 ? "once" : `${edits} times`;
  return ` <details class="edits" data-key="edits ${htmlText(ts)}"><summary>edited ${times}, last ${time(editedMs)}</summary><ol>${lines.join("")}</ol></details>`;
}

/** In UTC; the page's script turns it into the reader's own zone. */
function time(atMs: number): string {
  const iso = new Date(atMs).toISOString();
  return `<time class="quiet" datetime="${iso}">${iso.slice(11, 19)} UTC</time>`;
}
