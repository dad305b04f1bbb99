/** Where the transitions of a backtest go: JSON lines in a file, or on standard output. Called by backtest-command.ts. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { CommittedChange } from "../alerting/cycle-draft.js";
import { readIncidentFacts } from "../alerting/stored-alert.js";
import { errorWord } from "../config/source-connection.js";
import { formatDuration } from "../slo/format-duration.js";
import { UsageError } from "./command-line.js";

/** An open output. */
export interface TransitionOutput {
  readonly count: () => number;
  write(changes: readonly CommittedChange[]): void;
  close(): void;
}

/** Opens it before anything is asked. @throws UsageError when the file cannot be written; @throws Error in `write` when the disk is full */
export function openTransitionOutput(file: string): TransitionOutput {
  let count = 0;
  const lines = (changes: readonly CommittedChange[]) => {
    count += changes.length;
    return changes.map((change) => `${JSON.stringify(transitionLine(change))}\n`).join("");
  };
  if (file === "-") {
    return { count: () => count, write: (changes) => process.stdout.write(lines(changes)), close: () => undefined };
  }
  const open = () => {
    try {
      return openSync(file, "w");
    } catch (error) {
      throw new UsageError(
        `--out ${file} cannot be written (${errorWord(error)}): name a file in a folder that exists`,
      );
    }
  };
  const descriptor = open();
  return {
    count: () => count,
    write: (changes) => {
      const text = Buffer.from(lines(changes));
      for (let at = 0; at < text.length; ) at += writeSync(descriptor, text, at);
    },
    close: () => closeSync(descriptor),
  };
}

/** A transition as the contract has it. */
export function transitionLine({ transition, incident }: CommittedChange) {
  const { atMs, from, to, severity, reason, burnConditions, goodCount, totalCount } = transition;
  const { cluster, namespace, name } = incident.service;
  return {
    at: new Date(atMs).toISOString(),
    slo: readIncidentFacts(incident).objectiveName,
    service: { cluster, namespace, name },
    from,
    to,
    severity,
    reason,
    burnConditions: burnConditions.map(({ tier, threshold, long, short, met }) => ({
      tier,
      threshold,
      long: { window: formatDuration(long.windowMs), value: long.value },
      short: { window: formatDuration(short.windowMs), value: short.value },
      met,
    })),
    goodCount,
    totalCount,
  };
}
