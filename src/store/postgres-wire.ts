/** Listens to PostgreSQL's notifications on a connection of its own, which is made again whenever it breaks. Made by `openStore`. */
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { type NewsWire, newsChannel, readNews } from "./news.js";

const connectWithinMs = 3_000;
/** A connection that answers nothing any more is found out within this and `answerWithinMs`. */
const askEveryMs = 5_000;
const answerWithinMs = 3_000;
const [firstPauseMs, longestPauseMs] = [200, 2_000];

/** A wire to the database of a URL; it connects when it is followed. */
export function createPostgresWire(url: string, copyId: string): NewsWire & { close(): Promise<void> } {
  const open = new Set<{ close(): Promise<void> }>();
  return {
    follow({ onNews, onGap }) {
      const stopping = new AbortController();
      const { signal } = stopping;
      const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => {});

      /** Until the connection breaks; whether it ever stood. */
      async function listen(): Promise<boolean> {
        const client = new pg.Client({
          connectionString: url,
          connectionTimeoutMillis: connectWithinMs,
          query_timeout: answerWithinMs,
          keepAlive: true,
          application_name: "meshlens news",
        });
        const broken = new AbortController();
        client.on("error", () => broken.abort());
        client.on("end", () => broken.abort());
        client.on("notification", ({ payload = "" }) => {
          const news = readNews(payload, copyId);
          if (news !== null) onNews(news);
        });
        const end = AbortSignal.any([signal, broken.signal]);
        let isListening = false;
        try {
          await client.connect();
          await client.query(`listen ${newsChannel}`);
          isListening = true;
          onGap();
          while (!end.aborted) {
            await delay(askEveryMs, undefined, { signal: end }).catch(() => {});
            if (!end.aborted) await client.query("select 1");
          }
        } catch {
          // It is tried again, and whatever else uses the database tells what is wrong with it.
        }
        // Not waited for: a server that answers nothing would not answer this either.
        client.end().catch(() => {});
        return isListening;
      }

      const ended = (async () => {
        for (let pauseMs = firstPauseMs; !signal.aborted; ) {
          pauseMs = (await listen()) ? firstPauseMs : Math.min(2 * pauseMs, longestPauseMs);
          if (!signal.aborted) await pause(pauseMs);
        }
      })();
      const following = {
        close() {
          open.delete(following);
          stopping.abort();
          return ended;
        },
      };
      open.add(following);
      return following;
    },
    async close() {
      await Promise.all([...open].map((following) => following.close()));
    },
  };
}
