/** What a change is aimed at, and whether that includes a service. Aims are taken when the change is seen, services are matched when asked. */
import { groupBy } from "../../telemetry/group-by.js";
import { once } from "../../telemetry/once.js";
import type { NamespacedName } from "../../telemetry/workload-source.js";
import type { ClusterObjects } from "../cluster-objects.js";
import { serviceOfHost } from "../hosts.js";
import { type KubeObject, kindOf, type Labels, labelsOf, matchesLabels, specOf } from "../kube-object.js";
import { selectorOf, templateLabels, workloadKinds } from "../ownership.js";
import { fieldsAt, listAt, textAt, textMapAt, textsAt } from "../read-json.js";

/** One aim of a change; it has several when it touches several things. */
export type Aim =
  | { readonly at: "service"; readonly namespace: string; readonly name: string }
  /** Pods with these labels: the services that select them. */
  | { readonly at: "pods"; readonly namespace: string; readonly labels: Labels }
  /** Workloads that a selector of the mesh matches: the services in front of them. */
  | { readonly at: "selected"; readonly namespace: string; readonly selector: Labels }
  | { readonly at: "namespace"; readonly namespace: string }
  | { readonly at: "mesh" };

/** Where Istio's mesh-wide policies stand. */
const rootNamespace = "istio-system";

/** What an object is aimed at; [] when nothing tells. `objects` finds the Server a Linkerd policy names. */
export function aimsOf(object: KubeObject, objects: ClusterObjects): readonly Aim[] {
  const { namespace } = object;
  const kind = kindOf(object);
  if (kind === "/Namespace") return [{ at: "namespace", namespace: object.name }];
  if (kind === "/Service") return namespace === null ? [] : [{ at: "service", namespace, name: object.name }];
  if (object.group === "apps" && namespace !== null) return [{ at: "pods", namespace, labels: templateLabels(object) }];
  if (kind === "/Pod" && namespace !== null) return [{ at: "pods", namespace, labels: labelsOf(object) }];
  if (kind === "networking.istio.io/ServiceEntry") return entryAims(object);
  const named = [...hostAims(object), ...referenceAims(object, objects)];
  if (named.length > 0 || isAboutHosts.has(kind)) return unique(named);
  return [selectorAim(object)];
}

/** Kinds that touch what they name and nothing else. */
const isAboutHosts: ReadonlySet<string> = new Set([
  "networking.istio.io/VirtualService",
  "networking.istio.io/DestinationRule",
  "gateway.networking.k8s.io/HTTPRoute",
  "gateway.networking.k8s.io/GRPCRoute",
  "linkerd.io/ServiceProfile",
]);

/**
 * An external host is nobody's service, so a ServiceEntry touches who may call it. Istio exports it to all namespaces unless it says
 * otherwise; told to all of them it would say nothing, so it counts for its own.
 */
function entryAims({ namespace, fields }: KubeObject): readonly Aim[] {
  if (namespace === null) return [];
  if (namespace === rootNamespace) return [{ at: "mesh" }];
  const others = textsAt(fields, "spec", "exportTo").filter((name) => ![".", "*", "~", namespace].includes(name));
  return [namespace, ...others].map((name) => ({ at: "namespace", namespace: name }));
}

function hostAims(object: KubeObject): readonly Aim[] {
  const spec = specOf(object);
  const rules = ["http", "tcp", "tls"].flatMap((protocol) => listAt(spec, protocol));
  const hosts = [
    ...(object.kind === "VirtualService" ? textsAt(spec, "hosts") : []),
    ...(object.kind === "DestinationRule" ? [textAt(spec, "host") ?? ""] : []),
    ...(object.kind === "ServiceProfile" ? [object.name] : []),
    ...rules.flatMap((rule) => [
      ...listAt(rule, "route").map((route) => textAt(route, "destination", "host") ?? ""),
      textAt(rule, "mirror", "host") ?? "",
      ...listAt(rule, "mirrors").map((mirror) => textAt(mirror, "destination", "host") ?? ""),
    ]),
  ];
  return hosts.flatMap((host) => {
    const service = serviceOfHost(host, object.namespace);
    return service === null ? [] : [{ at: "service", ...service }];
  });
}

