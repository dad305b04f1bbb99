/** JSON payloads as text columns. Called by the repositories. */
import { MeshlensError } from "../errors.js";

/** Anything JSON.stringify keeps as it is: no undefined, NaN, Date. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The text of a payload. */
export function encodeJson(value: Json): string {
  return JSON.stringify(value);
}

/** The payload of a text. @throws MESHLENS_ERR_STORE_CORRUPT */
export function decodeJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new MeshlensError(
      "MESHLENS_ERR_STORE_CORRUPT",
      "A stored payload is no JSON: somebody changed the database by hand, or it is damaged; restore a backup.",
      {},
      error,
    );
  }
}
