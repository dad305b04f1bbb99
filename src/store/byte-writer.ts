/** A growing byte buffer with variable-length whole numbers: seven bits a byte, low bits first. Called by the block codec. */

/** What the codec writes with. */
export interface ByteWriter {
  readonly length: number;
  byte(value: number): void;
  /** 0 ≤ value ≤ 2^53 - 1. */
  varint(value: number): void;
  float64(value: number): void;
  bytes(value: Uint8Array): void;
  /** What was written; a view that the next write may change. */
  view(): Uint8Array;
  clear(): void;
}

/** An empty writer. */
export function createByteWriter(): ByteWriter {
  let buffer = Buffer.allocUnsafe(4096);
  let length = 0;
  const reserve = (count: number) => {
    if (length + count <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, length + count));
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  };
  return {
    get length() {
      return length;
    },
    byte(value) {
      reserve(1);
      buffer[length++] = value;
    },
    varint(value) {
      reserve(8);
      let rest = value;
      // Bit operations end at 31 bits; counts may be longer.
      while (rest >= 0x4000_0000) {
        buffer[length++] = (rest % 128) | 128;
        rest = Math.floor(rest / 128);
      }
      while (rest >= 128) {
        buffer[length++] = (rest & 127) | 128;
        rest >>>= 7;
      }
      buffer[length++] = rest;
    },
    float64(value) {
      reserve(8);
      buffer.writeDoubleLE(value, length);
      length += 8;
    },
    bytes(value) {
      reserve(value.length);
      buffer.set(value, length);
      length += value.length;
    },
    view: () => buffer.subarray(0, length),
    clear() {
      length = 0;
    },
  };
}
