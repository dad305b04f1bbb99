/** Gets the counts of a stretch whole or not at all: what fails is asked again in halves, and in the end told. Called by run-backtest.ts. */
import { MeshlensError } from "../../errors.js";
import type { Stretch } from "../../slo/measure/ask-groups.js";
import type { AskedStretch, ReplayMeasurer } from "../../slo/measure/replay-measurer.js";
import type { Objective } from "../../slo/objective.js";
import type { Clock } from "../../telemetry/clock.js";
import { halves } from "./plan-stretches.js";

/** How to ask. */
export interface AskWholeDeps {
  readonly measurer: Pick<ReplayMeasurer, "ask">;
  readonly objectives: readonly Objective[];
  readonly clock: Clock;
  /** Waits; ends early when the signal aborts, and never rejects. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

const deadlineMs = 120_000;
const attempts = 3;
const pauseMs = 500;

/**
 * The answers, oldest first. A backend that cannot answer so much at once is asked for less; one that does not answer at all is tried
 * again for some seconds.
 * @throws MESHLENS_ERR_SOURCE_* that names the stretch and what the sources said; when aborted too
 */
export async function askWhole(stretch: Stretch, deps: AskWholeDeps): Promise<readonly AskedStretch[]> {
  const { measurer, objectives, clock, pause, signal } = deps;
  const parts = halves(stretch);
  for (let attempt = 1; ; attempt += 1) {
    const asked = await measurer.ask(stretch, objectives, { signal, deadlineMs: clock.nowMs() + deadlineMs });
    if (asked.isWhole) return [asked];
    if (signal.aborted || (parts === null && attempt >= attempts)) throw notWhole(asked);
    await pause(pauseMs * attempt, signal);
    if (parts !== null) return [...(await askWhole(parts[0], deps)), ...(await askWhole(parts[1], deps))];
  }
}

function notWhole({ stretch, statuses, errors }: AskedStretch): MeshlensError {
  const { fromMs, toMs } = stretch.window;
  const told = statuses.flatMap(({ name, state, message }) => (state === "OK" ? [] : [message ?? `${name}: ${state}`]));
  const between = `between ${new Date(fromMs).toISOString()} and ${new Date(toMs).toISOString()}`;
  const what = told.length === 0 ? "A source did not answer." : told.join(" ");
  return new MeshlensError(
    errors[0]?.code ?? "MESHLENS_ERR_SOURCE_UNREACHABLE",
    `The calls ${between} could not be counted: ${what} See what is the matter with \`meshlens check\`, then run the backtest again.`,
    {},
    errors[0],
  );
}
