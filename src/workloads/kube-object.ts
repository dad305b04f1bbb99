/** A Kubernetes object with its identity read; every function of this room takes it. */
import { type Fields, fieldsAt, isFields, textAt, textMapAt } from "./read-json.js";

/** An object. `group` is "" for the core API; `namespace` is null for what has none. */
export interface KubeObject {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** All of it; nothing about its shape is promised. */
  readonly fields: Fields;
}

/** Reads the identity; null where kind or name is missing. */
export function kubeObject(raw: unknown): KubeObject | null {
  const kind = textAt(raw, "kind");
  const name = textAt(raw, "metadata", "name");
  if (kind === null || name === null || !isFields(raw)) return null;
  const apiVersion = textAt(raw, "apiVersion") ?? "";
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return { group, kind, namespace: textAt(raw, "metadata", "namespace"), name, fields: raw };
}

/** `apps/Deployment`, `/Service`: a kind of one API group, whatever its version. */
export function kindOf({ group, kind }: Pick<KubeObject, "group" | "kind">): string {
  return `${group}/${kind}`;
}

/** A map key of an object's identity. */
export function objectKey({ group, kind, namespace, name }: Omit<KubeObject, "fields">): string {
  return `${group}/${kind}\u0000${namespace ?? ""}\u0000${name}`;
}

/** Labels, or a selector of labels. */
export type Labels = Readonly<Record<string, string>>;

/** Every pod's labels are read by each Service of its namespace. */
const knownLabels = new WeakMap<KubeObject, Labels>();

/** Its labels. */
export function labelsOf(object: KubeObject): Labels {
  const known = knownLabels.get(object) ?? textMapAt(object.fields, "metadata", "labels");
  knownLabels.set(object, known);
  return known;
}

/** Its specification; {} where it has none. */
export function specOf(object: KubeObject | null): Fields {
  return fieldsAt(object?.fields, "spec");
}

/** Whether labels have every pair of a selector; an empty selector matches all. */
export function matchesLabels(labels: Labels, selector: Labels): boolean {
  for (const key in selector) if (!Object.hasOwn(labels, key) || labels[key] !== selector[key]) return false;
  return true;
}
