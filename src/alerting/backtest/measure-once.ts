/** One measurement of objectives at the end of their whole past, without a store. Called by `slo lint --config`. */

import { longestEmptyMs } from "../../slo/measure/measurer.js";
import type { ReplayMeasurer } from "../../slo/measure/replay-measurer.js";
import type { Measurement } from "../../slo/measurement.js";
import { ahead } from "./ahead.js";
import { type AskWholeDeps, askWhole } from "./ask-whole.js";
import { planStretches } from "./plan-stretches.js";

/** What was measured, and how far back there are data. */
export interface MeasuredOnce {
  readonly endMs: number;
  readonly measurements: readonly Measurement[];
  /** Null: there are none. */
  readonly dataFromMs: number | null;
}

/** What it is made of; `onProgress` is told 0..1. */
export interface MeasureOnceDeps extends AskWholeDeps {
  readonly measurer: ReplayMeasurer;
  readonly onProgress: (done: number) => void;
}

/**
 * Asks for every window of the objectives that ends at the clock, newest first, until nothing more is there, and measures.
 * @throws MESHLENS_ERR_SOURCE_* when counts cannot be had
 */
export async function measureOnce(deps: MeasureOnceDeps): Promise<MeasuredOnce> {
  const { measurer, objectives, clock, signal, onProgress } = deps;
  const nowMs = clock.nowMs();
  const endMs = measurer.endOf(nowMs);
  const { history } = planStretches(endMs, endMs, objectives);
  let dataFromMs: number | null = null;
  let emptyMs = 0;
  let done = 0;
  for await (const answers of ahead(history, 2, (stretch) => askWhole(stretch, deps))) {
    for (const answer of answers) {
      measurer.keep(answer);
      const { stretch, dataFromMs: found } = answer;
      if (found !== null) dataFromMs = Math.min(dataFromMs ?? found, found);
      emptyMs = found === null ? emptyMs + (stretch.window.toMs - stretch.window.fromMs) : 0;
    }
    done += 1;
    onProgress(done / history.length);
    if (emptyMs >= longestEmptyMs) break;
  }
  const { measurements } = await measurer.cycle(nowMs, objectives, { signal, deadlineMs: Number.POSITIVE_INFINITY });
  return { endMs, measurements: [...measurements], dataFromMs };
}
