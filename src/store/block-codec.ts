/**
 * Packs a count block into bytes and back: counter names, then a directory (id and length of each series), then its columns, so
 * that a few series can be read without unpacking the rest. Pure; called by the repository of SLI counts.
 */
import { corruptBlock, createByteReader } from "./byte-reader.js";
import { createByteWriter } from "./byte-writer.js";
import { readColumn, writeColumn } from "./column-codec.js";
import { type CountBlock, columnOffset } from "./count-block.js";

const version = 1;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The part of a block that stands in columns of its row. */
export type BlockFrame = Pick<CountBlock, "startMs" | "stepMs" | "bucketCount">;

/** Gives an array of a length, whatever stands in it. */
export type RoomFor = (length: number) => Float64Array;

const newRoom: RoomFor = (length) => new Float64Array(length);

/** The same memory again and again, for blocks that are done with before the next: each holds until the next is asked for. */
export function createSharedRoom(): RoomFor {
  let room = new Float64Array(0);
  return (length) => {
    if (room.length < length) room = new Float64Array(length);
    return room.subarray(0, length);
  };
}

/** Packs a block; `idOf` numbers its keys (whole numbers ≥ 0, one per key). */
export function packBlock(block: CountBlock, idOf: (key: string) => number): Uint8Array {
  const order = block.keys.map((key, series) => ({ id: idOf(key), series })).sort((a, b) => a.id - b.id);
  const head = createByteWriter();
  const body = createByteWriter();
  head.byte(version);
  head.varint(block.counters.length);
  for (const name of block.counters) {
    const bytes = Buffer.from(name, "utf8");
    head.varint(bytes.length);
    head.bytes(bytes);
  }
  head.varint(order.length);
  let lastId = 0;
  for (const { id, series } of order) {
    const before = body.length;
    for (let counter = 0; counter < block.counters.length; counter++) {
      writeColumn(body, block.values, columnOffset(block, series, counter), block.bucketCount);
    }
    head.varint(id - lastId);
    head.varint(body.length - before);
    lastId = id;
  }
  head.bytes(body.view());
  return Uint8Array.from(head.view());
}

/**
 * Unpacks a block.
 * @param keyOf the key of a series' id; null leaves the series out, unread
 * @param roomFor an array of that length for the values, whatever stands in it
 * @throws MESHLENS_ERR_STORE_CORRUPT
 */
export function unpackBlock(
  frame: BlockFrame,
  payload: Uint8Array,
  keyOf: (id: number) => string | null,
  roomFor: RoomFor = newRoom,
): CountBlock {
  const reader = createByteReader(payload);
  if (reader.byte() !== version) throw corruptBlock("its format is unknown");
  const counters: string[] = [];
  for (let left = reader.varint(); left > 0; left--) counters.push(textOf(reader.bytes(reader.varint())));
  // Only the wanted entries of the directory are kept: a page of history asks for twenty of thousands.
  const wanted: { key: string; from: number; length: number }[] = [];
  let id = 0;
  let bodyLength = 0;
  for (let left = reader.varint(); left > 0; left--) {
    id += reader.varint();
    const length = reader.varint();
    const key = keyOf(id);
    if (key !== null) wanted.push({ key, from: bodyLength, length });
    bodyLength += length;
  }
  const bodyStart = reader.position;
  if (bodyStart + bodyLength !== payload.length) throw corruptBlock("it is longer or shorter than its directory says");
  const block: CountBlock = {
    startMs: frame.startMs,
    stepMs: frame.stepMs,
    bucketCount: frame.bucketCount,
    counters,
    keys: wanted.map(({ key }) => key),
    values: roomFor(wanted.length * counters.length * frame.bucketCount),
  };
  for (const [series, { from, length }] of wanted.entries()) {
    reader.skip(bodyStart + from - reader.position);
    for (let counter = 0; counter < counters.length; counter++) {
      readColumn(reader, block.values, columnOffset(block, series, counter), frame.bucketCount);
    }
    if (reader.position !== bodyStart + from + length) {
      throw corruptBlock("a series is longer or shorter than its directory says");
    }
  }
  return block;
}

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw corruptBlock("a counter's name is no text");
  }
}
