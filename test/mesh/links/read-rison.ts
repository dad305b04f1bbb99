/** Reads rison back, for tests of the writer: Kibana's own reader is not to be had here. */

/** The value written; throws on anything left over. */
export function readRison(text: string): unknown {
  let at = 0;
  const take = (expected: string): void => {
    if (!text.startsWith(expected, at)) throw new Error(`expected ${expected} at ${at} of ${text}`);
    at += expected.length;
  };
  const value = (): unknown => {
    if (text[at] === "'") return quoted();
    if (text[at] === "(") return record();
    if (text.startsWith("!(", at)) return list();
    for (const [mark, meaning] of [
      ["!n", null],
      ["!t", true],
      ["!f", false],
    ] as const) {
      if (text.startsWith(mark, at)) {
        at += 2;
        return meaning;
      }
    }
    const digits = /^-?\d+/.exec(text.slice(at))?.[0] ?? "";
    take(digits === "" ? "a value" : digits);
    return Number(digits);
  };
  const quoted = (): string => {
    let out = "";
    for (at += 1; text[at] !== "'"; at += 1) {
      if (at >= text.length) throw new Error("string without an end");
      if (text[at] === "!") at += 1;
      out += text[at];
    }
    at += 1;
    return out;
  };
  const list = (): unknown[] => {
    const items: unknown[] = [];
    for (take("!("); text[at] !== ")"; ) {
      if (items.length > 0) take(",");
      items.push(value());
    }
    take(")");
    return items;
  };
  const record = (): Record<string, unknown> => {
    const found: Record<string, unknown> = {};
    for (take("("); text[at] !== ")"; ) {
      if (Object.keys(found).length > 0) take(",");
      const key = /^[a-z]+/i.exec(text.slice(at))?.[0] ?? "";
      take(key);
      take(":");
      found[key] = value();
    }
    take(")");
    return found;
  };
  const read = value();
  if (at !== text.length) throw new Error(`left over at ${at}: ${text.slice(at)}`);
  return read;
}
