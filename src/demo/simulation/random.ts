/** Randomness of the simulated mesh: everything drawn comes from a seed and a stream's name, nothing from the machine. */

/** One stream of random numbers. Streams of other names never disturb it, so a new draw in one room moves nothing in another. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in 0 .. 2^32 - 1. */
  uint32(): number;
}

/** A stream named `stream` under `seed`: the same pair gives the same numbers for ever. The generator is sfc32. */
export function createRandom(seed: number, stream: string): Random {
  let a = seed | 0;
  let b = fnv1a(stream) | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  const uint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The first numbers still show the seed.
  for (let round = 0; round < 16; round += 1) uint32();
  return { uint32, next: () => uint32() / 2 ** 32 };
}

/** 32-bit FNV-1a hash of a text: small, stable names from longer ones. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Exponentially distributed with the given mean. */
export function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random.next()) * mean;
}

/** A log-normal duration: half of the draws are below `medianMs`; `sigma` is the spread of its logarithm. */
export interface Latency {
  readonly medianMs: number;
  readonly sigma: number;
}

/** One draw of a latency, in ms. */
export function drawMs(random: Random, latency: Latency): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return latency.medianMs * Math.exp(latency.sigma * radius * Math.cos(2 * Math.PI * random.next()));
}

/** One member of a list that is not empty. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random.next() * items.length)];
  if (item === undefined) throw new RangeError("pick needs a list with members");
  return item;
}
