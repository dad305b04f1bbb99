/** Strings of a JSON text that come again and again, read from its bytes and made once. Called by read-vector.ts. */

/** One string. */
export interface Word {
  readonly hash: number;
  /** Where its bytes are kept by the reader. */
  readonly start: number;
  readonly length: number;
  readonly text: string;
  readonly next: Word | undefined;
}

/** Why no string could be read: the bytes end before it does, or there is none. */
export type NoWord = "cut" | "none";

/** Reads one string after the other. */
export interface WordReader {
  /**
   * The JSON string whose opening quote stands at `at` of `body`, whose first `length` bytes count.
   * @param guess what it may well be (the word in this place of the series before), which is found without looking it up
   */
  read(body: Buffer, length: number, at: number, guess: Word | undefined): Word | NoWord;
  /** Where the string read last ended: behind its closing quote. */
  end(): number;
}

const quote = 0x22;
const backslash = 0x5c;
const tableBits = 12;

/** A reader for one text, which may come in pieces. Equal strings of it are one string in memory. */
export function createWordReader(): WordReader {
  const table = new Array<Word | undefined>(1 << tableBits).fill(undefined);
  let kept = Buffer.allocUnsafe(16_384);
  let used = 0;
  let end = 0;

  function keep(body: Buffer, start: number, to: number): number {
    const length = to - start;
    if (used + length > kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * kept.length, used + length));
      kept.copy(larger, 0, 0, used);
      kept = larger;
    }
    body.copy(kept, used, start, to);
    used += length;
    return used - length;
  }

  function isSame(word: Word, body: Buffer, start: number): boolean {
    for (let i = 0; i < word.length; i += 1) if (kept[word.start + i] !== body[start + i]) return false;
    return true;
  }

  return {
    end: () => end,
    read(body, bodyLength, at, guess) {
      if (at >= bodyLength) return "cut";
      if (body[at] !== quote) return "none";
      const start = at + 1;
      if (guess !== undefined) {
        const close = start + guess.length;
        if (close < bodyLength && body[close] === quote && isSame(guess, body, start)) {
          end = close + 1;
          return guess;
        }
      }
      let hash = 0;
      let isEscaped = false;
      let to = start;
      for (; ; to += 1) {
        if (to >= bodyLength) return "cut";
        const byte = body[to] ?? 0;
        // No JSON string holds a control character as it is.
        if (byte < 0x20) return "none";
        if (byte === quote) break;
        hash = (Math.imul(hash, 31) + byte) | 0;
        if (byte === backslash) {
          isEscaped = true;
          to += 1;
        }
      }
      end = to + 1;
      const length = to - start;
      // Words differ in their last letters more than in their first: those are in the low bits, the rest is folded onto them.
      const place = (hash ^ (hash >>> tableBits)) & ((1 << tableBits) - 1);
      for (let word = table[place]; word !== undefined; word = word.next) {
        if (word.hash === hash && word.length === length && isSame(word, body, start)) return word;
      }
      const text = isEscaped ? unescaped(body, start, to) : body.toString("utf8", start, to);
      if (text === null) return "none";
      const word = { hash, start: keep(body, start, to), length, text, next: table[place] };
      table[place] = word;
      return word;
    },
  };
}

function unescaped(body: Buffer, start: number, to: number): string | null {
  try {
    return String(JSON.parse(body.toString("utf8", start - 1, to + 1)));
  } catch {
    return null;
  }
}
