/** Which workloads and pods stand behind a Service: selector, or endpoints where it has none, then owners up to the top. */
import type { ClusterObjects } from "./cluster-objects.js";
import { type KubeObject, kindOf, type Labels, labelsOf, matchesLabels } from "./kube-object.js";
import { listAt, textAt, textMapAt, valueAt } from "./read-json.js";

/** A workload with its present pods. `object` is null where only its pods tell of it. */
export interface OwnedWorkload {
  readonly kind: string;
  readonly name: string;
  readonly object: KubeObject | null;
  readonly pods: readonly KubeObject[];
}

/** Kinds of which a pod-less one still counts: scaled to zero, or its pods cannot be made. */
export const workloadKinds = ["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet"] as const;

/** The workloads behind a Service, by name. Pods that have done their work are left out. */
export function workloadsBehind(service: KubeObject, objects: ClusterObjects): readonly OwnedWorkload[] {
  const selector = selectorOf(service);
  const pods = podsBehind(service, objects).filter(({ fields }) => textAt(fields, "status", "phase") !== "Succeeded");
  const workloads = new Map<string, OwnedWorkload>();
  for (const pod of pods) {
    const owner = ownerOf(pod, objects);
    const key = `${owner.kind}/${owner.name}`;
    const known = workloads.get(key);
    workloads.set(key, { ...owner, pods: [...(known?.pods ?? []), pod] });
  }
  for (const kind of selector === null ? [] : workloadKinds) {
    for (const object of objects.list(kind, service.namespace)) {
      const key = `${object.kind}/${object.name}`;
      if (workloads.has(key) || !matchesLabels(templateLabels(object), selector ?? {})) continue;
      workloads.set(key, { kind: object.kind, name: object.name, object, pods: [] });
    }
  }
  return [...workloads.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The labels a Service selects its pods by; null where it has none and leaves endpoints to others. */
export function selectorOf(service: KubeObject): Labels | null {
  const selector = textMapAt(service.fields, "spec", "selector");
  return Object.keys(selector).length === 0 ? null : selector;
}

const knownTemplates = new WeakMap<KubeObject, Labels>();

/** The labels a workload gives its pods. */
export function templateLabels(workload: KubeObject): Labels {
  const known = knownTemplates.get(workload) ?? textMapAt(workload.fields, "spec", "template", "metadata", "labels");
  knownTemplates.set(workload, known);
  return known;
}

/** The EndpointSlices of a Service. */
export function slicesOf(service: KubeObject, objects: ClusterObjects): readonly KubeObject[] {
  return [...objects.list("discovery.k8s.io/EndpointSlice", service.namespace)].filter(
    (slice) => labelsOf(slice)["kubernetes.io/service-name"] === service.name,
  );
}

/** The workload at the top of a pod's owners; a pod nobody owns is its own. */
export function ownerOf(pod: KubeObject, objects: ClusterObjects): Omit<OwnedWorkload, "pods"> {
  const owner = controllerOf(pod);
  if (owner === null) return { kind: pod.kind, name: pod.name, object: pod };
  if (owner.kind !== "apps/ReplicaSet") return knownOwner(owner, pod, objects);
  const set = objects.get(owner.kind, pod.namespace, owner.name);
  const deployment = set === null ? null : controllerOf(set);
  if (deployment !== null) return knownOwner(deployment, pod, objects);
  // Without the ReplicaSet its name tells: <deployment>-<hash>, and the pod has the hash as a label.
  const hash = labelsOf(pod)["pod-template-hash"];
  const suffix = `-${hash ?? ""}`;
  if (set !== null || hash === undefined || !owner.name.endsWith(suffix)) return knownOwner(owner, pod, objects);
  return knownOwner({ kind: "apps/Deployment", name: owner.name.slice(0, -suffix.length) }, pod, objects);
}

interface Owner {
  /** As kindOf writes it. */
  readonly kind: string;
  readonly name: string;
}

/** The controller among an object's owners. */
export function controllerOf(object: KubeObject): Owner | null {
  const owners = listAt(object.fields, "metadata", "ownerReferences");
  const owner = owners.find((one) => valueAt(one, "controller") === true);
  const kind = textAt(owner, "kind");
  const name = textAt(owner, "name");
  if (kind === null || name === null) return null;
  const apiVersion = textAt(owner, "apiVersion") ?? "";
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return { kind: kindOf({ group, kind }), name };
}

function knownOwner({ kind, name }: Owner, pod: KubeObject, objects: ClusterObjects): Omit<OwnedWorkload, "pods"> {
  return { kind: kind.slice(kind.indexOf("/") + 1), name, object: objects.get(kind, pod.namespace, name) };
}

function podsBehind(service: KubeObject, objects: ClusterObjects): readonly KubeObject[] {
  const selector = selectorOf(service);
  if (selector !== null) {
    return [...objects.list("/Pod", service.namespace)].filter((pod) => matchesLabels(labelsOf(pod), selector));
  }
  const names = slicesOf(service, objects)
    .flatMap((slice) => listAt(slice.fields, "endpoints"))
    .flatMap((endpoint) =>
      textAt(endpoint, "targetRef", "kind") === "Pod" ? (textAt(endpoint, "targetRef", "name") ?? []) : [],
    );
  return [...new Set(names)].flatMap((name) => objects.get("/Pod", service.namespace, name) ?? []);
}
