/** `--backfill-out FILE`: the demo's history of metrics as OpenMetrics, for `promtool tsdb create-blocks-from openmetrics FILE DIR`. */
import { closeSync, lstatSync, openSync, rmSync, writeSync } from "node:fs";
import { errorWord } from "../config/source-connection.js";
import type { TelemetryTaker } from "../demo/create-demo.js";
import { createBackfillText } from "../demo/telemetry/metrics/openmetrics-text.js";
import { UsageError } from "./command-line.js";

/** A file that is being filled. */
export interface Backfill extends TelemetryTaker {
  /** The history is whole: the file stays, and later scrapes are left out. */
  end(): void;
  /** Removes a file that is not whole, which promtool would refuse or, worse, half take; a whole one stays. */
  abandon(): void;
}

/** Takes scrapes until `end` or `abandon`. @throws UsageError when the file cannot be written */
export function openBackfill(path: string): Backfill {
  const file = openForWriting(path);
  const text = createBackfillText((lines) => void writeSync(file, lines));
  let isOpen = true;
  return {
    samples: { sample: (series, atMs, value) => (isOpen ? text.sample(series, atMs, value) : undefined) },
    end() {
      text.end();
      isOpen = false;
      closeSync(file);
    },
    abandon() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(file);
      // A pipe or a device was there before us.
      if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === true) rmSync(path);
    },
  };
}

function openForWriting(path: string): number {
  try {
    return openSync(path, "w");
  } catch (error) {
    throw new UsageError(`--backfill-out ${path} cannot be written (${errorWord(error)})`);
  }
}
