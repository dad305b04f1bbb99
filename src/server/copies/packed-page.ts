/** What copies write to each other, as bytes. Used by cycle-pages.ts and shared-board.ts. */
import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";
import { MeshlensError } from "../../errors.js";

const [pack, unpack] = [promisify(deflate), promisify(inflate)];

/** JSON, whole or in parts that make it together. */
export async function packJson(parts: readonly string[]): Promise<Uint8Array> {
  return pack(Buffer.from(parts.join("")), { level: 1 });
}

/** What was packed. @throws MESHLENS_ERR_STORE_CORRUPT */
export async function unpackJson({ bytes }: { readonly bytes: Uint8Array }): Promise<unknown> {
  try {
    return JSON.parse(String(await unpack(bytes)));
  } catch (error) {
    throw new MeshlensError(
      "MESHLENS_ERR_STORE_CORRUPT",
      "A page that another copy shared cannot be read; the next evaluation writes it anew.",
      {},
      error,
    );
  }
}
