/** A terminal's window as far as the demo writes to one: folding, scrolling, and the four sequences it uses. */

/** What a person would see. */
export interface TtyScreen {
  write(text: string): boolean;
  /** Its rows from the top, without trailing blanks. */
  lines(): readonly string[];
  /** Rows that left it at the top, which no sequence can erase. */
  scrolledOff(): readonly string[];
}

/** An empty window with the cursor at its top left. @throws Error on a sequence it does not know */
export function createTtyScreen(columns: number, rows: number): TtyScreen {
  let cells: string[] = Array.from({ length: rows }, () => "");
  const gone: string[] = [];
  let [row, column] = [0, 0];

  function down(): void {
    row += 1;
    column = 0;
    if (row < rows) return;
    gone.push(cells.shift() ?? "");
    cells.push("");
    row = rows - 1;
  }
  function putAll(text: string): void {
    for (const char of text) {
      if (char === "\n") down();
      else if (char === "\r") column = 0;
      else put(char);
    }
  }
  function put(char: string): void {
    if (column === columns) down();
    cells[row] = `${(cells[row] ?? "").padEnd(column).slice(0, column)}${char}${(cells[row] ?? "").slice(column + 1)}`;
    column += 1;
  }
  function obey(count: string, command: string): void {
    if (command === "A") row = Math.max(0, row - Number(count || 1));
    else if (command === "H" && count === "") [row, column] = [0, 0];
    else if (command === "J" && count === "2") cells = cells.map(() => "");
    else if (command === "J" && count === "")
      cells = cells.map((line, at) => (at < row ? line : at > row ? "" : line.slice(0, column)));
    else throw new Error(`this screen does not know ESC[${count}${command}`);
  }

  return {
    write(text) {
      const [plain = "", ...sequences] = text.split("\u001b[");
      putAll(plain);
      for (const sequence of sequences) {
        const [begin = "", count = "", command = ""] = /^(\d*)([A-Z])/.exec(sequence) ?? [];
        obey(count, command);
        putAll(sequence.slice(begin.length));
      }
      return true;
    },
    lines: () => cells.map((line) => line.trimEnd()),
    scrolledOff: () => gone,
  };
}
