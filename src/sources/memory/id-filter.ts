/**
 * Which blocks of log records may hold an id: a Bloom filter over the hexadecimal pieces of their lines and ids. It never denies a record
 * that matchesLogFilter would find; where it cannot tell (ids that are not hexadecimal or very short) it lets every block pass.
 */
import type { LogFilter, LogRecord } from "../../telemetry/log-source.js";
import { traceIdSpellings } from "../../telemetry/trace-id.js";

const bitCount = 32_768;
const hashes = 4;
const shortestPiece = 4;
/** Pieces that stand between other characters within the id itself: they are whole wherever the id stands. */
const innerPiece = /(?<=[^0-9a-f])[0-9a-f]{4,}(?=[^0-9a-f])/gi;
const hexOnly = /^[0-9a-f]{4,}$/i;

/** The ids of some records. */
export type IdFilter = Uint32Array;

/** What of a record ids are found in. */
export type LogTexts = Pick<LogRecord, "message" | "traceId" | "spanId" | "requestId">;

/** The filter of the given records. */
export function idFilterOf(records: readonly LogTexts[]): IdFilter {
  const filter = new Uint32Array(bitCount / 32);
  for (const { message, traceId, spanId, requestId } of records) {
    addPieces(filter, message);
    addPieces(filter, traceId ?? "");
    addPieces(filter, spanId ?? "");
    addPieces(filter, requestId ?? "");
  }
  return filter;
}

/** Whether records with such a filter may be found; built once per question. */
export function idTest({ traceIds, spanIds, requestIds }: LogFilter): (filter: IdFilter) => boolean {
  const tests = [
    traceIds === null ? null : anyOf(traceIds.map((id) => alternativesOf(traceIdSpellings(id)))),
    spanIds === null ? null : anyOf(spanIds.map((id) => alternativesOf([id]))),
    requestIds === null ? null : anyOf(requestIds.map(requestIdTest)),
  ].filter((test) => test !== null);
  return (filter) => tests.every((test) => test(filter));
}

type Test = (filter: IdFilter) => boolean;

const anyOf =
  (tests: readonly Test[]): Test =>
  (filter) =>
    tests.some((test) => test(filter));

function alternativesOf(spellings: readonly string[]): Test {
  return spellings.every((text) => hexOnly.test(text)) ? anyOf(spellings.map(has)) : () => true;
}

function requestIdTest(id: string): Test {
  const tests = [...id.matchAll(innerPiece)].map(([found]) => has(found));
  return (filter) => tests.every((test) => test(filter));
}

function has(text: string): Test {
  const wanted = new Int32Array(hashes);
  findBits(text, 0, text.length, wanted);
  return (filter) => wanted.every((bit) => ((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0);
}

/** Adds every run of hexadecimal digits; each byte of every kept line passes here, so nothing is made on the way. */
function addPieces(filter: IdFilter, text: string): void {
  let start = 0;
  for (let i = 0; i <= text.length; i += 1) {
    if (i < text.length && hexCode(text, i) !== 0) continue;
    if (i - start >= shortestPiece) {
      findBits(text, start, i, found);
      for (const bit of found) filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
    start = i + 1;
  }
}

/** Writes the bits of one run of digits into `bits`. */
function findBits(text: string, start: number, end: number, bits: Int32Array): void {
  let a = seedA;
  let b = seedB;
  for (let i = start; i < end; i += 1) {
    const code = hexCode(text, i);
    a = mixA(a, code);
    b = mixB(b, code);
  }
  for (let n = 0; n < hashes; n += 1) bits[n] = ((a + Math.imul(n, b | 1)) >>> 0) % bitCount;
}

/** The lower-case code of a hexadecimal digit; 0 for any other character. */
function hexCode(text: string, index: number): number {
  return hexCodes[text.charCodeAt(index)] ?? 0;
}

const found = new Int32Array(hashes);
const hexCodes = Uint8Array.from({ length: 128 }, (_, code) =>
  /[0-9a-f]/i.test(String.fromCharCode(code)) ? code | 32 : 0,
);

// Two FNV-1a hashes of the lower-case text, combined as often as there are hashes.
const seedA = 0x811c9dc5;
const seedB = 0x01234567;
const mixA = (a: number, code: number): number => Math.imul(a ^ code, 0x01000193);
const mixB = (b: number, code: number): number => Math.imul(b ^ code, 0x01000193) ^ (b >>> 15);
