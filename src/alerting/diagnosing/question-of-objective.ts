/** What is asked when an objective burns. Pure; called for an incident's evidence and for the firings of a backtest. */
import type { Objective } from "../../slo/objective.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { DiagnosisQuestion } from "./diagnosis-question.js";

/** The question; baselines are chosen by the service's metrics. @param objective null: it is configured no more */
export function questionOfObjective(
  service: ServiceRef,
  objective: Pick<Objective, "sli"> | null,
  window: TimeWindow,
): DiagnosisQuestion {
  const sli = objective?.sli;
  const promise =
    sli?.kind === "LATENCY" ? { kind: sli.kind, thresholdMs: sli.thresholdMs } : ({ kind: "AVAILABILITY" } as const);
  return {
    service,
    objective: sli === undefined ? null : promise,
    isDeniedFailed: failsDenied(objective),
    isBurning: true,
    window,
    baselines: null,
  };
}

/** Whether an objective counts what a policy of the mesh denied. */
function failsDenied(objective: Pick<Objective, "sli"> | null): boolean {
  const sli = objective?.sli;
  if (sli?.kind !== "AVAILABILITY" && sli?.kind !== "LATENCY") return false;
  return sli.failed.add.some((status) => status.kind === "http" && status.from <= 403 && status.to >= 403);
}
