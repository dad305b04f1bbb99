/**
 * Ids of simulated requests, in the shapes Envoy gives them. A mesh numbers its requests, and the spans of each from 0 on; the text is made of
 * the numbers when a renderer asks, for most requests are not sampled and nobody ever reads their ids.
 */

const wordSize = 2 ** 32;

/** Numbers for the requests of a mesh: other seeds have other ones. */
export function createRequestNumbers(seed: number): () => number {
  // The seed stands above the count, and the whole is still an exact number.
  const base = (scrambled(seed) >>> 11) * wordSize;
  let count = 0;
  return () => {
    count += 1;
    return base + count;
  };
}

/** 16 hex digits, never all zero. */
export function spanIdOf(request: number, span: number): string {
  return hexOf(wordOf(request, span, salts.spanHigh), wordOf(request, span, salts.spanLow) | 1);
}

/** 32 hex digits. Envoy gives the first span the lower half. */
export function traceIdOf(request: number): string {
  const [high, low] = [wordOf(request, 0, salts.traceHigh) | 1, wordOf(request, 0, salts.traceLow)];
  return hexOf(high, low, wordOf(request, 0, salts.spanHigh), wordOf(request, 0, salts.spanLow) | 1);
}

/** An `x-request-id`: its 15th character says 9 for a sampled request and 4 for another, as Envoy writes it. */
export function requestIdOf(request: number, isSampled: boolean): string {
  const digits = hexOf(...salts.request.map((salt) => wordOf(request, 0, salt)));
  const piece = (from: number, count: number): string => digits.slice(from, from + count);
  const variant = "89ab"[Number.parseInt(piece(31, 1), 16) & 3];
  return `${piece(0, 8)}-${piece(8, 4)}-${isSampled ? 9 : 4}${piece(12, 3)}-${variant}${piece(15, 3)}-${piece(18, 12)}`;
}

/** An ephemeral port, always the same for the same end of the same span. */
export function portOf(request: number, span: number, end: number): number {
  return 32_768 + (wordOf(request, span * 4 + end, salts.port) % 28_232);
}

const salts = {
  spanHigh: 0x632be59b,
  spanLow: 0x52dce729,
  traceHigh: 0x2545f491,
  traceLow: 0x6c8e9cf5,
  request: [0x27d4eb2f, 0x165667b1, 0x1b873593, 0x38495ab5],
  port: 0x4cf5ad43,
};

const hexOfTwoBytes = Array.from({ length: 0x10000 }, (_, number) => number.toString(16).padStart(4, "0"));

/** Joined, not added: a text that is added up keeps all its parts, four times its size, for as long as it is kept. */
const hexOf = (...words: readonly number[]): string =>
  words.flatMap((word) => [hexOfTwoBytes[word >>> 16], hexOfTwoBytes[word & 0xffff]]).join("");

/** 32 bits for two numbers, the first of up to 53. */
function wordOf(request: number, part: number, salt: number): number {
  const high = Math.imul(Math.floor(request / wordSize), 0x9e3779b1);
  return scrambled(scrambled(scrambled(request ^ salt) + high) ^ Math.imul(part, 0x85ebca77));
}

/** Another word for each word: MurmurHash3's last step (Appleby, public domain). */
function scrambled(number: number): number {
  let word = number >>> 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
