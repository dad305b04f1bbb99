/** Makes a value (or the promise of one) when it is first needed and gives that same value to everyone; what it was made of may then go. */
export function once<T>(make: () => T): () => T {
  let state: { readonly make: () => T } | { readonly value: T } = { make };
  return () => {
    if ("make" in state) state = { value: state.make() };
    return state.value;
  };
}
