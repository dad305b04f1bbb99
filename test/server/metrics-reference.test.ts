import { describe, test } from "@jest/globals";
import { createSelfMetrics } from "../../src/server/self-metrics.js";
import { serviceMetricsText } from "../../src/server/service-metrics.js";
import { golden } from "../support/golden.js";

describe("the reference of metrics", () => {
  test("golden: docs/reference/metrics.md says what /metrics serves", async () => {
    const none = { signals: [], isTruncated: false, isComplete: true };
    const text = `${await createSelfMetrics(new Map()).print()}\n${await serviceMetricsText(none)}`;
    const rows = [...text.matchAll(/^# HELP (meshlens_\w+) (.+)\n# TYPE \w+ (\w+)$/gm)].map(
      ([, name, help, type]) => `| \`${name}\` | ${type} | ${help} |`,
    );
    golden(
      "docs/reference/metrics.md",
      [
        "# Metrics of Meshlens itself",
        "",
        "Served at `/metrics`; with `auth` configured it needs a token for all namespaces with the action `read`. Labels are bounded: sources of the",
        "configuration, fixed kinds of questions, error codes, route patterns, and the first 100 operation names seen (`other` after that,",
        "`anonymous` for operations without a name). `meshlens_slo_*` with the labels cluster, namespace, service and slo are for tokens that may",
        "see every namespace, and for the first 500 objectives by service and name; so are `meshlens_service_*`, for the first 1,000 services of the",
        "namespaces in `metrics.services`. Beside these stand the `process_*` and `nodejs_*` metrics of prom-client, with the event",
        "loop's lag. Written by `npm run golden:write`.",
        "",
        "| metric | type | meaning |",
        "|---|---|---|",
        ...rows,
        "",
      ].join("\n"),
    );
  });
});
