/** The mesh at a glance: who calls whom, which services fail. */
import { meshlensDashboard } from "../dashboard.js";
import { toService } from "../links.js";
import { alertTable, banner, serviceTable } from "../meshlens-panels.js";
import { errorSteps, lines, nodeGraph, stat, statOf } from "../panels.js";
import { calls, errorRatio, latency } from "../per-mesh.js";
import { wholeRange } from "../promql/choice.js";
import { type Column, rows } from "../targets.js";
import { ownVariables } from "../variables.js";

const window = wholeRange;
const service = "{{namespace}}/{{service}}";
const byService = { by: ["namespace", "service"], top: 10, isRuled: true };
const nodeColumns: readonly Column[] = [
  ["id", "string"],
  ["title", "string"],
  ["subtitle", "string"],
  ["mainstat", "string"],
  ["secondarystat", "string"],
  ["arc__ok", "number"],
  ["arc__client", "number"],
  ["arc__failed", "number"],
  ["arc__nodata", "number"],
  ["icon", "string"],
  ["detail__kind", "string"],
  ["detail__namespace", "string", "namespace"],
  ["detail__service", "string", "service"],
  ["detail__p95ms", "number"],
];
const edgeColumns: readonly Column[] = [
  ["id", "string"],
  ["source", "string"],
  ["target", "string"],
  ["mainstat", "string"],
  ["secondarystat", "string"],
  ["thickness", "number"],
  ["color", "string"],
  ["strokedasharray", "string"],
  ["detail__protocol", "string"],
  ["detail__p95ms", "number"],
  ["detail__mtls", "number"],
];

export const mesh = meshlensDashboard({
  name: "mesh",
  title: "Meshlens / Mesh",
  description:
    "The mesh at a glance: calls, failures and latency of all services, who calls whom, and which services are worst.",
  variables: [ownVariables.raw()],
  rows: [
    {
      title: "Now",
      panels: [
        banner(),
        stat({
          title: "Calls",
          description: "Calls per second between services over the range, each counted once.",
          unit: "reqps",
          width: 6,
          targets: calls("", { window, isRuled: true }),
        }),
        stat({
          title: "Failed calls",
          description:
            "Share of calls that failed: 5xx, no answer, or a gRPC status that blames the server. Empty without calls.",
          unit: "percentunit",
          width: 6,
          steps: errorSteps,
          targets: errorRatio("", { window, isRuled: true }),
        }),
        stat({
          title: "95th percentile",
          description: "95 of 100 calls took at most this long, over all services.",
          unit: "ms",
          width: 6,
          targets: latency(0.95, "", { window, isRuled: true }),
        }),
        statOf(
          "service",
          {
            title: "Services",
            description: "Services seen in the range.",
            unit: "none",
            width: 6,
            targets: [rows({ list: "services", columns: [["service", "string"]] })],
          },
          "count",
        ),
      ],
    },
    {
      title: "Who calls whom",
      panels: [
        nodeGraph({
          title: "Service graph",
          description:
            "Ring: share of calls that went well (green), were the client's fault (yellow), failed (red); grey is no data. At most 500 nodes, those with the most traffic.",
          unit: "none",
          width: 24,
          targets: [
            rows({ refId: "nodes", list: "nodes", columns: nodeColumns }),
            rows({ refId: "edges", list: "edges", columns: edgeColumns }),
          ],
          links: [toService("service", "Service"), toService("investigation", "Investigate")],
        }),
      ],
    },
    {
      title: "Services",
      panels: [
        serviceTable("Services by failures", 24),
        lines({
          title: "Calls by service",
          description: "Calls per second as callers saw them, the ten busiest services.",
          unit: "reqps",
          width: 12,
          targets: calls(service, byService),
        }),
        lines({
          title: "Failed calls by service",
          description: "Share of failed calls of the ten worst services. A gap is a time without calls.",
          unit: "percentunit",
          width: 12,
          steps: errorSteps,
          targets: errorRatio(service, byService),
        }),
        alertTable(24),
      ],
    },
  ],
});
