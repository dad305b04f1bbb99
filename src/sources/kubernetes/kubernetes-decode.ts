/** What the API server sends, as far as it is read. Objects are trimmed as they come: what nobody reads is never kept. */
import { asList, asObject, decodeError, isObject, parseJson } from "../../http/read-json.js";
import type { KubeObject } from "../../workloads/kube-object.js";
import { trimObject } from "../../workloads/trim-object.js";
import type { WatchEvent } from "../../workloads/watch-event.js";

/** How the objects of a list or watch are called: lists leave it out of their items, metadata has another name for all. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A page of a list. */
export interface ListPage {
  readonly objects: readonly KubeObject[];
  readonly resourceVersion: string;
  /** What the next page is asked with; null after the last. */
  readonly next: string | null;
}

/** @throws MESHLENS_ERR_SOURCE_DECODE */
export function decodeList(source: string, body: Uint8Array, name: ObjectName): ListPage {
  const list = asObject(source, "", parseJson(source, body));
  const metadata = asObject(source, "metadata", list["metadata"]);
  const { resourceVersion, continue: next } = metadata;
  if (typeof resourceVersion !== "string" || resourceVersion === "")
    throw decodeError(source, "metadata.resourceVersion", "nothing instead of a version");
  const objects = asList(source, "items", list["items"]).flatMap((item) => trimObject(named(item, name)) ?? []);
  return { objects, resourceVersion, next: typeof next === "string" && next !== "" ? next : null };
}

/** One line of a watch. */
export type WatchLine =
  | {
      readonly type: WatchEvent["type"];
      /** As it came: trimmed by whoever takes it. */
      readonly object: unknown;
      readonly resourceVersion: string | null;
    }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string | null }
  /** The watch is over; 410: what it was to go on from is forgotten. */
  | { readonly type: "ERROR"; readonly code: number };

/** @throws MESHLENS_ERR_SOURCE_DECODE */
export function decodeLine(source: string, line: string, name: ObjectName): WatchLine {
  const event = asObject(source, "", parseJson(source, Buffer.from(line)));
  const { type, object } = event;
  if (type === "ERROR") {
    const code = isObject(object) ? object["code"] : null;
    return { type, code: typeof code === "number" ? code : 500 };
  }
  const metadata = isObject(object) && isObject(object["metadata"]) ? object["metadata"] : {};
  const { resourceVersion: version } = metadata;
  const resourceVersion = typeof version === "string" && version !== "" ? version : null;
  if (type === "BOOKMARK") return { type, resourceVersion };
  if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED")
    throw decodeError(source, "type", "an event of an unknown type");
  return { type, object: named(object, name), resourceVersion };
}

/** Preferred version first. @throws MESHLENS_ERR_SOURCE_DECODE */
export function decodeGroups(source: string, body: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const answer = asObject(source, "", parseJson(source, body));
  const groups = asList(source, "groups", answer["groups"]).flatMap((group, nth) => {
    const { name, versions, preferredVersion } = asObject(source, `groups[${nth}]`, group);
    const versionOf = (one: unknown) => (isObject(one) && typeof one["version"] === "string" ? [one["version"]] : []);
    const served = asList(source, `groups[${nth}].versions`, versions).flatMap(versionOf);
    const all = [...new Set([...versionOf(preferredVersion), ...served])];
    return typeof name === "string" ? [[name, all] as const] : [];
  });
  return new Map(groups);
}

/** Plural names that can be listed and watched. @throws MESHLENS_ERR_SOURCE_DECODE */
export function decodeResources(source: string, body: Uint8Array): ReadonlySet<string> {
  const answer = asObject(source, "", parseJson(source, body));
  const names = asList(source, "resources", answer["resources"]).flatMap((resource) => {
    if (!isObject(resource) || typeof resource["name"] !== "string") return [];
    const verbs = Array.isArray(resource["verbs"]) ? resource["verbs"] : [];
    return verbs.includes("list") && verbs.includes("watch") ? [resource["name"]] : [];
  });
  return new Set(names);
}

/** `v1.34.2`. @throws MESHLENS_ERR_SOURCE_DECODE */
export function decodeVersion(source: string, body: Uint8Array): string {
  const { gitVersion } = asObject(source, "", parseJson(source, body));
  if (typeof gitVersion === "string" && gitVersion !== "") return gitVersion;
  throw decodeError(source, "gitVersion", "no version");
}

function named(item: unknown, name: ObjectName): unknown {
  return isObject(item) ? { ...item, ...name } : item;
}

/** Whether a review says yes; one without a status (a server that only echoes) says no. @throws MESHLENS_ERR_SOURCE_DECODE */
export function decodeAccessReview(source: string, body: Uint8Array): boolean {
  const { status } = asObject(source, "", parseJson(source, body));
  return isObject(status) && status["allowed"] === true;
}