/** What `parentRefs`, `targetRefs` and `backendRefs` name: Services, and Linkerd's Servers for the pods they select. */
function referenceAims(object: KubeObject, objects: ClusterObjects, depth = 0): readonly Aim[] {
  const spec = specOf(object);
  const references = [
    ...listAt(spec, "parentRefs"),
    ...listAt(spec, "targetRefs"),
    ...(spec["targetRef"] === undefined ? [] : [spec["targetRef"]]),
    ...listAt(spec, "rules").flatMap((rule) =>
      listAt(rule, "backendRefs").map((ref) => ({ kind: "Service", ...fieldsAt(ref) })),
    ),
  ];
  return references.flatMap((reference): readonly Aim[] => {
    const name = textAt(reference, "name");
    const namespace = textAt(reference, "namespace") ?? object.namespace;
    const kind = textAt(reference, "kind");
    if (name === null || namespace === null) return [];
    if (kind === "Service") return [{ at: "service", namespace, name }];
    if (kind === "Namespace") return [{ at: "namespace", namespace: name }];
    if (textAt(reference, "group") !== "policy.linkerd.io" || depth > 2) return [];
    const target = objects.get(`policy.linkerd.io/${kind ?? ""}`, namespace, name);
    if (target === null) return [{ at: "namespace", namespace }];
    const further = referenceAims(target, objects, depth + 1);
    return further.length > 0 ? further : [selectorAim(target)];
  });
}

/** Policies choose workloads by labels; without any they are for the namespace, or for the mesh from Istio's root namespace. */
function selectorAim({ namespace, fields }: KubeObject): Aim {
  const selector = {
    ...textMapAt(fields, "spec", "selector", "matchLabels"),
    ...textMapAt(fields, "spec", "workloadSelector", "labels"),
    ...textMapAt(fields, "spec", "podSelector", "matchLabels"),
  };
  if (namespace === null) return { at: "mesh" };
  if (Object.keys(selector).length > 0 && namespace !== rootNamespace) return { at: "selected", namespace, selector };
  return namespace === rootNamespace ? { at: "mesh" } : { at: "namespace", namespace };
}

/** Finds which of some services changes touch, by the objects there are now; made for one question. */
export function createAimMatcher(
  names: readonly NamespacedName[],
  objects: ClusterObjects,
): (aims: readonly Aim[]) => readonly NamespacedName[] {
  const targets = names.map((name) => targetOf(name, objects));
  const byNamespace = groupBy(targets, ({ name }) => name.namespace);
  const isNear = (aim: Aim) => aim.at === "mesh" || byNamespace.has(aim.namespace);
  return (aims) => {
    // Most changes are of other namespaces: thousands are asked about at each question.
    if (!aims.some(isNear)) return [];
    const hit = new Set<NamespacedName>();
    for (const aim of aims) {
      const candidates = aim.at === "mesh" ? targets : (byNamespace.get(aim.namespace) ?? []);
      for (const target of candidates) if (isHit(aim, target)) hit.add(target.name);
    }
    return names.filter((name) => hit.has(name));
  };
}

/** A service with what its selector finds; a name that is no Service any more is met by name and namespace only. */
interface Target {
  readonly name: NamespacedName;
  readonly selector: Labels | null;
  readonly templates: () => readonly Labels[];
}

function targetOf(name: NamespacedName, objects: ClusterObjects): Target {
  const service = objects.get("/Service", name.namespace, name.name);
  const selector = service === null ? null : selectorOf(service);
  const templates = once(() =>
    workloadKinds.flatMap((kind) =>
      [...objects.list(kind, name.namespace)]
        .map(templateLabels)
        .filter((labels) => selector !== null && matchesLabels(labels, selector)),
    ),
  );
  return { name, selector, templates };
}

/** Within the aim's namespace. */
function isHit(aim: Aim, { name, selector, templates }: Target): boolean {
  if (aim.at === "mesh" || aim.at === "namespace") return true;
  if (aim.at === "service") return aim.name === name.name;
  if (selector === null) return false;
  if (aim.at === "pods") return matchesLabels(aim.labels, selector);
  return templates().some((labels) => matchesLabels(labels, aim.selector)) || matchesLabels(selector, aim.selector);
}

function unique(aims: readonly Aim[]): readonly Aim[] {
  return [...new Map(aims.map((aim) => [JSON.stringify(aim), aim])).values()];
}
