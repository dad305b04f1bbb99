/**
 * Which blocks of log records may hold an id: a Bloom filter over the hexadecimal pieces of their lines and ids. It never denies a record
 * that matchesLogFilter would find; where it cannot tell (ids that are not hexadecimal or very short) it lets every block pass.
 */
import type { LogFilter, LogRecord } from "../../telemetry/log-source.js";
import { traceIdSpellings } from "../../telemetry/trace-id.js";

const bits = 16_384;
const hashes = 4;
const shortestPiece = 4;
/** Pieces that stand between other characters within the id itself: they are whole wherever the id stands. */
const innerPiece = /(?<=[^0-9a-f])[0-9a-f]{4,}(?=[^0-9a-f])/gi;
const hexOnly = /^[0-9a-f]{4,}$/i;

/** The ids of some records. */
export type IdFilter = Uint32Array;

/** The filter of the given records. */
export function idFilterOf(records: readonly LogRecord[]): IdFilter {
  const filter = new Uint32Array(bits / 32);
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
  const wanted = bitsOf(text);
  return (filter) => wanted.every((bit) => ((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0);
}

/** Adds every run of hexadecimal digits; each byte of every kept line passes here, so nothing is made on the way. */
function addPieces(filter: IdFilter, text: string): void {
  let length = 0;
  let a = seedA;
  let b = seedB;
  for (let i = 0; i <= text.length; i += 1) {
    const code = text.charCodeAt(i) | 32;
    // Digits keep their code under the bit that makes letters lower-case.
    if (i < text.length && ((code >= 97 && code <= 102) || (code >= 48 && code <= 57 && text.charCodeAt(i) >= 48))) {
      a = mixA(a, code);
      b = mixB(b, code);
      length += 1;
      continue;
    }
    if (length >= shortestPiece)
      for (let n = 0; n < hashes; n += 1) {
        const bit = bitOf(a, b, n);
        filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
      }
    if (length > 0) {
      length = 0;
      a = seedA;
      b = seedB;
    }
  }
}

/** The bits of one run. */
function bitsOf(text: string): readonly number[] {
  let a = seedA;
  let b = seedB;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i) | 32;
    a = mixA(a, code);
    b = mixB(b, code);
  }
  return Array.from({ length: hashes }, (_, n) => bitOf(a, b, n));
}

// Two FNV-1a hashes of the lower-case text, combined as often as there are hashes.
const seedA = 0x811c9dc5;
const seedB = 0x01234567;
const mixA = (a: number, code: number): number => Math.imul(a ^ code, 0x01000193);
const mixB = (b: number, code: number): number => Math.imul(b ^ code, 0x01000193) ^ (b >>> 15);
const bitOf = (a: number, b: number, n: number): number => ((a + Math.imul(n, b | 1)) >>> 0) % bits;
