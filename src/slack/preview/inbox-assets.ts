/** The style and the script of the inbox page: nothing is fetched from anywhere but the page's own server. */
import { blocksStyle, lightColours } from "./blocks-html.js";
import { inboxPath } from "./inbox-html.js";

/** By day and by night, wide and on a phone. */
export const inboxStyle = `
:root{${lightColours};--face:#0b7a75;--hover:#f8f8f8}
@media (prefers-color-scheme:dark){:root{--text:#e8e8e8;--ground:#16181b;--paper:#1d2024;--line:#43474e;--quiet:#a9adb4;--code:#ff9db5;--code-ground:#26292e;--call:#ffd98a;--call-ground:#4a3a12;--link:#7cc0ff;--face:#0f9089;--hover:#23262b}}
*{box-sizing:border-box}
body{margin:0;font:15px/1.46 system-ui,-apple-system,"Segoe UI",Roboto,Lato,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;color:var(--text);background:var(--ground)}
header{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;align-items:center;gap:4px 20px;padding:10px 24px;background:var(--paper);border-bottom:1px solid var(--line)}
h1{font-size:18px;margin:0;white-space:nowrap}
.hash,.quiet,.about{color:var(--quiet)}
.about{flex:1;margin:0;font-size:12px;min-width:220px}
.you{font-size:12px;color:var(--quiet)}
.you input{width:110px;font:inherit;color:var(--text);background:var(--ground);border:1px solid var(--line);border-radius:4px;padding:3px 6px}
main{max-width:860px;margin:0 auto;padding:16px 24px 80px}
.message{display:flex;gap:12px;padding:12px;border-radius:8px;scroll-margin-top:64px}
main>.message{background:var(--paper);border:1px solid var(--line);margin:0 0 16px}
.face{flex:none;width:36px;height:36px;border-radius:8px;background:var(--face);color:#fff;font-weight:900;font-size:20px;display:grid;place-items:center}
.thread .face{width:24px;height:24px;font-size:13px;border-radius:6px}
.body{flex:1;min-width:0;overflow-wrap:anywhere}
.who{margin:0;font-size:15px}
.who .quiet,.quiet{font-size:12px;font-weight:400}
.app{font-size:10px;font-weight:700;color:var(--quiet);background:var(--code-ground);border:1px solid var(--line);border-radius:3px;padding:1px 4px;vertical-align:1px}
details.edits{display:inline;font-size:12px;color:var(--quiet)}
details.edits summary{display:inline;cursor:pointer;text-decoration:underline dotted}
details.edits ol{margin:6px 0 8px;padding-left:22px}
.thread{margin-top:8px;border-top:1px solid var(--line);padding-top:4px}
.thread>summary{cursor:pointer;color:var(--link);font-weight:700;font-size:13px;padding:4px 0}
.thread .message{padding:8px 0}
.replied{margin:2px 0;font-size:12px;color:var(--quiet)}
.picture img{display:block;max-width:min(100%,560px);height:auto;border:1px solid var(--line);border-radius:8px;margin:8px 0;background:#fff}
.whisper{font-size:13px;border-left:3px solid var(--line);padding:2px 10px;margin:8px 0}
.actions>button,.actions>select{cursor:pointer;min-height:32px;background:var(--paper)}
.actions>select option{color:var(--text);background:var(--paper)}
.actions>button:hover,.actions>select:hover{background:var(--hover)}
.actions>.primary:hover{background:#00664b}
.actions>:disabled{opacity:.5;cursor:wait}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.empty{text-align:center;color:var(--quiet);padding:80px 16px}
#told{position:fixed;bottom:16px;left:50%;transform:translateX(-50%);margin:0;padding:10px 16px;border-radius:8px;background:#5c0f26;color:#fff;font-size:13px;max-width:90vw}
#told:empty{display:none}
${blocksStyle}
hr{border:0;border-top:1px solid var(--line)}
@media (max-width:640px){header{padding:8px 12px}.about{order:3;flex-basis:100%}main{padding:8px 8px 60px}.message{gap:8px;padding:10px 8px}main>.message>.face{display:none}.fields{grid-template-columns:1fr}.thread .face{display:none}}
`;

/** Keeps the page up to date, shows instants in the reader's zone, and takes presses to the server. */
export const inboxScript = `"use strict";
const box = document.getElementById("messages");
const told = document.getElementById("told");
const you = document.getElementById("you");
const base = ${JSON.stringify(inboxPath)};
let tag = null;

try { you.value = localStorage.getItem("meshlens-you") || you.value; } catch {}
you.addEventListener("change", () => {
  try { localStorage.setItem("meshlens-you", you.value); } catch {}
});

function localise() {
  const today = new Date(performance.timeOrigin + performance.now()).toDateString();
  for (const time of box.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: time.className === "quiet" ? "2-digit" : undefined });
    time.textContent = at.toDateString() === today ? clock : at.toLocaleDateString([], { month: "short", day: "numeric" }) + " " + clock;
    time.title = at.toISOString();
  }
}

/** Whoever reads a thread or opens a menu keeps it. */
function replace(html) {
  const open = new Map();
  for (const one of box.querySelectorAll("details[data-key]")) open.set(one.dataset.key, one.open);
  const isAtEnd = window.innerHeight + window.scrollY >= document.body.scrollHeight - 60;
  const before = box.querySelectorAll("main > .message").length;
  box.innerHTML = html;
  for (const one of box.querySelectorAll("details[data-key]")) {
    const was = open.get(one.dataset.key);
    if (was !== undefined) one.open = was;
  }
  localise();
  if (isAtEnd && box.querySelectorAll("main > .message").length > before) showLast();
}

function showLast() {
  const all = box.querySelectorAll("main > .message");
  if (all.length > 0) all[all.length - 1].scrollIntoView();
}

async function refresh() {
  if (box.querySelector("select:focus")) return;
  try {
    const answer = await fetch(base + "/messages", { headers: tag === null ? {} : { "if-none-match": tag }, cache: "no-store" });
    if (answer.status === 200) {
      tag = answer.headers.get("etag");
      replace(await answer.text());
    } else if (answer.status !== 304) throw new Error();
    if (told.dataset.kind === "gone") say("", "");
  } catch {
    say("The demo does not answer any more.", "gone");
  }
}

function say(text, kind) {
  told.textContent = text;
  told.dataset.kind = kind;
}

async function press(element, value) {
  const ts = element.closest(".message").dataset.ts;
  element.disabled = true;
  say("", "");
  try {
    const answer = await fetch(base + "/press", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ channelId: box.dataset.channel, ts, actionId: element.dataset.action, value, user: you.value.trim() || "you" }),
    });
    const { status } = await answer.json();
    if (status !== 200) say(status === null || status === undefined ? "Meshlens did not take it." : "Meshlens answered HTTP " + status + ".", "press");
  } catch {
    say("The demo does not answer any more.", "gone");
  }
  element.disabled = false;
  if (element.tagName === "SELECT") { element.value = ""; element.blur(); }
  await refresh();
}

box.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  if (button !== null) press(button, button.dataset.value);
});
box.addEventListener("change", (event) => {
  const select = event.target.closest("select[data-action]");
  if (select !== null && select.value !== "") press(select, select.value);
});

localise();
showLast();
setInterval(() => { if (!document.hidden) refresh(); }, 1500);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
`;
