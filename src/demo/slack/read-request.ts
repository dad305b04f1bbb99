/** Bodies of requests as Slack reads them: JSON, or a form whose richer fields are JSON. */
import type { IncomingMessage } from "node:http";
import type { Arguments } from "./web-method.js";

/** Larger than any picture of ours; what is larger is no call of ours. */
const mostBytes = 8_388_608;

/** The whole body. @throws when it is larger than 8 MiB */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > mostBytes) throw new Error("the body is too large");
  }
  return Buffer.concat(chunks);
}

/** Null for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

const jsonFields = new Set(["blocks", "metadata", "files", "attachments"]);

/** The arguments of a call; none for a body that holds none. */
export function readArguments(body: Buffer, contentType: string): Arguments {
  if (contentType.startsWith("application/json")) {
    const value = parseJson(body.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Arguments) : {};
  }
  const pairs = [...new URLSearchParams(body.toString())];
  return Object.fromEntries(pairs.map(([key, value]) => [key, jsonFields.has(key) ? parseJson(value) : value]));
}
