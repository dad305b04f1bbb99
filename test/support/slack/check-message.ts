/** What tests look at in a message: its texts and the markup Slack would act on. Written without a look at our builders. */

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

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
