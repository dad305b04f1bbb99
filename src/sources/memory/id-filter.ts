/**
 * Which blocks of log records may hold an id: a Bloom filter over the hexadecimal pieces of their lines and ids. It never denies a record
 * that matchesLogFilter would find; where it cannot tell (ids that are not hexadecimal or very short) it lets every block pass.
 */
import type { LogFilter, LogRecord } from "../../telemetry/log-source.js";
import { traceIdSpellings } from "../../telemetry/trace-id.js";

const bits = 16_384;
const hashes = 4;
const piece = /[0-9a-f]{4,}/gi;
/** Pieces that stand between other characters within the id itself: they are whole wherever the id stands. */
const innerPiece = /(?<=[^0-9a-f])[0-9a-f]{4,}(?=[^0-9a-f])/gi;
const hexOnly = /^[0-9a-f]{4,}$/i;

/** The ids of some records. */
export type IdFilter = Uint32Array;

/** The filter of the given records. */
export function idFilterOf(records: readonly LogRecord[]): IdFilter {
  const filter = new Uint32Array(bits / 32);
  for (const { message, traceId, spanId, requestId } of records) {
    const text = `${message} ${traceId ?? ""} ${spanId ?? ""} ${requestId ?? ""}`;
    for (const [found] of text.matchAll(piece)) {
      for (const bit of bitsOf(found)) filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
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

/** Two FNV-1a hashes of the lower-case text, combined as often as there are hashes. */
function bitsOf(text: string): readonly number[] {
  let a = 0x811c9dc5;
  let b = 0x01234567;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i) | 32;
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x01000193) ^ (b >>> 15);
  }
  return Array.from({ length: hashes }, (_, n) => ((a + Math.imul(n, b | 1)) >>> 0) % bits);
}
