/** `meshlens slo lint --config`: objectives held against the data of the configured sources. Called by slo-command.ts. */
import { setTimeout as wait } from "node:timers/promises";
import { measureOnce } from "../alerting/backtest/measure-once.js";
import { backtestMeasurer } from "../server/backtest-measurer.js";
import { compose } from "../server/compose.js";
import { meshSettings } from "../server/mesh-settings.js";
import { checkDialect } from "../slo/check-dialect.js";
import { dataFindings } from "../slo/data-findings.js";
import type { Finding } from "../slo/finding.js";
import type { Objective } from "../slo/objective.js";
import { systemClock } from "../telemetry/clock.js";
import { UsageError } from "./command-line.js";
import { loadForCommand } from "./load.js";

/**
 * Errors where the configured mesh cannot tell an objective, then warnings in the order of the objectives. Asks for as much as their windows and periods reach back.
 * @throws MESHLENS_ERR_CONFIG_INVALID · MESHLENS_ERR_SOURCE_* · UsageError without a source that counts calls
 */
export async function lintAgainstData(objectives: readonly Objective[], config: string): Promise<readonly Finding[]> {
  const loaded = loadForCommand(config);
  const composition = await compose(loaded, { clock: systemClock });
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal);
  try {
    if (composition.metricSources.length === 0) {
      throw new UsageError(`${config} has no source that counts calls: add one of kind prometheus under sources:`);
    }
    let told = 0;
    const { measurements, endMs, dataFromMs } = await measureOnce({
      measurer: backtestMeasurer(loaded.config, composition),
      objectives,
      clock: systemClock,
      pause: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
      signal: stop.signal,
      onProgress: (done) => {
        if (Math.floor(done * 4) <= told) return;
        told = Math.floor(done * 4);
        process.stderr.write(`meshlens: slo lint, ${told * 25} % of the past read\n`);
      },
    });
    const byId = new Map(measurements.map((one) => [one.objectiveId, one]));
    const ofData = objectives.flatMap((objective) => {
      const measured = byId.get(objective.id);
      return measured === undefined ? [] : dataFindings(objective, measured, { endMs, dataFromMs });
    });
    return [...checkDialect(objectives, meshSettings(loaded.config).dialect), ...ofData];
  } finally {
    process.off("SIGINT", onSignal);
    await composition.close();
  }
}
