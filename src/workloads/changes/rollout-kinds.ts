/** Tellers of what runs: Deployment, StatefulSet, DaemonSet and Service. Called by describe-change.ts. */
import { type KubeObject, specOf } from "../kube-object.js";
import { type Fields, fieldsAt, isFields, listAt, numberAt, textAt, textsAt, valueAt } from "../read-json.js";
import { counted } from "../say.js";
import { unknownValue } from "../trim-object.js";
import { leafChanges } from "./leaves.js";
import { changed, isSameJson, listChanged, type TellChange, told } from "./told.js";
import { labelsText } from "./values.js";

/** Image, replicas, environment by name, resources; what is left of the pod template by the names of its fields. */
export const tellRollout: TellChange = (before, after) => {
  if (before === null) return told(shapeText(after));
  return [...told(replicasChanged(before, after)), ...templateChanges(templateOf(before), templateOf(after))];
};

function shapeText(object: KubeObject): string | null {
  const replicas = numberAt(specOf(object), "replicas");
  const images = listAt(templateOf(object), "spec", "containers").flatMap((one) => textAt(one, "image") ?? []);
  const parts = [...images, ...(replicas === null ? [] : [counted(replicas, "replica")])];
  return parts.length === 0 ? null : parts.join(", ");
}

function replicasChanged(before: KubeObject, after: KubeObject): string | null {
  const was = numberAt(specOf(before), "replicas");
  const is = numberAt(specOf(after), "replicas");
  if (was === is || was === null || is === null) return null;
  return is === 0 ? `scaled to zero (was ${was})` : `scaled to ${is} (was ${was})`;
}

function templateOf(object: KubeObject): Fields {
  return fieldsAt(specOf(object), "template");
}

const restartedAt = "kubectl.kubernetes.io/restartedAt";

/** One sentence per difference of two pod templates; [] when the same pods would run. */
export function templateChanges(before: Fields, after: Fields): readonly string[] {
  const [was, is] = [containersOf(before), containersOf(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  const onlyOne = was.size === 1 && is.size === 1 && names.length === 1;
  const isRestarted =
    textAt(before, "metadata", "annotations", restartedAt) !== textAt(after, "metadata", "annotations", restartedAt);
  const labels = (template: Fields) => labelsText(fieldsAt(template, "metadata", "labels")) || null;
  return [
    ...names.flatMap((name) => containerChanges(name, was.get(name), is.get(name), onlyOne ? "" : ` of ${name}`)),
    ...(isRestarted ? ["restarted by hand (rollout restart)"] : []),
    ...told(
      changed("pod labels", labels(before), labels(after)),
      otherFields(fieldsAt(before, "spec"), fieldsAt(after, "spec")),
    ),
  ];
}

function containersOf(template: Fields): ReadonlyMap<string, Fields> {
  const all = [...listAt(template, "spec", "containers"), ...listAt(template, "spec", "initContainers")].filter(
    isFields,
  );
  return new Map(all.map((container) => [textAt(container, "name") ?? "?", container]));
}

function containerChanges(
  name: string,
  before: Fields | undefined,
  after: Fields | undefined,
  whose: string,
): readonly string[] {
  if (before === undefined) return [`container ${name} added: ${textAt(after, "image") ?? "no image"}`];
  if (after === undefined) return [`container ${name} removed`];
  return [
    ...told(imageChanged(textAt(before, "image"), textAt(after, "image"), whose)),
    ...environmentChanges(before, after, whose),
    ...leafChanges("", fieldsAt(before, "resources"), fieldsAt(after, "resources")).map((text) =>
      text.replace(
        /^(limits|requests)\.(\S+)/,
        (_, kind: string, what: string) => `${what} ${kind.slice(0, -1)}${whose}`,
      ),
    ),
    ...otherFieldNames(before, after, ["name", "image", "env", "resources"]).map((field) => `${field}${whose} changed`),
  ];
}

/** `image v2 (was v1)` where only the tag differs, whole names otherwise. */
function imageChanged(before: string | null, after: string | null, whose: string): string | null {
  const was = splitImage(before);
  const is = splitImage(after);
  const isSameName = was !== null && is !== null && was.name === is.name;
  return changed(`image${whose}`, isSameName ? was.version : before, isSameName ? is.version : after);
}

function splitImage(image: string | null): { readonly name: string; readonly version: string } | null {
  const match = /^(.+?)(?:@(sha256:[0-9a-f]{12})[0-9a-f]*|:([^:/@]+))$/.exec(image ?? "");
  if (match === null) return null;
  return { name: match[1] ?? "", version: match[2] ?? match[3] ?? "" };
}

/** Names only: a value may be a password. */
function environmentChanges(before: Fields, after: Fields, whose: string): readonly string[] {
  const read = (container: Fields) =>
    new Map(listAt(container, "env").map((entry) => [textAt(entry, "name") ?? "?", entry]));
  const [was, is] = [read(before), read(after)];
  const parts = [
    ...[...is].flatMap(([name, entry]) => {
      if (!was.has(name)) return [`${name} added`];
      const isUnknown = [entry, was.get(name)].some((one) => textAt(one, "value") === unknownValue);
      return isUnknown || isSameJson(entry, was.get(name)) ? [] : [`${name} changed`];
    }),
    ...[...was.keys()].flatMap((name) => (is.has(name) ? [] : [`${name} removed`])),
  ];
  return parts.length === 0 ? [] : [`environment${whose}: ${parts.join(", ")}`];
}

const setByServer: ReadonlySet<string> = new Set(["containers", "initContainers"]);

function otherFields(before: Fields, after: Fields): string | null {
  const names = otherFieldNames(before, after, [...setByServer]);
  return names.length === 0 ? null : `${names.join(", ")} changed`;
}

function otherFieldNames(before: Fields, after: Fields, known: readonly string[]): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.filter((name) => !known.includes(name) && !isSameJson(before[name], after[name]));
}

/** A Service's selector, ports and type. */
export const tellService: TellChange = (before, after) => {
  if (before === null) return [];
  const selector = (object: KubeObject) => labelsText(fieldsAt(specOf(object), "selector")) || null;
  const ports = (object: KubeObject) =>
    listAt(specOf(object), "ports").map((port) => {
      const target = valueAt(port, "targetPort");
      const name = textAt(port, "name");
      const numbers = `${numberAt(port, "port") ?? "?"}${target === undefined ? "" : ` to ${String(target)}`}`;
      return name === null ? numbers : `${name} ${numbers}`;
    });
  const word = (object: KubeObject, key: string) => textAt(specOf(object), key);
  return told(
    changed("selector", selector(before), selector(after)),
    listChanged("ports", ports(before), ports(after)),
    changed("type", word(before, "type"), word(after, "type")),
    changed("alias of", word(before, "externalName"), word(after, "externalName")),
    listChanged("external addresses", textsAt(specOf(before), "externalIPs"), textsAt(specOf(after), "externalIPs")),
  );
};
