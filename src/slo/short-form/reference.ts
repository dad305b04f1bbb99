/** docs/reference/objectives.md, written from the schema and the table of findings: `npm run golden:write` writes it, a test keeps it equal. */
import { z } from "zod";
import { type KeyShape, keyTable } from "../../config/key-table.js";
import { findingKinds } from "../finding.js";
import { shortFormSchema } from "./schema.js";

const head = `# Objectives

Written from the schema in \`src/slo/short-form/schema.ts\` by \`npm run golden:write\`; do not edit by hand. A commented example is
[examples/slo/bookinfo.yaml](../../examples/slo/bookinfo.yaml).

An objective says which share of a service's calls shall be good over a period. Files are named in the configuration, as names, folders or
patterns (\`*\`, \`?\`, \`**\`), relative to it; \`defaults\` there are given to every service that has no objective of its own:

\`\`\`yaml
slo:
  files: ["slo/*.yaml"]
  defaults:
    availability: { target: 0.999, window: 30d }
    latency: { target: 0.99, thresholdMs: 500, window: 30d }
\`\`\`

They may be OpenSLO, Sloth or Pyrra files too ([below](#files-of-other-tools)). A file in the short form:

\`\`\`yaml
apiVersion: meshlens/v1
namespace: bookinfo
objectives:
  - service: ratings
    availability: 99.9%
  - service: reviews
    latency: { target: 99%, thresholdMs: 500 }
  - service: details
    name: month
    availability: { target: 99.5%, failedStatus: { add: [403] } }
    window: { calendar: month, zone: Europe/Berlin }
\`\`\`

\`meshlens slo lint FILE...\` says what is wrong with files; \`meshlens slo explain FILE...\` says what their objectives would do. A file with
an error gives none of its objectives. \`\${VAR}\` works as in the configuration. The id of an objective is made from its cluster,
namespace, service and name as written: renaming one begins its alerts anew.

## How it fires

A tier is a pair of windows with a burn rate. It is met when both windows burn at that rate or faster and the long one holds at least
\`minFailedEvents\` failed events. When a tier of a severity has been met for \`for\`, an incident fires; there is one incident per objective,
which moves from ticket to page as it gets worse, from page to ticket when every page tier has been clear for \`keepFiring\`, and ends when
the same holds for the tickets. It is *recovering* from the moment the quickest window no longer burns. Tiers without \`tiers\` of your own:

| severity | windows | budget spent | burn rate for 30 d |
|---|---|---|---|
| page | 1h/5m | 2 % | 14.4 |
| page | 6h/30m | 5 % | 6 |
| ticket | 1d/2h | 10 % | 3 |
| ticket | 3d/6h | 10 % | 1 |

The burn rate is budget x period / long window, so other periods have others; tiers that do not fit into the period are left out. A
month counts as 30 days, a quarter as 91, a year as 365.

Missing data never fires and never resolves: a source that does not answer or has lost the series leaves an incident as it is. A service
without traffic is idle; its tiers are clear as their short windows run empty, and the incident ends after \`keepFiring\` with the reason
"no traffic". Time that nobody watched (Meshlens was down, the clock jumped) counts neither for \`for\` nor for \`keepFiring\`.

## Latency

Fast calls are those under the threshold in the mesh's histogram, less the failed ones. A threshold that is an edge of its buckets is exact;
between two edges the count is interpolated, and beyond the last one only what is surely fast counts: both are marked approximate. Native
histograms (Prometheus 3) are counted by steps like classic ones, interpolated within a bucket, and always marked approximate.

## Parts of a service's calls

\`version\`, \`route\` and \`caller\` narrow what is counted, alone or together; \`host\` turns to the calls that the service itself makes to a
host outside the mesh, by its own proxy's view. Versions are told by Istio (\`destination_version\`), routes by Istio where a Telemetry
resource adds \`request_operation\` and by OpenTelemetry's span metrics (\`span_name\`). Where the mesh's metrics do not tell a part, the
objective is UNKNOWN and says so; where \`mesh.dialect\` names such a mesh, \`serve\`, \`check\` and \`backtest\` refuse it. \`connections\` counts
layer-4 connections by opening and failed ones by their failure flags when they close, so that a connection that lives for days fails late;
a client that ends its own is no failure.

## Queries of your own

\`{{.window}}\` stands where the window belongs; without it all windows in a query must be the same and are replaced. Queries are asked of
every metrics source. What becomes of one depends on its form:

- **Counted.** Sums of \`rate\` or \`increase\` of plain selectors, with \`by\`, \`without\`, \`+\`, \`-\` and \`or vector(0)\`, are counted
  exactly, step by step, in \`good\`, \`failed\` and \`total\` alike. So is a \`ratio\` that is such a sum divided by another, or 1 less that.
- **Weighted by time.** A ratio without any window, such as a recording rule's series, is evaluated every 30 s; each window is the mean of
  its values. It has no minimum events and is approximate: a quiet night weighs as much as a busy day.
- **Asked over its windows.** Anything else is asked over each window as a whole: windows of up to 1 h every 30 s, up to 6 h every 2 min, up
  to 3 d every 10 min, longer ones and the period every 30 min; at most 200 such windows a step in each cluster, the most overdue first. An
  answer stands for its window until three more turns are missed. It has no minimum events, is approximate, and begins anew after a
  restart: nothing of it is stored, so it has no history either.
- **A gauge** of 1 and 0 is good for the share of its samples that are 1, over all its series; \`minFailedEvents\` counts samples. Samples
  that are NaN or lie beyond 0 and 1 count in neither. It is there for five minutes after its last sample.

A query that a backend refuses costs no other objective anything: its objective is UNKNOWN with the backend's words, and it is tried again
after five minutes. So is one that gives more than one series. NaN (0/0) is no traffic; no series at all is NO_DATA.

## Which windows are exact

Counts of the last 6.5 h are kept in steps of 30 s, older ones in quarters of an hour. A window that reaches further back than 6.5 h
begins at the quarter at or before its start: a day is up to 15 min (1 %) longer, three days 0.35 %. Windows
end 30 s (\`alerting.offset\`) behind the clock, at a whole step.

The clock is the backend's, because samples bear its time: it is asked for every evaluation (\`meshlens_source_clock_skew_seconds\`, the
\`message\` of \`sources\`), followed from 5 s of difference on, to the one most behind where there are several, and up to an hour: beyond
that nothing of the source is counted and its objectives are UNKNOWN. A clock set back holds everything (UNKNOWN) until it is where it was,
so that an outage is not seen twice; set back by more than an hour, it is followed.

A service that the mesh knows and that nobody calls is IDLE under default objectives, and NO_DATA under an objective that names it: there
the name may be wrong.

## Files of other tools

OpenSLO (\`openslo/v1\`, and ratios of \`openslo/v1alpha\`), Sloth (\`prometheus/v1\` and its Kubernetes object) and Pyrra are read as they are,
beside the short form and in the same file if need be: several YAML documents, JSON, lists and Kubernetes \`List\`s. OpenSLO references are
found in every file given. Variables are not filled in there. What these tools do not say, or say otherwise:

- **Service**: a label or annotation \`meshlens.dev/service: NAMESPACE/NAME\` names it; else its name with the object's namespace, or with the
  one namespace its queries name, or \`default\`, with a warning.
- **Sloth**: 30 days, the usual tiers; \`disable\` leaves a severity out; a query without \`{{.window}}\` and plug-ins are errors.
- **Pyrra**: its own ladder (1h/5m 14, 6h/30m 7, 1d/2h 2, 4d/6h 1 at 28 days, lengths growing with the window); a severity waits as its
  quickest tier does; \`grouping\` is one objective over all groups, with a warning.
- **OpenSLO**: without \`alertPolicies\` a budget that raises nothing, unless the SLO has the annotation \`meshlens.dev/alerting: usual\`. A
  condition's \`lookbackWindow\` is the long window; the short one is a twelfth of it, or the annotation \`meshlens.dev/short-window: 5m\` of the
  condition or policy. Severities such as \`page\`, \`critical\`, \`sev1\` page; others are tickets; \`meshlens.dev/severity\` says otherwise.
  Bare counters are counted; time slices and thresholds are shares of time, approximate. SLOs that something else than Prometheus measures,
  and composites, are left out with a warning, as are those whose references are in none of the files.

## Keys
`;

/** The whole page, ending in a newline. */
export function objectivesReference(): string {
  const shape = z.toJSONSchema(shortFormSchema, { io: "input" }) as KeyShape;
  const keys = keyTable("", shape).replaceAll("| `.", "| `");
  const codes = Object.entries(findingKinds).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  const findings = ["## What lint finds", "", "| code | meaning |", "|---|---|", ...codes].join("\n");
  return `${[head.trimEnd(), keys, findings].join("\n\n")}\n`;
}
