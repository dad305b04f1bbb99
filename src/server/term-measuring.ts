/** How the copy that leads comes by measurements: alone, or with others (copies/share-out.ts). Used by start-term.ts. */
import type { Logger } from "pino";
import type { LoopDeps } from "../alerting/evaluation-loop.js";
import type { CountsStore, Measurer } from "../slo/measure/measurer.js";
import type { Repositories } from "../store/store.js";
import type { Clock } from "../telemetry/clock.js";
import { keepCounts } from "./keep-house.js";

/** What measures for one term. */
export interface TermMeasuring extends Pick<LoopDeps, "backfill" | "hasWaited"> {
  readonly measurer: Pick<Measurer, "load" | "cycle" | "bytes">;
  /** Something was measured elsewhere, or may be measured here now. */
  wake(): void;
  /** No cycle waits for other copies any more. */
  giveUp(): void;
  /** After the last cycle. */
  close(): Promise<void>;
}

/** Makes a measurer over counts and answers. */
export type MakeMeasurer = (counts: CountsStore, answers: Repositories["askedAnswers"]) => Measurer;

/** All objectives, by the one copy there is. */
export function measureAlone(
  store: Pick<Repositories, "sliCounts" | "askedAnswers">,
  makeMeasurer: MakeMeasurer,
  clock: Clock,
  logger: Logger,
): TermMeasuring {
  const measurer = makeMeasurer(store.sliCounts, store.askedAnswers);
  const counts = keepCounts(store.sliCounts, clock, logger);
  return {
    measurer,
    backfill: (nowMs, { objectives }, options) => measurer.backfill(nowMs, objectives, options),
    wake: () => {},
    giveUp: () => {},
    close: () => counts.stop(),
  };
}
