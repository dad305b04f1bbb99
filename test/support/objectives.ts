/** Objectives for tests: one made from the defaults, with what a test says differently. */
import { defaultHold, defaultMinFailedEvents, defaultTierShapes, tierFactor } from "../../src/slo/burn-tier.js";
import { formatDuration } from "../../src/slo/format-duration.js";
import { contractFailedRule, type Objective, objectiveId, wholeService } from "../../src/slo/objective.js";
import { nominalPeriodMs, type ObjectivePeriod } from "../../src/slo/period.js";
import { parseTarget } from "../../src/slo/target.js";

/** An availability objective over the period with the default tiers. */
export function makeObjective(
  options: { readonly target?: string; readonly period?: ObjectivePeriod; readonly name?: string } = {},
): Objective {
  const service = { cluster: null, namespace: "bookinfo", name: "ratings" };
  const period = options.period ?? { kind: "rolling", durationMs: 30 * 86_400_000 };
  const target = parseTarget(options.target ?? "99.9%");
  if (target === null) throw new Error("a test needs a target that is one");
  const name = options.name ?? "availability";
  return {
    id: objectiveId(service, name),
    name,
    description: null,
    service,
    scope: wholeService,
    sli: { kind: "AVAILABILITY", view: "callers", failed: contractFailedRule },
    target,
    period,
    alerting: {
      tiers: defaultTierShapes.map(({ severity, longMs, shortMs, budgetShare }) => ({
        name: `${formatDuration(longMs)}/${formatDuration(shortMs)}`,
        severity,
        longMs,
        shortMs,
        factor: tierFactor(budgetShare, longMs, nominalPeriodMs(period)),
      })),
      minFailedEvents: defaultMinFailedEvents,
      hold: defaultHold,
    },
    origin: { kind: "meshlens", file: "slo.yaml", line: 1 },
  };
}
