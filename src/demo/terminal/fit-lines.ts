/** Makes lines fit a window: sentences are folded between words, and what matters less is left out. Pure; for demo-screen.ts. */

/** A window's size in characters. */
export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/** Rows that lines take where the terminal itself folds those that are too long. */
export function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / Math.max(1, columns))), 0);
}

/** One line folded between words; further ones keep its indent. A word longer than a line is left whole. */
export function foldWords(line: string, columns: number): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const folded: string[] = [];
  let current = indent;
  for (const word of line.trim().split(" ")) {
    const longer = current === indent ? indent + word : `${current} ${word}`;
    if (longer.length <= columns || current === indent) {
      current = longer;
      continue;
    }
    folded.push(current);
    current = indent + word;
  }
  return [...folded, current];
}

/** The first of several ways to say it, from most to least, that fits; else as much of the last as does. */
export function firstThatFits(ways: readonly (readonly string[])[], { columns, rows }: WindowSize): readonly string[] {
  const fitting = ways.find((lines) => rowsOf(lines, columns) <= rows);
  if (fitting !== undefined) return fitting;
  const least = ways.at(-1) ?? [];
  return least.filter((_, index) => rowsOf(least.slice(0, index + 1), columns) <= rows);
}
