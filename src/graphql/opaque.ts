/** Opaque tokens of the API (ids and cursors): a kind and text parts, with a check sum that finds typing and tampering. No secret inside. */
import { createHash } from "node:crypto";

/** What an opaque token holds. */
export interface Opaque {
  /** A short fixed word of lower-case letters. */
  readonly kind: string;
  readonly parts: readonly string[];
}

/** Longest token that is looked at. */
export const maxOpaqueLength = 16_384;

/** base64url of a 6-byte check sum and the JSON of kind and parts; the same token for the same content, forever. */
export function encodeOpaque({ kind, parts }: Opaque): string {
  const body = Buffer.from(JSON.stringify([kind, ...parts]), "utf8");
  return Buffer.concat([checkSum(body), body]).toString("base64url");
}

/** Reverse of encodeOpaque; null for anything that it did not write. */
export function decodeOpaque(token: string): Opaque | null {
  if (token.length === 0 || token.length > maxOpaqueLength || !/^[A-Za-z0-9_-]+$/.test(token)) return null;
  const bytes = Buffer.from(token, "base64url");
  const body = bytes.subarray(6);
  if (!checkSum(body).equals(bytes.subarray(0, 6)) || bytes.toString("base64url") !== token) return null;
  const [kind, ...parts] = JSON.parse(body.toString("utf8")) as readonly string[];
  return kind === undefined ? null : { kind, parts };
}

function checkSum(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest().subarray(0, 6);
}
