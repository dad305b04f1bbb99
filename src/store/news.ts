/** What a copy tells the others of what it has stored, in the transaction that stores it. Sent by repositories, heard by the server. */
import { type Kysely, sql } from "kysely";
import type { Database } from "./database.js";
import type { Tables } from "./tables.js";

/**
 * `incidents` changed; `evaluated`: the shared pages are new; `heard`: alerts of Alertmanager; `outbox`: something is to be sent;
 * `errands` wait; `lease`: one was given back; `cycle`: an evaluation asks for measurements; `measured`: here are some.
 */
export const newsKinds = [
  "incidents",
  "evaluated",
  "heard",
  "outbox",
  "errands",
  "lease",
  "cycle",
  "measured",
] as const;

/** Something that another copy stored. */
export interface News {
  readonly kind: (typeof newsKinds)[number];
  /** Ids of incidents, keys of alerts; null: any. */
  readonly ids: readonly string[] | null;
}

/** Hears of what other copies store. */
export interface NewsWire {
  /**
   * Begins to listen. `onNews` is not told of what this copy stores; `onGap`: news may have been missed, once at the beginning and after
   * each broken connection; neither may throw. Ends with what is returned, or with the store.
   */
  follow(listener: { onNews(news: News): void; onGap(): void }): { close(): Promise<void> };
}

/** PostgreSQL's name of what is listened to; of one database. */
export const newsChannel = "meshlens_news";

/** Fewer than 8,000 bytes is what PostgreSQL takes. */
const mostIds = 100;
const mostBytes = 7_500;

/** Tells when the transaction is committed; of SQLite nobody else listens. */
export async function tellNews(
  db: Kysely<Tables>,
  { kind: store, copyId }: Pick<Database, "kind" | "copyId">,
  { kind, ids }: News,
): Promise<void> {
  if (store === "sqlite" || ids?.length === 0) return;
  const parts: (readonly string[] | null)[] = ids === null ? [null] : [];
  for (let at = 0; ids !== null && at < ids.length; at += mostIds) parts.push(ids.slice(at, at + mostIds));
  for (const part of parts) {
    const text = JSON.stringify([copyId, kind, part]);
    const payload = Buffer.byteLength(text) > mostBytes ? JSON.stringify([copyId, kind, null]) : text;
    await sql`select pg_notify(${newsChannel}, ${payload})`.execute(db);
  }
}

/** The news of a payload; null for our own and for what no version of ours sends. */
export function readNews(payload: string, copyId: string): News | null {
  let told: unknown;
  try {
    told = JSON.parse(payload);
  } catch {
    return null;
  }
  if (!Array.isArray(told) || told[0] === copyId) return null;
  const [, kind, ids] = told as unknown[];
  const known = newsKinds.find((one) => one === kind);
  const isList = Array.isArray(ids) && ids.every((id) => typeof id === "string");
  return known === undefined || (ids !== null && !isList) ? null : { kind: known, ids: isList ? ids : null };
}
