/** A function of one text that is worked out once per text: thousands of rows repeat a few hundred. */

/** The same function, remembering up to `most` results; all are forgotten when there are more. */
export function remembered<T>(most: number, work: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.value;
    if (known.size >= most) known.clear();
    const value = work(text);
    known.set(text, { value });
    return value;
  };
}
