/** Messages as one HTML page for review: wide, and as narrow as a phone beside it. Pure; called by `meshlens slack preview`. */
import { htmlText, mrkdwnHtml } from "./mrkdwn-html.js";

/** A message from a file: blocks of any kind, not only ours. */
export interface PreviewMessage {
  readonly title: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
}

const style = `
body{font:15px/1.46 Lato,"Helvetica Neue",Arial,sans-serif;color:#1d1c1d;background:#f4f4f4;margin:24px}
h1{font-size:14px;color:#616061;margin:24px 0 6px}
.row{display:flex;gap:24px;align-items:flex-start;flex-wrap:wrap}
.message{background:#fff;border:1px solid #ddd;border-radius:8px;padding:12px 16px;box-sizing:border-box;overflow-wrap:anywhere}
.wide{width:680px}.phone{width:360px}
.header{font-size:18px;font-weight:900;margin:4px 0}
.section{margin:8px 0}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:8px 16px;margin:8px 0}
.phone .fields{grid-template-columns:1fr}
.context{font-size:12px;color:#616061;margin:8px 0}
.actions>span{display:inline-block;border:1px solid #bbb;border-radius:4px;padding:3px 12px;margin:2px 8px 2px 0;font-weight:700;font-size:13px}
.actions>.primary{background:#007a5a;border-color:#007a5a;color:#fff}
code{font:12px Menlo,Consolas,monospace;color:#c01343;background:#f8f8f8;border:1px solid #ddd;border-radius:3px;padding:1px 3px}
pre{font:12px Menlo,Consolas,monospace;background:#f8f8f8;border:1px solid #ddd;border-radius:4px;padding:8px;margin:4px 0;white-space:pre-wrap}
.mention{background:#fdf2d1;color:#8a5a00;padding:0 2px;border-radius:3px}
a{color:#1264a3;text-decoration:none}
.fallback{font-size:12px;color:#616061;white-space:pre-line;margin:0 0 8px}
.unknown{color:#b00}`;

/** The page. A block it does not know is named in its place. */
export function previewHtml(messages: readonly PreviewMessage[]): string {
  const shown = messages.map(({ title, text, blocks }) => {
    const body = blocks.map(blockHtml).join("\n");
    return [
      `<h1>${htmlText(title)}</h1>`,
      `<p class="fallback">Notification: ${mrkdwnHtml(text)}</p>`,
      `<div class="row"><div class="message wide">${body}</div><div class="message phone">${body}</div></div>`,
    ].join("\n");
  });
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><title>Meshlens in Slack</title>',
    // No script runs and nothing is loaded, whatever is in the file.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<style>${style}</style></head><body>`,
    ...shown,
    "</body></html>",
    "",
  ].join("\n");
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function blockHtml(block: unknown): string {
  if (!isFields(block)) return unknownBlock("no block");
  switch (block["type"]) {
    case "header":
      return `<div class="header">${textHtml(block["text"])}</div>`;
    case "divider":
      return "<hr>";
    case "section": {
      const fields = listOf(block["fields"]).map((field) => `<div>${textHtml(field)}</div>`);
      const text = block["text"] === undefined ? "" : `<div class="section">${textHtml(block["text"])}</div>`;
      return text + (fields.length === 0 ? "" : `<div class="fields">${fields.join("")}</div>`);
    }
    case "context":
      return `<div class="context">${listOf(block["elements"]).map(textHtml).join(" ")}</div>`;
    case "actions":
      return `<div class="actions">${listOf(block["elements"]).map(elementHtml).join("")}</div>`;
    default:
      return unknownBlock(`block ${String(block["type"])}`);
  }
}

function elementHtml(element: unknown): string {
  if (!isFields(element)) return unknownBlock("element");
  const isSelect = element["type"] === "static_select";
  const name = textHtml(isSelect ? element["placeholder"] : element["text"]);
  return `<span class="${element["style"] === "primary" ? "primary" : "plain"}">${name}${isSelect ? " ▾" : ""}</span>`;
}

function textHtml(value: unknown): string {
  if (!isFields(value) || typeof value["text"] !== "string") return unknownBlock("text");
  return value["type"] === "mrkdwn" ? mrkdwnHtml(value["text"]) : htmlText(value["text"]);
}

function unknownBlock(what: string): string {
  return `<div class="unknown">[${htmlText(what.slice(0, 80))} is not shown here]</div>`;
}
