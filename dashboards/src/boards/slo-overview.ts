/** All objectives: what burns, what is left. */
import { meshlensDashboard } from "../dashboard.js";
import { toServiceOf } from "../links.js";
import { alertTable } from "../meshlens-panels.js";
import { budgetSteps, lines, stat, table } from "../panels.js";
import { promql, rows, variable } from "../targets.js";

const chosen = 'namespace=~"$namespace",service=~"$service"';
const unit = (id: string) => ({ id: "unit", value: id });
/** None is well, one is not. */
const fromOneOn = (field: string, color: string) => ({
  field,
  properties: [
    {
      id: "thresholds",
      value: {
        mode: "absolute",
        steps: [
          { value: null, color: "green" },
          { value: 1, color },
        ],
      },
    },
  ],
});

export const sloOverview = meshlensDashboard({
  name: "slos",
  title: "Meshlens / Objectives",
  description: "All objectives with what is left of their error budgets, what burns now, and open incidents.",
  rows: [
    {
      title: "Now",
      panels: [
        stat({
          title: "Objectives by state",
          description: "How many objectives are in each state of their budget. UNKNOWN: the data does not say.",
          unit: "none",
          width: 12,
          overrides: [fromOneOn("EXHAUSTED", "red"), fromOneOn("BURNING", "orange")],
          targets: [
            promql("states", `sum by (state) (meshlens_slo_state{${chosen}})`, {
              legend: "{{state}}",
              isInstant: true,
            }),
          ],
        }),
        stat({
          title: "Objectives by data",
          description:
            "How many objectives have data, are idle, have none, or are unknown because a source does not answer.",
          unit: "none",
          width: 12,
          overrides: [fromOneOn("NO_DATA", "orange"), fromOneOn("UNKNOWN", "orange")],
          targets: [
            promql("data states", `sum by (state) (meshlens_slo_data_state{${chosen}})`, {
              legend: "{{state}}",
              isInstant: true,
            }),
          ],
        }),
        table({
          title: "Objectives",
          description:
            "Every objective as of the last evaluation. Burning: highest burn rate of a tier that is met; 1 spends exactly the budget over the period.",
          unit: "none",
          width: 24,
          height: 11,
          targets: [
            rows({
              list: `slos(service: ${variable("service")})`,
              columns: [
                ["namespace", "string"],
                ["service", "string"],
                ["slo", "string"],
                ["state", "string"],
                ["dataState", "string"],
                ["target", "number"],
                ["goodRatio", "number"],
                ["budgetRemaining", "number"],
                ["burning", "number"],
                ["exhaustedAt", "timestamp_epoch"],
                ["status", "string"],
              ],
            }),
          ],
          order: {
            namespace: "Namespace",
            service: "Service",
            slo: "Objective",
            state: "State",
            dataState: "Data",
            target: "Target",
            goodRatio: "Good",
            budgetRemaining: "Budget left",
            burning: "Burning",
            exhaustedAt: "Spent at",
            status: "Status",
          },
          links: [
            toServiceOf("slo", "Objective", "Namespace", "Service"),
            toServiceOf("investigation", "Investigate", "Namespace", "Service"),
          ],
          overrides: [
            { field: "Target", properties: [unit("percentunit"), { id: "decimals", value: 2 }] },
            { field: "Good", properties: [unit("percentunit"), { id: "decimals", value: 3 }] },
            {
              field: "Budget left",
              properties: [
                unit("percentunit"),
                {
                  id: "thresholds",
                  value: { mode: "absolute", steps: budgetSteps.map(([value, color]) => ({ value, color })) },
                },
                { id: "custom.cellOptions", value: { type: "color-background" } },
              ],
            },
          ],
        }),
      ],
    },
    {
      title: "Over time",
      panels: [
        lines({
          title: "Error budgets",
          description:
            "Share of each error budget that is left; below 0 it is overspent. The ten with the least. A gap: not known.",
          unit: "percentunit",
          width: 12,
          steps: budgetSteps,
          goesBelowZero: true,
          targets: [
            promql("budgets", `bottomk(10, meshlens_slo_error_budget_remaining_ratio{${chosen}})`, {
              legend: "{{service}} {{slo}}",
            }),
          ],
        }),
        lines({
          title: "Burn rates",
          description:
            "Burn rate over the last hour; 1 spends exactly the budget over the period, 14.4 pages by default. The ten highest.",
          unit: "none",
          width: 12,
          targets: [
            promql("burn rates", `topk(10, meshlens_slo_burn_rate{${chosen},window="1h"})`, {
              legend: "{{service}} {{slo}}",
            }),
          ],
        }),
        lines({
          title: "Open incidents",
          description: "Open incidents by state and severity.",
          unit: "none",
          width: 24,
          height: 6,
          isStacked: true,
          targets: [
            promql("incidents", "sum by (state, severity) (meshlens_alert_open_incidents) or on () vector(0)", {
              legend: "{{severity}} {{state}}",
            }),
          ],
        }),
        alertTable(24),
      ],
    },
  ],
});
