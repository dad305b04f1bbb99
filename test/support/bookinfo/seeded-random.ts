/** Randomness that is the same in every run: the recorded mesh is made of it. */

/** A stream of numbers and ids drawn from one seed. */
export interface SeededRandom {
  /** An integer in [low, high]. */
  between(low: number, high: number): number;
  /** `digits` lower-case hex digits, not all zero. */
  hex(digits: number): string;
  /** An id in the form Envoy gives requests. */
  uuid(): string;
}

/** Mulberry32: 32 bits of state are plenty for a few thousand ids, and it is the same on every platform. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const hex = (digits: number): string => {
    let text = "";
    while (text.length < digits) text += next().toString(16).padStart(8, "0");
    const id = text.slice(0, digits);
    return /^0+$/.test(id) ? hex(digits) : id;
  };
  return {
    between: (low, high) => low + (next() % (high - low + 1)),
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-9${hex(3)}-9${hex(3)}-${hex(12)}`,
  };
}
