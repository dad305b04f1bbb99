/**
 * Slack's rules for the content of a message, from its documentation, written without a look at our builders. Answers Slack's error word
 * or null. Source: https://docs.slack.dev/reference/block-kit/blocks, /composition-objects, /methods/chat.postMessage
 */

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** From where `msg_blocks_too_long` was seen (bolt-js 2867). */
const mostBlockChars = 11_300;

/** The fault of a message, null for none. */
export function messageFault(
  text: unknown,
  blocks: unknown,
): { readonly error: string; readonly detail: string } | null {
  if (blocks !== undefined) {
    if (!Array.isArray(blocks)) return fault("invalid_blocks_format", "no list");
    if (blocks.length > 50) return fault("invalid_blocks", "more than 50");
    for (const [index, block] of blocks.entries()) {
      const wrong = blockFault(block);
      if (wrong !== null) return fault("invalid_blocks", `${wrong} [json-pointer:/blocks/${index}]`);
    }
    if (textLength(blocks) > mostBlockChars) return fault("msg_blocks_too_long", "sum of texts");
    const ids = blocks.flatMap((block) =>
      isFields(block) && typeof block["block_id"] === "string" ? [block["block_id"]] : [],
    );
    if (new Set(ids).size !== ids.length) return fault("invalid_blocks", "block_id twice");
  }
  const hasBlocks = Array.isArray(blocks) && blocks.length > 0;
  if (!hasBlocks && (typeof text !== "string" || text.trim() === ""))
    return fault("no_text", "neither text nor blocks");
  if (typeof text === "string" && text.length > 40_000) return fault("msg_too_long", "text");
  return null;
}

const fault = (error: string, detail: string) => ({ error, detail });

function blockFault(block: unknown): string | null {
  if (!isFields(block)) return "no object";
  const id = block["block_id"];
  if (id !== undefined && !within(id, 255)) return "block_id";
  switch (block["type"]) {
    case "header":
      return textFault(block["text"], 150, ["plain_text"]);
    case "divider":
      return null;
    case "section":
      return sectionFault(block);
    case "context":
      return listFault(block["elements"], 10, (element) => textFault(element, 3_000));
    case "actions":
      return listFault(block["elements"], 25, elementFault);
    case "image":
      return within(block["alt_text"], 2_000) && (within(block["image_url"], 3_000) || isFields(block["slack_file"]))
        ? null
        : "image";
    default:
      return `unsupported type: ${String(block["type"])}`;
  }
}

function sectionFault({ text, fields }: Fields): string | null {
  if (text === undefined && fields === undefined) return "section without text and fields";
  return (
    (text === undefined ? null : textFault(text, 3_000)) ??
    (fields === undefined ? null : listFault(fields, 10, (field) => textFault(field, 2_000)))
  );
}

function elementFault(element: unknown): string | null {
  if (!isFields(element) || !within(element["action_id"], 255)) return "action_id";
  if (element["type"] === "button") {
    if (element["value"] !== undefined && !within(element["value"], 2_000)) return "value of a button";
    if (element["url"] !== undefined && !within(element["url"], 3_000)) return "url of a button";
    return textFault(element["text"], 75, ["plain_text"]);
  }
  if (element["type"] !== "static_select") return "unsupported element";
  return (
    textFault(element["placeholder"], 150, ["plain_text"]) ??
    listFault(element["options"], 100, (option) =>
      isFields(option) && within(option["value"], 150) ? textFault(option["text"], 75, ["plain_text"]) : "option",
    )
  );
}

function listFault(list: unknown, most: number, test: (item: unknown) => string | null): string | null {
  if (!Array.isArray(list) || list.length === 0 || list.length > most) return "length of a list";
  for (const item of list) {
    const wrong = test(item);
    if (wrong !== null) return wrong;
  }
  return null;
}

function textFault(value: unknown, most: number, types = ["plain_text", "mrkdwn"]): string | null {
  if (!isFields(value) || !types.includes(String(value["type"]))) return "type of a text";
  if (!within(value["text"], most)) return `length of a text (at most ${most})`;
  if (value["emoji"] !== undefined && value["type"] !== "plain_text") return "emoji on mrkdwn";
  if (value["verbatim"] !== undefined && value["type"] !== "mrkdwn") return "verbatim on plain_text";
  return null;
}

const within = (value: unknown, most: number): boolean =>
  typeof value === "string" && value.length >= 1 && value.length <= most;

/** All texts and addresses in blocks, in characters. */
export function textLength(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, item: unknown) => sum + textLength(item), 0);
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce((sum, [key, item]) => (key === "type" ? sum : sum + textLength(item)), 0);
}

/** All texts of a message. */
export function textsOf(value: unknown): readonly { readonly type: string; readonly text: string }[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (!isFields(value)) return [];
  const own = typeof value["text"] === "string" ? [{ type: String(value["type"]), text: value["text"] }] : [];
  return [...own, ...Object.values(value).flatMap(textsOf)];
}

/** Markup Slack acts on: mentions, links and dates, as it finds them in a text. */
export function markupOf(text: string): readonly string[] {
  return [...text.matchAll(/<([^<>]*)>/g)].map(([, inner = ""]) => inner);
}
