/**
 * Recording rules for meshes where the queries of the whole mesh are heavy: the calls of each service, each counted once, with a label
 * that tells the mesh as the raw series do. The mesh dashboard reads them where they are, and Meshlens steps of buckets.
 */
import { stringify } from "yaml";
import type { Dialect } from "../../src/mesh/dialects/dialect.js";
import { istio as istioDialect } from "../../src/mesh/dialects/istio.js";
import { linkerd as linkerdDialect } from "../../src/mesh/dialects/linkerd.js";
import { lateMs, recordedAt, recordedBuckets, recordedLabels, stepMs } from "../../src/mesh/metrics/recorded-steps.js";
import { ruleWindow } from "./promql/choice.js";
import { istioBuckets, istioCalls, istioCounted } from "./promql/istio.js";
import { linkerdBuckets, linkerdCalls, linkerdCounted } from "./promql/linkerd.js";

/** A rule as Prometheus' files have it. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

const of = (chosen: string, ...by: readonly string[]) => ({
  chosen,
  by: [...by, "namespace", "service"],
  window: ruleWindow,
});
const record = (name: string) => `meshlens:${name}:rate${ruleWindow}`;
const istio = of('destination_service=~".+[.]svc[.].+"', "destination_cluster");
const linkerd = of('authority=~".+[.]svc[.].+"');

const rulesOf = (labels: RecordingRule["labels"], exprs: Readonly<Record<string, string>>): readonly RecordingRule[] =>
  Object.entries(exprs).map(([name, expr]) => ({ record: record(name), expr, labels }));

/** The rules by mesh: one file each. */
export const recordingRules: Readonly<Record<"istio" | "linkerd", readonly RecordingRule[]>> = {
  istio: rulesOf(
    { reporter: "source" },
    {
      calls: istioCalls(istio),
      counted_calls: istioCounted("all", istio),
      failed_calls: istioCounted("failed", istio),
      latency_bucket: istioBuckets(istio),
    },
  ),
  linkerd: rulesOf(
    { direction: "outbound" },
    {
      calls: linkerdCalls(linkerd),
      counted_calls: linkerdCounted("all", linkerd),
      failed_calls: linkerdCounted("failed", linkerd),
      latency_bucket: linkerdBuckets(linkerd),
    },
  ),
};

/**
 * What Meshlens itself reads: observations by bucket, counted exactly in steps that join without gap, summed over pods and codes. Differences
 * of a series' newest samples lose nothing between steps, where a rate would drop what lies between its windows; a reset counts the new
 * value, and so does a series born on a target that was scraped before: a fault's first seconds lie in such series.
 */
function stepRules({ name, latency, requests }: Dialect, labels: readonly string[]): readonly RecordingRule[] {
  const at = (beforeMs: number) => (what: string) => `${what}[5m] offset ${beforeMs / 1000}s`;
  const [atEnd, atStart] = [at(lateMs), at(lateMs + stepMs)];
  const buckets = `${latency?.metric.callers}_bucket`;
  const [end, start] = [`last_over_time(${atEnd(buckets)})`, `last_over_time(${atStart(buckets)})`];
  const scraped = `last_over_time(${atStart(requests.counters[0]?.metric ?? buckets)}) or max_over_time(${atStart("up")}) > 0`;
  const born = `(${end} unless ${start}) and on (job, instance, pod) (${scraped})`;
  const told = requests.views.callers[0]?.reports[0]?.matchers[0]?.label ?? "le";
  // Rules of a group are evaluated one after the other: a step that could not be recorded is not said to be.
  const justRecorded = `count_over_time(${recordedBuckets}{${told}!=""}[${stepMs - 1}ms])`;
  return [
    {
      record: recordedBuckets,
      expr: `sum by (le, ${labels.join(", ")}) (${end} - ${start} >= 0 or ${end} < ${start} or ${born})`,
      labels: {},
    },
    { record: recordedAt, expr: `group(${justRecorded})`, labels: { mesh: name } },
  ];
}

/** Rules for the API by mesh. */
export const apiRules: typeof recordingRules = {
  istio: stepRules(istioDialect, recordedLabels(istioDialect)),
  linkerd: stepRules(linkerdDialect, recordedLabels(linkerdDialect)),
};

/** A file of rules. */
export function rulesText(mesh: keyof typeof recordingRules): string {
  const interval = `${stepMs / 1000}s`;
  const groups = [
    { name: `meshlens-${mesh}`, interval, rules: recordingRules[mesh] },
    { name: `meshlens-${mesh}-api`, interval, rules: apiRules[mesh].map(withoutEmptyLabels) },
  ];
  return `# Written by npm run dashboards: load it with rule_files; the mesh dashboard and Meshlens itself then read it.\n${stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function withoutEmptyLabels({ labels, ...rule }: RecordingRule) {
  return Object.keys(labels).length === 0 ? rule : { ...rule, labels };
}
