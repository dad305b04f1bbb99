/** Small numbers for the few names of a mesh, so that counting a request builds no text. */
import type { TcpExchange } from "../../simulation/exchange.js";
import type { ExternalHost } from "../../simulation/mesh-model.js";

/**
 * Gives each thing the number of its name, from 0 on. A thing seen before is found by identity; another one of the same name has the
 * same number.
 */
export function createInterner<T extends object>(nameOf: (one: T) => string): (one: T) => number {
  const byIdentity = new WeakMap<T, number>();
  const byName = new Map<string, number>();
  return (one) => {
    const known = byIdentity.get(one);
    if (known !== undefined) return known;
    const name = nameOf(one);
    const index = byName.get(name) ?? byName.size;
    byName.set(name, index);
    byIdentity.set(one, index);
    return index;
  };
}

/** Numbers for what a connection goes to. */
export function createTcpTargetInterner(): (target: TcpExchange["target"]) => number {
  const hostIndex = createInterner<ExternalHost>(({ host, port }) => `${host}:${port}`);
  return (target) => (target === "BlackHoleCluster" ? 0 : target === "PassthroughCluster" ? 1 : 2 + hostIndex(target));
}

/** Numbers for response flags; 0 for none. */
export function createFlagInterner(): (flags: readonly string[]) => number {
  const numbers = new Map<string, number>();
  return (flags) => {
    const [first] = flags;
    if (first === undefined) return 0;
    const text = flags.length === 1 ? first : flags.join(",");
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size + 1);
    return numbers.size;
  };
}

/** Values found by two numbers, made on first use. */
export function createPairTable<T>(): (first: number, second: number, make: () => T) => T {
  const table = new Map<number, Map<number, T>>();
  return (first, second, make) => {
    let row = table.get(first);
    if (row === undefined) {
      row = new Map();
      table.set(first, row);
    }
    let value = row.get(second);
    if (value === undefined) {
      value = make();
      row.set(second, value);
    }
    return value;
  };
}
