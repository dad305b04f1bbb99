/** Plugs a measurer of the past into the configured metrics sources. Called by `meshlens backtest`. */
import type { MeshlensConfig } from "../config/config-schema.js";
import { durationMs } from "../config/duration.js";
import { createMetricKnowledge } from "../mesh/metrics/metric-knowledge.js";
import { evaluationOffsetMs } from "../slo/measure/measurer.js";
import { createReplayMeasurer, type ReplayMeasurer } from "../slo/measure/replay-measurer.js";
import type { Composition } from "./compose.js";
import { meshSettings } from "./mesh-settings.js";

/** A measurer with empty ledgers over the composition's sources; who closes the composition ends its calls. */
export function backtestMeasurer(
  config: MeshlensConfig,
  { metricSources: sources, clock }: Pick<Composition, "metricSources" | "clock">,
): ReplayMeasurer {
  const knowledge = createMetricKnowledge({ sources, clock, ...meshSettings(config) });
  const offsetMs = durationMs(config.alerting?.offset ?? "") ?? evaluationOffsetMs;
  return createReplayMeasurer({ sources, knowledge, clock }, offsetMs);
}
