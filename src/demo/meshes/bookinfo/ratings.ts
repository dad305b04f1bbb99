/** Bookinfo's ratings: v1 keeps the stars in memory, v2 reads them from a MySQL outside the mesh. */
import type { Application } from "../../simulation/application.js";
import { finish, ownTimeMs, refusal } from "../../simulation/application-work.js";
import type { ApplicationLine } from "../../simulation/exchange.js";

/** The database as ratings v2 dials it. */
export const mysql = { host: "mysql.example.com", port: 3306 } as const;

const answerBytes = 48;
const slowQueryMs = 1000;

/** The application of ratings v1. */
export function createRatingsInMemory(): Application {
  return (served, network) => {
    const nowMs = served.startMs + ownTimeMs(served, network, { medianMs: 0.8, sigma: 0.5 });
    return refusal(served, network, nowMs) ?? finish(served, nowMs, 200, answerBytes, [], []);
  };
}

/** The application of ratings v2: one query over a connection of its own, a WARN when it took a second or more. */
export function createRatingsInMysql(): Application {
  return (served, network) => {
    const dialledMs = served.startMs + ownTimeMs(served, network, { medianMs: 0.4, sigma: 0.4 });
    const query = network.tcp(served, { ...mysql, sentBytes: 27, receivedBytes: 11 }, dialledMs);
    const nowMs = query.endMs + 0.2;
    const lines: ApplicationLine[] = [];
    const tookMs = Math.round(query.endMs - query.startMs);
    if (tookMs >= slowQueryMs)
      lines.push({
        atMs: nowMs,
        level: "WARN",
        message: `slow query: SELECT Rating FROM ratings took ${tookMs} ms`,
        status: null,
        durationMs: tookMs,
      });
    return finish(served, nowMs, 200, answerBytes, [query], lines);
  };
}
