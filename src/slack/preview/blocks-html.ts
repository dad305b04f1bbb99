/** Blocks as HTML, of any kind and from any file; what it does not know is named in its place. Pure; for the preview and the inbox of the demo. */
import { withSigns } from "./emoji-signs.js";
import { htmlText, mrkdwnHtml } from "./mrkdwn-html.js";

/** How blocks look, on a page that names the colours: --line, --quiet, --code, --code-ground, --call, --call-ground, --link. */
export const blocksStyle = `
.header{font-size:18px;font-weight:900;margin:4px 0}
.section{margin:8px 0}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:8px 16px;margin:8px 0}
.phone .fields{grid-template-columns:1fr}
.context{font-size:12px;color:var(--quiet);margin:8px 0}
.actions{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0}
.actions>*{font:700 13px/1.4 inherit;font-family:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:4px;padding:4px 12px}
.actions>.primary{background:#007a5a;border-color:#007a5a;color:#fff}
.actions>.danger{background:#c01343;border-color:#c01343;color:#fff}
code{font:12px Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--code);background:var(--code-ground);border:1px solid var(--line);border-radius:3px;padding:1px 3px}
pre{font:12px Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--code-ground);border:1px solid var(--line);border-radius:4px;padding:8px;margin:4px 0;white-space:pre-wrap}
.mention{background:var(--call-ground);color:var(--call);padding:0 2px;border-radius:3px}
a{color:var(--link);text-decoration:none}
a:hover,a:focus{text-decoration:underline}
.sign{width:1.15em;height:1.15em;vertical-align:-.2em}
.unknown{color:#c01343}`;

/** The colours by day. */
export const lightColours =
  "--text:#1d1c1d;--ground:#f4f4f4;--paper:#fff;--line:#ccc;--quiet:#616061;--code:#a3123a;--code-ground:#f8f8f8;--call:#7a4f00;--call-ground:#fdf2d1;--link:#0b5394";

/** What can be pressed is an element that says so in `data-action` and `data-value`, or a picture of one. */
export interface BlocksOptions {
  readonly isPressable: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The HTML. */
export function blocksHtml(blocks: readonly unknown[], options: BlocksOptions): string {
  return blocks.map((block) => blockHtml(block, options)).join("\n");
}

function blockHtml(block: unknown, options: BlocksOptions): string {
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
    case "actions": {
      const elements = listOf(block["elements"]).map((element) =>
        options.isPressable ? pressableHtml(element) : elementHtml(element),
      );
      return `<div class="actions">${elements.join("")}</div>`;
    }
    default:
      return unknownBlock(`block ${String(block["type"])}`);
  }
}

function elementHtml(element: unknown): string {
  if (!isFields(element)) return unknownBlock("element");
  const isSelect = element["type"] === "static_select";
  const name = textHtml(isSelect ? element["placeholder"] : element["text"]);
  return `<span class="${styleOf(element)}">${name}${isSelect ? " ▾" : ""}</span>`;
}

function pressableHtml(element: unknown): string {
  if (!isFields(element)) return unknownBlock("element");
  const action = `data-action="${htmlText(String(element["action_id"]))}"`;
  if (element["type"] === "static_select") {
    const options = listOf(element["options"]).map((option) =>
      isFields(option)
        ? `<option value="${htmlText(String(option["value"]))}">${plainOf(option["text"])}</option>`
        : "",
    );
    const name = plainOf(element["placeholder"]);
    return `<select ${action} aria-label="${name}"><option value="">${name} …</option>${options.join("")}</select>`;
  }
  if (element["type"] !== "button") return elementHtml(element);
  const value = `data-value="${htmlText(String(element["value"] ?? ""))}"`;
  return `<button type="button" class="${styleOf(element)}" ${action} ${value}>${textHtml(element["text"])}</button>`;
}

function styleOf({ style }: Fields): string {
  return style === "primary" || style === "danger" ? style : "plain";
}

function textHtml(value: unknown): string {
  if (!isFields(value) || typeof value["text"] !== "string") return unknownBlock("text");
  return value["type"] === "mrkdwn" ? mrkdwnHtml(value["text"]) : withSigns(htmlText(value["text"]));
}

/** For where no markup may stand. */
function plainOf(value: unknown): string {
  return isFields(value) && typeof value["text"] === "string" ? htmlText(value["text"]) : "";
}

function unknownBlock(what: string): string {
  return `<div class="unknown">[${htmlText(what.slice(0, 80))} is not shown here]</div>`;
}
