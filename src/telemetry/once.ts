/** Makes a value (or the promise of one) when it is first needed and gives that same value to everyone. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
