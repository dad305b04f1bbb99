/** Strings of a JSON text that come again and again, read from its bytes and made once. Called by read-vector.ts. */

/** One string and where it stood first. */
export interface Word {
  readonly hash: number;
  readonly start: number;
  readonly length: number;
  readonly text: string;
  readonly next: Word | undefined;
}

/** Reads one string after the other. */
export interface WordReader {
  /**
   * The JSON string whose opening quote stands at `at`; null where there is none or it is not closed or not valid.
   * @param guess what it may well be (the word in this place of the series before), which is found without looking it up
   */
  read(at: number, guess: Word | undefined): Word | null;
  /** Where the string read last ended: behind its closing quote. */
  end(): number;
}

const quote = 0x22;
const backslash = 0x5c;
const mostTableBits = 14;

/** A reader of one text. Equal strings of it are one string in memory. */
export function createWordReader(body: Buffer): WordReader {
  // A text of 1 kB has some dozen words; the full table takes longer to make than it takes to read such a text.
  const tableBits = Math.min(mostTableBits, Math.ceil(Math.log2(body.length / 32 + 2)));
  const table = new Array<Word | undefined>(1 << tableBits).fill(undefined);
  let end = 0;

  function textOf(start: number, to: number, isEscaped: boolean): string | null {
    if (!isEscaped) return body.toString("utf8", start, to);
    try {
      return String(JSON.parse(body.toString("utf8", start - 1, to + 1)));
    } catch {
      return null;
    }
  }

  function isSame(word: Word, start: number): boolean {
    for (let i = 0; i < word.length; i += 1) if (body[word.start + i] !== body[start + i]) return false;
    return true;
  }

  return {
    end: () => end,
    read(at, guess) {
      if (body[at] !== quote) return null;
      const start = at + 1;
      if (guess !== undefined && body[start + guess.length] === quote && isSame(guess, start)) {
        end = start + guess.length + 1;
        return guess;
      }
      let hash = 0;
      let isEscaped = false;
      let to = start;
      for (; ; to += 1) {
        const byte = body[to];
        // No JSON string holds a control character as it is.
        if (byte === undefined || byte < 0x20) return null;
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
        if (word.hash === hash && word.length === length && isSame(word, start)) return word;
      }
      const text = textOf(start, to, isEscaped);
      if (text === null) return null;
      const word = { hash, start, length, text, next: table[place] };
      table[place] = word;
      return word;
    },
  };
}
