/** Reads what a byte writer wrote; whatever is cut short or too long is refused, never read past. Called by the block codec. */
import { MeshlensError } from "../errors.js";

/** What the codec reads with. All throw MESHLENS_ERR_STORE_CORRUPT at the end of the bytes. */
export interface ByteReader {
  readonly position: number;
  byte(): number;
  varint(): number;
  float64(): number;
  bytes(count: number): Uint8Array;
  skip(count: number): void;
}

/** A reader from the first byte. */
export function createByteReader(bytes: Uint8Array): ByteReader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  const take = (count: number) => {
    if (!(count >= 0) || position + count > buffer.length) throw corruptBlock("it ends too early");
    position += count;
    return position - count;
  };
  return {
    get position() {
      return position;
    },
    byte: () => buffer[take(1)] as number,
    varint() {
      let value = 0;
      for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
        const byte = buffer[take(1)] as number;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
      throw corruptBlock("a number is too long");
    },
    float64: () => buffer.readDoubleLE(take(8)),
    bytes: (count) => buffer.subarray(take(count), position),
    skip(count) {
      take(count);
    },
  };
}

/** The error of packed counts that cannot be unpacked. */
export function corruptBlock(why: string): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_STORE_CORRUPT",
    `A block of stored SLI counts cannot be unpacked: ${why}. Restore a backup of the database, or delete the row of table sli_block; its time is back-filled then.`,
  );
}
