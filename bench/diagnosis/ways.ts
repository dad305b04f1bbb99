/** How the labelled faults of a recorded slice are asked about: with a known baseline, with those the product chooses, as an alert asks. */
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import type { LabelledFault, SliceLabels } from "./corpus.js";

const minuteMs = 60_000;

/** One question. */
export interface Asking {
  readonly isBurning: boolean;
  readonly window: TimeWindow;
  readonly baselines: readonly TimeWindow[] | null;
}

/** The questions by their names in the tables. */
export const ways: Readonly<Record<string, (labels: SliceLabels, fault: LabelledFault) => Asking>> = {
  "two minutes against the known-normal minute": ({ normal }, { atMs }) => ({
    isBurning: false,
    window: { fromMs: atMs, toMs: atMs + 2 * minuteMs },
    baselines: normal,
  }),
  "two minutes, baselines chosen": (_, { atMs }) => ({
    isBurning: false,
    window: { fromMs: atMs, toMs: atMs + 2 * minuteMs },
    baselines: null,
  }),
  "as an alert asks: the last 15 minutes": (_, { atMs }) => ({
    isBurning: true,
    window: { fromMs: atMs - 13 * minuteMs, toMs: atMs + 2 * minuteMs },
    baselines: null,
  }),
};
