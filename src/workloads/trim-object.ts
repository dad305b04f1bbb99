/**
 * What is kept of an object that came in. Secrets and everything nobody reads is not kept at all, and values of the environment are
 * replaced by digests: enough to see that one was changed, and nothing a memory dump could tell.
 */
import { createHmac, randomBytes } from "node:crypto";
import { type KubeObject, kindOf, kubeObject } from "./kube-object.js";
import { type Fields, fieldsAt, isFields, listAt, textAt, valueAt } from "./read-json.js";

/** Kinds this room reads; of the mesh's own groups every kind. */
const readKinds: ReadonlySet<string> = new Set([
  "/Service",
  "/Namespace",
  "/Pod",
  "/Event",
  "events.k8s.io/Event",
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "discovery.k8s.io/EndpointSlice",
]);
const meshGroups: ReadonlySet<string> = new Set([
  "networking.istio.io",
  "security.istio.io",
  "telemetry.istio.io",
  "extensions.istio.io",
  "gateway.networking.k8s.io",
  "policy.linkerd.io",
  "linkerd.io",
]);

/** Objectives of other tools: their specification is read whole. */
const objectiveGroups: ReadonlySet<string> = new Set(["sloth.slok.dev", "pyrra.dev", "openslo.com"]);

/** Whether objects of a kind say something about health or changes. */
export function isReadKind(object: Pick<KubeObject, "group" | "kind">): boolean {
  return meshGroups.has(object.group) || readKinds.has(kindOf(object));
}

const readAnnotations = [
  "deployment.kubernetes.io/revision",
  "kubernetes.io/change-cause",
  "linkerd.io/inject",
  "ambient.istio.io/redirection",
];

/** The object as it is kept; null for what is not an object or of a kind nobody reads. The original is not changed. */
export function trimObject(raw: unknown): KubeObject | null {
  const object = kubeObject(raw);
  if (object !== null && objectiveGroups.has(object.group)) return objectiveObject(object);
  if (object === null || !isReadKind(object)) return null;
  const metadata = trimMetadata(fieldsAt(raw, "metadata"));
  const { apiVersion, kind } = object.fields;
  const rest = trimRest(object);
  return { ...object, fields: { apiVersion, kind, ...rest, metadata } };
}

function objectiveObject(object: KubeObject): KubeObject {
  const { apiVersion, kind, spec } = object.fields;
  const { name, namespace, labels, annotations } = fieldsAt(object.fields, "metadata");
  const { [lastApplied]: _, ...kept } = isFields(annotations) ? annotations : {};
  return { ...object, fields: { apiVersion, kind, metadata: { name, namespace, labels, annotations: kept }, spec } };
}

/** What kubectl keeps of the last time: the whole object again. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function trimMetadata(metadata: Fields): Fields {
  const { name, namespace, uid, generation, creationTimestamp, deletionTimestamp, labels, ownerReferences } = metadata;
  const managedFields = listAt(metadata, "managedFields").map((entry) => ({
    manager: valueAt(entry, "manager"),
    time: valueAt(entry, "time"),
    subresource: valueAt(entry, "subresource"),
  }));
  return {
    ...{ name, namespace, uid, generation, creationTimestamp, deletionTimestamp, labels, ownerReferences },
    annotations: pick(fieldsAt(metadata, "annotations"), readAnnotations),
    managedFields,
  };
}

function trimRest({ group, kind, fields }: KubeObject): Fields {
  const { spec, status } = fields;
  if (kind === "Namespace") return {};
  if (group === "apps" && kind === "ReplicaSet")
    return { spec: mapContainers(fieldsAt(fields, "spec"), hideEnvironment) };
  if (group === "apps") return { spec: mapContainers(fieldsAt(fields, "spec"), hideEnvironment), status };
  if (kind === "Pod") return { spec: trimPodSpec(fieldsAt(fields, "spec")), status };
  if (meshGroups.has(group)) return { spec };
  const { apiVersion, kind: _, metadata, ...rest } = fields;
  return rest;
}

function trimPodSpec(spec: Fields): Fields {
  const slim = (key: string) =>
    listAt(spec, key).map((container) =>
      pick(isFields(container) ? container : {}, ["name", "image", "restartPolicy"]),
    );
  return { nodeName: spec["nodeName"], containers: slim("containers"), initContainers: slim("initContainers") };
}

function mapContainers(spec: Fields, change: (container: unknown) => unknown): Fields {
  const template = fieldsAt(spec, "template");
  const podSpec = fieldsAt(template, "spec");
  const changed = Object.fromEntries(
    ["containers", "initContainers"].flatMap((key) =>
      Object.hasOwn(podSpec, key) ? [[key, listAt(podSpec, key).map(change)]] : [],
    ),
  );
  return { ...spec, template: { ...template, spec: { ...podSpec, ...changed } } };
}

function hideEnvironment(container: unknown): unknown {
  return mapEnvironment(container, digest);
}

function mapEnvironment(container: unknown, change: (value: string) => string): unknown {
  if (!isFields(container) || !Array.isArray(container["env"])) return container;
  const env = container["env"].map((entry: unknown) => {
    const value = textAt(entry, "value");
    return value === null || !isFields(entry) ? entry : { ...entry, value: change(value) };
  });
  return { ...container, env };
}

/** Of this process alone: a weak password could be guessed from a digest without it. */
const digestKey = randomBytes(32);

function digest(text: string): string {
  return createHmac("sha256", digestKey).update(text).digest("hex").slice(0, 16);
}

/** Stands for a value of the environment of which nothing is known; no digest is written so. */
export const unknownValue = "?";

/** What of a trimmed object may be written down: no status, and of the environment its names only. */
export function lastingFields({ status: _, ...fields }: Fields): Fields {
  const spec = fieldsAt(fields, "spec");
  if (!Object.hasOwn(spec, "template")) return fields;
  return { ...fields, spec: mapContainers(spec, forgetEnvironment) };
}

function forgetEnvironment(container: unknown): unknown {
  return mapEnvironment(container, () => unknownValue);
}

function pick(fields: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(fields, key) ? [[key, fields[key]]] : [])));
}
