/** The terminal of a running demo: one screen that is drawn anew in place, single keys, raw mode only while it runs. */
import { type DemoFacts, plainLines, scenarioLines, scenarioOfKey, screenLines } from "../demo/terminal/demo-screen.js";
import { rowsOf } from "../demo/terminal/fit-lines.js";

/** A terminal that shows a demo. */
export interface DemoTerminal {
  /** Shows what changed. */
  show(facts: DemoFacts): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

/** What keys do. */
export interface DemoKeys {
  choose(name: string): void;
  quit(): void;
}

interface Streams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** A screen with keys where input and output are a terminal, else plain lines. */
export function openDemoTerminal({ input, output }: Streams, keys: DemoKeys): DemoTerminal {
  return input.isTTY && output.isTTY ? openScreen({ input, output }, keys) : openPlain(output);
}

function openPlain(output: NodeJS.WriteStream): DemoTerminal {
  let shown: DemoFacts | null = null;
  return {
    show(facts) {
      const lines = shown === null ? plainLines(facts) : changedLines(shown, facts);
      if (lines.length > 0) output.write(`${lines.join("\n")}\n`);
      shown = facts;
    },
    close: () => undefined,
  };
}

function changedLines(before: DemoFacts, now: DemoFacts): readonly string[] {
  return [
    ...(before.sinceMs === now.sinceMs && before.current === now.current ? [] : scenarioLines(now)),
    ...now.feeds.filter((line) => !before.feeds.includes(line)),
  ];
}

function openScreen({ input, output }: Streams, keys: DemoKeys): DemoTerminal {
  let rows = 0;
  let latest: DemoFacts | null = null;

  function draw(facts: DemoFacts): void {
    latest = facts;
    // A window that does not tell its size (0 columns) counts as the smallest common one.
    const columns = output.columns || 80;
    const lines = screenLines(facts, { columns, rows: output.rows || 24 });
    output.write(`${rows === 0 ? "" : `\u001b[${rows}A\r\u001b[J`}${lines.join("\n")}\n`);
    rows = rowsOf(lines, columns);
  }
  function redraw(): void {
    // Lines wrap anew in a window of another size: what stands where is no longer known.
    output.write("\u001b[2J\u001b[H");
    rows = 0;
    if (latest !== null) draw(latest);
  }
  function onKey(data: Buffer): void {
    for (const key of data.toString("latin1")) {
      // Ctrl-C and Ctrl-D come as characters in raw mode.
      if (key === "q" || key === "\u0003" || key === "\u0004") keys.quit();
      const scenario = scenarioOfKey(key, latest?.scenarios ?? []);
      if (scenario !== null) keys.choose(scenario.name);
    }
  }

  input.setRawMode(true);
  input.on("data", onKey);
  input.resume();
  output.on("resize", redraw);
  const restore = () => void input.setRawMode(false);
  process.once("exit", restore);
  return {
    show: draw,
    close() {
      process.off("exit", restore);
      output.off("resize", redraw);
      input.off("data", onKey);
      input.pause();
      restore();
    },
  };
}
