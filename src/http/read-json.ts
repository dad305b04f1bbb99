/** Reads a backend's JSON with the place named where it is not as expected. Called by the decoders of the adapters, on and off the loop. */
import { MeshlensError } from "../errors.js";

/** An object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A shape that is not what the backend's API says. @param at JSON path of the place, "" for the whole answer */
export function decodeError(source: string, at: string, problem: string): MeshlensError {
  const place = at === "" ? "" : ` at ${at}`;
  return new MeshlensError(
    "MESHLENS_ERR_SOURCE_DECODE",
    `Source ${source} answered ${problem}${place}; check that its URL points to the backend of its kind and a supported version.`,
    { source, at },
  );
}

/** Parses a body. @throws MESHLENS_ERR_SOURCE_DECODE for HTML (a UI's page answers any path), cut JSON and other text */
export function parseJson(source: string, body: Uint8Array): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw decodeError(source, "", /^\s*</.test(text) ? "HTML instead of JSON" : "text that is not JSON");
  }
}

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws MESHLENS_ERR_SOURCE_DECODE naming `at` */
export function asObject(source: string, at: string, value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw decodeError(source, at, `${nameOf(value)} instead of an object`);
}

/** A missing or null list is empty: backends leave empty lists out. @throws MESHLENS_ERR_SOURCE_DECODE naming `at` */
export function asList(source: string, at: string, value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value as readonly unknown[];
  throw decodeError(source, at, `${nameOf(value)} instead of a list`);
}

/** @throws MESHLENS_ERR_SOURCE_DECODE naming `at` */
export function asText(source: string, at: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw decodeError(source, at, `${nameOf(value)} instead of text`);
}

/** A finite number, also written as text (64-bit integers are). @throws MESHLENS_ERR_SOURCE_DECODE naming `at` */
export function asNumber(source: string, at: string, value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw decodeError(source, at, `${nameOf(value)} instead of a number`);
}

function nameOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : typeof value;
}
