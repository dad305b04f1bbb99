/**
 * Which web pages may ask: our own, and those of `server.cors.origins`. Others may not read answers (browsers see to that), and where nobody
 * is asked for a token they may not ask at all: a browser would lend any page the user's way to us, by a form, a WebSocket or a GET.
 */
import type { MeshlensConfig } from "../config/config-schema.js";

/** The headers that browsers set and pages cannot. */
export interface BrowserHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
  readonly "sec-fetch-site"?: string | string[] | undefined;
}

/** Whose page a request comes from. NONE: no page, or a program that does not say. */
export type PageKind = "NONE" | "OWN" | "ALLOWED" | "FOREIGN";

/** The judgement of one configuration. */
export function createOriginCheck({ server }: Pick<MeshlensConfig, "server">): (headers: BrowserHeaders) => PageKind {
  const allowed = new Set(server.cors.origins.map((origin) => new URL(origin).origin));
  const publicHost = server.publicUrl === undefined ? null : new URL(server.publicUrl).host;
  return ({ origin, host, "sec-fetch-site": site }) => {
    if (origin === undefined) return site === "cross-site" || site === "same-site" ? "FOREIGN" : "NONE";
    if (allowed.has(origin)) return "ALLOWED";
    const from = URL.canParse(origin) ? new URL(origin).host : null;
    return from !== null && from !== "" && (from === host || from === publicHost) ? "OWN" : "FOREIGN";
  };
}
