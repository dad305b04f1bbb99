/** One thing wrong with a configuration file, where it is, and how it is printed. Values are never part of it: they may be secrets. */

/** A finding. Line and column count from 1; null where the file as a whole is meant. */
export interface ConfigProblem {
  readonly line: number | null;
  readonly column: number | null;
  /** Key path such as `sources[1].url`; "" for the file as a whole. */
  readonly path: string;
  /** What is wrong and how to mend it, without the value. */
  readonly message: string;
}

const plainKey = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** A key path as users write it: `sources[1].url`; odd or long keys are quoted and cut. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      const name = String(step);
      if (!plainKey.test(name)) return `[${quoteKey(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

/** A key of the file for a message: quoted, control characters escaped, at most 64 characters. */
export function quoteKey(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}...` : name);
}

/** `file:line:column: path: message`, one line. */
export function formatProblem(file: string, problem: ConfigProblem): string {
  const place = problem.line === null ? file : `${file}:${problem.line}:${problem.column ?? 1}`;
  return problem.path === "" ? `${place}: ${problem.message}` : `${place}: ${problem.path}: ${problem.message}`;
}

/** The known name nearest to a misspelt one, within two edits; null when none is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= 2 && (best === null || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name ?? null;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
