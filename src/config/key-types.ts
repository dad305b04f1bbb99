/** Building blocks of the configuration schema: the checked texts that several keys share. */
import { z } from "zod";
import { durationMs } from "./duration.js";

/** A key's documentation as docs/reference/configuration.md shows it. `secret` values are never printed by anything. */
export interface KeyNotes {
  readonly description: string;
  readonly unit?: string;
  readonly secret?: true;
}

/** Gives a key its line in the reference; every key has one. */
export function key<T extends z.ZodType>(schema: T, notes: KeyNotes): T {
  return schema.meta({ ...notes });
}

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ["http:", "https:"].includes(url.protocol) && url.username === "" && url.password === "";
}

/** An http(s) URL that carries no credentials: those have keys of their own, which are kept out of logs. */
export const webUrl = z
  .string()
  .max(2048)
  .refine(isWebUrl, "is not an http:// or https:// URL without user and password (credentials belong in auth)");

/** Scheme, host and port as browsers send them, without a path. */
export const origin = webUrl.refine(
  (text) => new URL(text).origin === text,
  "is not an origin such as https://portal.example.com: no path, no slash at its end, no default port",
);

/** As webUrl, and without query or fragment, because paths are appended to it. */
export const baseUrl = webUrl.refine(
  (text) => !/[?#]/.test(text),
  "must not have a query or fragment: paths are appended to it",
);

/** A Prometheus duration; kept as text, read with durationMs. */
export const duration = z
  .string()
  .refine((text) => durationMs(text) !== null, "is not a duration such as 30s, 5m or 1h30m");

/** A ratio strictly between 0 and 1. */
export const objectiveTarget = z.number().gt(0).lt(1);

/** Text with something in it and no control characters. */
export const plainText = z
  .string()
  .min(1)
  .max(1024)
  .refine((text) => !/\p{Cc}/u.test(text), "must not contain control characters");

/** A value that must never be shown. */
export const secretText = z
  .string()
  .min(1, "must not be empty")
  .max(16_384)
  .refine((text) => !/[\r\n\0]/.test(text), "must be one line");

/** A path; relative ones are relative to the configuration file. */
export const filePath = z.string().min(1).max(4096);
