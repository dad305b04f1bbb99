/** The mesh's service that an objective of another tool is about. Those tools know a name only; Meshlens wants the namespace too. */
import type { ServiceRefInput } from "../../mesh/mesh.js";
import type { LabelMatcher } from "../../telemetry/metric-source.js";
import type { Sli } from "../objective.js";
import { parseServiceName } from "../service-name.js";
import type { UserQuery } from "../user-query.js";
import type { Report } from "./report.js";

/** Label or annotation that names the service where its own name does not: `reviews`, `bookinfo/reviews` or `east/bookinfo/reviews`. */
export const serviceAnnotation = "meshlens.dev/service";

/** What a file says about its service. */
export interface WrittenService {
  readonly name: string;
  readonly path: readonly PropertyKey[];
  /** Labels and annotations together; the first that says something wins. */
  readonly marks: readonly Readonly<Record<string, unknown>>[];
  /** That of a Kubernetes object. */
  readonly namespace: string | null;
}

const namespaceLabels = [
  "destination_service_namespace",
  "destination_workload_namespace",
  "dst_namespace",
  "namespace",
  "kubernetes_namespace",
  "k8s_namespace_name",
];
const fallbackNamespace = "default";

/** The service, by annotation, by name, by the object's namespace, by a matcher of its queries; null when something was reported. */
export function serviceOf(
  { name, path, marks, namespace }: WrittenService,
  sli: Sli | null,
  report: Report,
): ServiceRefInput | null {
  const written = marks.map((one) => one[serviceAnnotation]).find((one) => typeof one === "string");
  const usual = { cluster: null, namespace: namespace ?? (sli === null ? null : namespaceIn(sli)) };
  const found = parseServiceName(written ?? name, usual);
  if (found !== null) return found;
  const guessed = parseServiceName(written ?? name, { cluster: null, namespace: fallbackNamespace });
  if (guessed === null) {
    const words = `must be name, namespace/name or cluster/namespace/name; a label or annotation ${serviceAnnotation} says it where the name cannot`;
    report("error", "SLO_SERVICE", path, words);
    return null;
  }
  const words = `names no namespace and its queries have none: read as ${fallbackNamespace}/${guessed.name}; a label or annotation ${serviceAnnotation}: NAMESPACE/${guessed.name} says which`;
  report("warning", "SLO_SERVICE", path, words);
  return guessed;
}

function namespaceIn(sli: Sli): string | null {
  const matchers = matchersOf(sli);
  for (const label of namespaceLabels) {
    const values = new Set(matchers.flatMap((one) => (one.label === label && one.op === "eq" ? [one.value] : [])));
    const [only, ...more] = values;
    if (only !== undefined && only !== "" && more.length === 0) return only;
  }
  return null;
}

function matchersOf(sli: Sli): readonly LabelMatcher[] {
  const of = (query: UserQuery) =>
    query.kind === "counts" ? query.terms.flatMap(({ selector }) => selector.matchers) : [];
  switch (sli.kind) {
    case "EVENTS":
      return [...of(sli.part), ...of(sli.total)];
    case "GAUGE":
      return sli.gauge.matchers;
    default:
      return [];
  }
}
