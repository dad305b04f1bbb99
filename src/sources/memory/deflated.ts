/** Bytes that are kept for hours and read now and then, deflated. Used by the shelves of the memory sources. */
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** Deflates in the least time. The result holds no more memory than its bytes: zlib's own answer keeps the 16 kB it was written into. */
export function deflated(plain: string | Uint8Array): Uint8Array {
  return new Uint8Array(deflateRawSync(plain, { level: 1 }));
}

/** What was deflated, in memory of its own. */
export function inflated(packed: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(inflateRawSync(packed));
}
