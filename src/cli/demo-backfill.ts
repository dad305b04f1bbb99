/** `--backfill-out FILE`: the demo's history of metrics as OpenMetrics, for `promtool tsdb create-blocks-from openmetrics FILE DIR`. */
import { closeSync, openSync, writeSync } from "node:fs";
import { errorWord } from "../config/source-connection.js";
import type { TelemetryTaker } from "../demo/create-demo.js";
import { createBackfillText } from "../demo/telemetry/metrics/openmetrics-text.js";
import { UsageError } from "./command-line.js";

/** Takes scrapes until `end`; later ones are left out. @throws UsageError when the file cannot be written */
export function openBackfill(path: string): TelemetryTaker & { end(): void } {
  const file = openForWriting(path);
  const text = createBackfillText((lines) => void writeSync(file, lines));
  let isOpen = true;
  return {
    samples: { sample: (series, atMs, value) => (isOpen ? text.sample(series, atMs, value) : undefined) },
    end() {
      isOpen = false;
      text.end();
      closeSync(file);
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
