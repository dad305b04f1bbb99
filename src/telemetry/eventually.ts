/**
 * A value that may be here already. Reads of a loaded graph have five thousand edges with several measures each: as promises they cost
 * more than the answer itself, so what is known is given at once. `await` takes either.
 */
export type Eventually<T> = T | Promise<T>;

/** Goes on with a value, at once where it is here. */
export function whenHere<T, R>(value: Eventually<T>, next: (value: T) => R): Eventually<Awaited<R>> {
  return (isPromise(value) ? value.then(next) : next(value)) as Eventually<Awaited<R>>;
}

/** All values, at once where all are here. */
export function whenAllHere<T>(values: readonly Eventually<T>[]): Eventually<readonly T[]> {
  if (!values.some(isPromise)) return values as readonly T[];
  const waiting = values.filter(isPromise);
  const [only] = waiting;
  // One is the common case, and Promise.all would make four promises of it for each of five thousand edges.
  return only !== undefined && waiting.length === 1
    ? only.then((value) => values.map((one) => (isPromise(one) ? value : one)))
    : Promise.all(values);
}

/** Whether a value is still to come; by its `then`: a promise of another realm is one too. */
export function isPromise<T>(value: Eventually<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null)?.then === "function";
}
