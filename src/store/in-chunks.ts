/** Long lists in parts that fit the parameters of one statement in both databases. Called by the repositories. */

const most = 500;

/** Consecutive parts of at most 500. */
export function inChunks<T>(values: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(values.length / most) }, (_, i) => values.slice(i * most, (i + 1) * most));
}
