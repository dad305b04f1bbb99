/** Messages as one HTML page for review: wide, and as narrow as a phone beside it. Pure; called by `meshlens slack preview`. */
import { blocksHtml, blocksStyle, lightColours } from "./blocks-html.js";
import { htmlText, mrkdwnHtml } from "./mrkdwn-html.js";

/** A message from a file: blocks of any kind, not only ours. */
export interface PreviewMessage {
  readonly title: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
  /** Shown below the blocks. */
  readonly picture?: { readonly png: Buffer; readonly altText: string };
}

const style = `
:root{${lightColours}}
body{font:15px/1.46 Lato,"Helvetica Neue",Arial,sans-serif;color:var(--text);background:var(--ground);margin:24px}
h1{font-size:14px;color:var(--quiet);margin:24px 0 6px}
.row{display:flex;gap:24px;align-items:flex-start;flex-wrap:wrap}
.message{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:12px 16px;box-sizing:border-box;overflow-wrap:anywhere}
.wide{width:680px}.phone{width:360px}
${blocksStyle}
.message img{max-width:100%;height:auto}
.fallback{font-size:12px;color:var(--quiet);white-space:pre-line;margin:0 0 8px}`;

/** The page. A block it does not know is named in its place. */
export function previewHtml(messages: readonly PreviewMessage[]): string {
  const shown = messages.map(({ title, text, blocks, picture }) => {
    const body = blocksHtml(blocks, { isPressable: false }) + (picture === undefined ? "" : pictureHtml(picture));
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
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    `<style>${style}</style></head><body>`,
    ...shown,
    "</body></html>",
    "",
  ].join("\n");
}

function pictureHtml({ png, altText }: NonNullable<PreviewMessage["picture"]>): string {
  return `<p><img src="data:image/png;base64,${png.toString("base64")}" alt="${htmlText(altText)}"></p>`;
}
