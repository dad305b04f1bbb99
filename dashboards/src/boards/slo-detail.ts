/** One objective: its budget burning down, its burn windows against their thresholds, its incidents. */
import { meshlensDashboard } from "../dashboard.js";
import { alertTable, changeTable } from "../meshlens-panels.js";
import { budgetSteps, lines, type PlacedPanel, plain, type Steps, statOf, table } from "../panels.js";
import { type Column, promql, rows, variable } from "../targets.js";
import { ownVariables } from "../variables.js";

const args = `service: ${variable("service")}, slo: ${variable("slo")}`;
const chosen = 'namespace=~"$namespace",service=~"$service",slo=~"$slo"';
/** Thresholds of the default tiers: page at 14.4 and 6, ticket at 3 and 1. */
const burnSteps: Steps = [
  [null, "green"],
  [1, "yellow"],
  [6, "orange"],
  [14.4, "red"],
];

function figure(column: string, title: string, description: string, unit: string, steps: Steps): PlacedPanel {
  return statOf(column, {
    title,
    description,
    unit,
    steps,
    width: 4,
    targets: [
      rows({ list: `slos(${args})`, columns: [[column, column === "exhaustedAt" ? "timestamp_epoch" : "number"]] }),
    ],
  });
}

const historyColumns = (value: string): readonly Column[] => [
  ["time", "timestamp_epoch"],
  ["service", "string"],
  ["slo", "string"],
  [value, "number"],
];

export const sloDetail = meshlensDashboard({
  name: "slo",
  title: "Meshlens / Objective",
  description:
    "One objective: its error budget burning down, burn rates of all windows against their thresholds, its incidents and the changes beside them.",
  variables: [ownVariables.slo()],
  rows: [
    {
      title: "Now",
      panels: [
        figure("target", "Target", "Share of events that shall be good.", "percentunit", plain),
        figure(
          "goodRatio",
          "Good",
          "Share of the period's events that were good. Empty without events.",
          "percentunit",
          plain,
        ),
        figure(
          "budgetRemaining",
          "Budget left",
          "Share of the period's error budget that is left; below 0 it is overspent.",
          "percentunit",
          budgetSteps,
        ),
        figure("totalCount", "Events", "Events counted in the period.", "short", plain),
        figure(
          "burning",
          "Burning",
          "Highest burn rate of a tier that is met; empty while none is.",
          "none",
          burnSteps,
        ),
        figure(
          "exhaustedAt",
          "Spent",
          "When the budget is spent at the present burn rate; empty when it will not be within the period.",
          "dateTimeFromNow",
          plain,
        ),
      ],
    },
    {
      title: "Budget",
      panels: [
        lines({
          title: "Error budget burning down",
          description:
            "Share of the error budget left, of the period that ends at each point, counted from stored events. A gap: nothing was counted.",
          unit: "percentunit",
          width: 12,
          height: 10,
          steps: budgetSteps,
          goesBelowZero: true,
          targets: [
            rows({
              list: `sloHistory(${args}, maxPoints: 200)`,
              columns: historyColumns("budgetRemaining"),
              format: "timeseries",
            }),
          ],
        }),
        lines({
          title: "Burn rate",
          description:
            "Burn rate from point to point, at least five minutes each; 1 spends exactly the budget over the period.",
          unit: "none",
          width: 12,
          height: 10,
          steps: burnSteps,
          targets: [
            rows({
              list: `sloHistory(${args}, maxPoints: 200)`,
              columns: historyColumns("burnRate"),
              format: "timeseries",
            }),
          ],
        }),
      ],
    },
    {
      title: "Alerting windows",
      panels: [
        lines({
          title: "Burn rates by window",
          description:
            "Burn rate over each alerting window. A tier fires when its long and its short window are both at its threshold.",
          unit: "none",
          width: 12,
          height: 10,
          steps: burnSteps,
          areThresholdsDrawn: true,
          targets: [
            promql("windows", `meshlens_slo_burn_rate{${chosen}}`, { legend: "{{service}} {{slo}} {{window}}" }),
          ],
        }),
        table({
          title: "Tiers",
          description: "Each tier with its threshold and both windows as of the last evaluation.",
          unit: "none",
          width: 12,
          height: 10,
          targets: [
            rows({
              list: `burns(${args})`,
              columns: [
                ["service", "string"],
                ["slo", "string"],
                ["tier", "string"],
                ["severity", "string"],
                ["threshold", "number"],
                ["longWindow", "string"],
                ["long", "number"],
                ["shortWindow", "string"],
                ["short", "number"],
                ["met", "boolean"],
              ],
            }),
          ],
          order: {
            service: "Service",
            slo: "Objective",
            tier: "Tier",
            severity: "Severity",
            threshold: "Threshold",
            longWindow: "Long",
            long: "Burn, long",
            shortWindow: "Short",
            short: "Burn, short",
            met: "Met",
          },
        }),
      ],
    },
    { title: "What happened", panels: [alertTable(24), changeTable(24)] },
  ],
});
