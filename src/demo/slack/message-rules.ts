/**
 * Slack's rules for the content of a message, from its documentation, written without a look at our builders. Says Slack's error word or
 * null. Of the blocks it knows those that messages of incidents are made of; a property it does not know is refused as Slack refuses it.
 * Source: https://docs.slack.dev/reference/block-kit/blocks, /composition-objects, /methods/chat.postMessage
 */

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is wrong with a message: Slack's word, and where. */
export interface MessageFault {
  readonly error: string;
  readonly detail: string;
}

/** From where `msg_blocks_too_long` was seen (bolt-js 2867). */
const mostBlockChars = 11_300;

/** The fault of a message, null for none. */
export function messageFault(text: unknown, blocks: unknown): MessageFault | null {
  if (blocks !== undefined) {
    if (!Array.isArray(blocks)) return fault("invalid_blocks_format", "no list");
    if (blocks.length > 50) return fault("invalid_blocks", "more than 50");
    for (const [index, block] of blocks.entries()) {
      const wrong = blockFault(block);
      if (wrong !== null) return fault("invalid_blocks", `${wrong} [json-pointer:/blocks/${index}]`);
    }
    if (textLength(blocks) > mostBlockChars) return fault("msg_blocks_too_long", "sum of texts");
    if (hasTwice(blocks, "block_id")) return fault("invalid_blocks", "block_id twice");
  }
  const hasBlocks = Array.isArray(blocks) && blocks.length > 0;
  if (!hasBlocks && (typeof text !== "string" || text.trim() === ""))
    return fault("no_text", "neither text nor blocks");
  if (typeof text === "string" && text.length > 40_000) return fault("msg_too_long", "text");
  return null;
}

const fault = (error: string, detail: string) => ({ error, detail });

function hasTwice(list: readonly unknown[], key: string): boolean {
  const ids = list.flatMap((one) => (isFields(one) && typeof one[key] === "string" ? [one[key]] : []));
  return new Set(ids).size !== ids.length;
}

const propertiesOf: Readonly<Record<string, readonly string[]>> = {
  header: ["text"],
  divider: [],
  section: ["text", "fields", "accessory", "expand"],
  context: ["elements"],
  actions: ["elements"],
  image: ["alt_text", "image_url", "slack_file", "title"],
};

function blockFault(block: unknown): string | null {
  if (!isFields(block)) return "no object";
  const type = String(block["type"]);
  const known = Object.hasOwn(propertiesOf, type) ? propertiesOf[type] : undefined;
  if (known === undefined) return `unsupported type: ${type}`;
  const id = block["block_id"];
  if (id !== undefined && !within(id, 255)) return "block_id";
  const extra = additional(block, ["type", "block_id", ...known]);
  if (extra !== null) return extra;
  switch (type) {
    case "header":
      return textFault(block["text"], 150, ["plain_text"]);
    case "section":
      return sectionFault(block);
    case "context":
      return listFault(block["elements"], 10, (element) => textFault(element, 3_000));
    case "actions":
      return (
        listFault(block["elements"], 25, elementFault) ??
        (hasTwice(block["elements"] as readonly unknown[], "action_id") ? "action_id twice" : null)
      );
    case "image":
      return within(block["alt_text"], 2_000) && (within(block["image_url"], 3_000) || isFields(block["slack_file"]))
        ? null
        : "image";
    default:
      return null;
  }
}

function additional(value: Fields, known: readonly string[]): string | null {
  const extra = Object.keys(value).find((key) => !known.includes(key));
  return extra === undefined ? null : `invalid additional property: ${extra.slice(0, 50)}`;
}

function sectionFault({ text, fields, accessory }: Fields): string | null {
  if (text === undefined && fields === undefined) return "section without text and fields";
  return (
    (text === undefined ? null : textFault(text, 3_000)) ??
    (fields === undefined ? null : listFault(fields, 10, (field) => textFault(field, 2_000))) ??
    (accessory === undefined ? null : elementFault(accessory))
  );
}

const elementProperties: Readonly<Record<string, readonly string[]>> = {
  button: ["text", "value", "url", "style", "confirm", "accessibility_label"],
  static_select: ["placeholder", "options", "initial_option", "confirm", "focus_on_load"],
};

function elementFault(element: unknown): string | null {
  if (!isFields(element) || !within(element["action_id"], 255)) return "action_id";
  const type = String(element["type"]);
  const known = Object.hasOwn(elementProperties, type) ? elementProperties[type] : undefined;
  if (known === undefined) return "unsupported element";
  return (
    additional(element, ["type", "action_id", ...known]) ??
    (type === "button" ? buttonFault(element) : selectFault(element))
  );
}

function buttonFault({ value, url, style, text }: Fields): string | null {
  if (value !== undefined && !within(value, 2_000)) return "value of a button";
  if (url !== undefined && !(within(url, 3_000) && URL.canParse(String(url)))) return "url of a button";
  if (style !== undefined && style !== "primary" && style !== "danger") return "style of a button";
  return textFault(text, 75, ["plain_text"]);
}

function selectFault({ placeholder, options }: Fields): string | null {
  return (
    (placeholder === undefined ? null : textFault(placeholder, 150, ["plain_text"])) ??
    listFault(options, 100, (option) =>
      isFields(option) && within(option["value"], 150)
        ? (additional(option, ["text", "value", "description"]) ?? textFault(option["text"], 75, ["plain_text"]))
        : "option",
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
  return additional(value, ["type", "text", "emoji", "verbatim"]);
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

/** The fault of metadata, null for none; left out and `{}`, which takes it away, are fine. */
export function metadataFault(metadata: unknown): MessageFault | null {
  if (metadata === undefined || (isFields(metadata) && Object.keys(metadata).length === 0)) return null;
  if (!isFields(metadata)) return fault("invalid_metadata_format", "no object");
  const { event_type: type, event_payload: payload } = metadata;
  // "A human readable alphanumeric string"; underscores are in Slack's own examples.
  if (typeof type !== "string" || !/^\w{1,255}$/.test(type)) return fault("invalid_metadata_format", "event_type");
  return isFields(payload) ? null : fault("invalid_metadata_format", "event_payload");
}
