/**
 * Recording rules for meshes where the queries of the whole mesh are heavy: the calls of each service, each counted once, with a label
 * that tells the mesh as the raw series do. The mesh dashboard reads them where they are.
 */
import { stringify } from "yaml";
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

/** A file of rules. */
export function rulesText(mesh: keyof typeof recordingRules): string {
  const group = { name: `meshlens-${mesh}`, interval: "30s", rules: recordingRules[mesh] };
  return `# Written by npm run dashboards: load it with rule_files; the mesh dashboard then reads it.\n${stringify({ groups: [group] }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
