/** Progress of a backtest on standard error: a bar on a terminal, else a line every tenth. Called by backtest-command.ts. */
import { SingleBar } from "cli-progress";
import type { BacktestProgress } from "../alerting/backtest/run-backtest.js";

/** Something that shows progress. */
export interface ProgressShow {
  update(progress: BacktestProgress): void;
  stop(): void;
}

/** The bar, or lines. */
export function showProgress(stream: NodeJS.WriteStream): ProgressShow {
  return stream.isTTY ? asBar(stream) : asLines(stream);
}

const phases = {
  HISTORY: "reading what was before",
  RANGE: "evaluating",
  EVIDENCE: "asking who was to blame",
} as const;

function asBar(stream: NodeJS.WriteStream): ProgressShow {
  const bar = new SingleBar({ format: "{bar} {percentage}% {phase} {at}", clearOnComplete: true, stream, barsize: 30 });
  bar.start(1000, 0, { phase: phases.HISTORY, at: "" });
  return {
    update: ({ phase, done, atMs }) => bar.update(Math.round(done * 1000), { phase: phases[phase], at: minute(atMs) }),
    stop: () => bar.stop(),
  };
}

function asLines(stream: NodeJS.WriteStream): ProgressShow {
  let told = 0;
  let toldPhase: BacktestProgress["phase"] = "HISTORY";
  return {
    update({ phase, done, atMs }) {
      if (phase === "EVIDENCE" && toldPhase !== phase) told = 0;
      toldPhase = phase;
      const tenth = Math.floor(done * 10);
      if (tenth <= told) return;
      told = tenth;
      stream.write(`meshlens: backtest ${tenth * 10} %, ${phases[phase]}, at ${minute(atMs)}\n`);
    },
    stop: () => undefined,
  };
}

function minute(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}
