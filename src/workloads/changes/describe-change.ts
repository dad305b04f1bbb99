/** Two versions of an object as a person would tell their difference. Called by change-keeper.ts. */
import { type KubeObject, kindOf, specOf } from "../kube-object.js";
import { textMapAt } from "../read-json.js";
import { tellAuthorizationPolicy, tellPeerAuthentication, tellServiceEntry, tellSidecar } from "./access-kinds.js";
import { fieldNamesChanged, leafChanges } from "./leaves.js";
import { tellRollout, tellService } from "./rollout-kinds.js";
import { changed, type TellChange } from "./told.js";
import { tellDestinationRule, tellHttpRoute, tellVirtualService } from "./traffic-kinds.js";

/** Kinds whose every field may be shown. */
const tellLeaves: TellChange = (before, after) =>
  before === null ? [] : leafChanges("", specOf(before), specOf(after));

/** Kinds that may hold anything (scripts, keys): names of fields only. */
const tellNames: TellChange = (before, after) => {
  const names = before === null ? null : fieldNamesChanged(specOf(before), specOf(after));
  return names === null ? [] : [names];
};

/** Words by which a namespace asks for a mesh; its other labels are nobody's business here. */
const meshWords = [
  "istio-injection",
  "istio.io/rev",
  "istio.io/dataplane-mode",
  "istio.io/use-waypoint",
  "linkerd.io/inject",
] as const;

const tellNamespace: TellChange = (before, after) => {
  const wordsOf = (object: KubeObject | null) => ({
    ...textMapAt(object?.fields, "metadata", "annotations"),
    ...textMapAt(object?.fields, "metadata", "labels"),
  });
  const [was, is] = [wordsOf(before), wordsOf(after)];
  return meshWords.flatMap((word) => changed(word, was[word] ?? null, is[word] ?? null) ?? []);
};

const tellers: Readonly<Record<string, TellChange>> = {
  "apps/Deployment": tellRollout,
  "apps/StatefulSet": tellRollout,
  "apps/DaemonSet": tellRollout,
  "/Service": tellService,
  "/Namespace": tellNamespace,
  "networking.istio.io/VirtualService": tellVirtualService,
  "networking.istio.io/DestinationRule": tellDestinationRule,
  "networking.istio.io/ServiceEntry": tellServiceEntry,
  "networking.istio.io/Sidecar": tellSidecar,
  "networking.istio.io/Gateway": tellLeaves,
  "security.istio.io/AuthorizationPolicy": tellAuthorizationPolicy,
  "security.istio.io/PeerAuthentication": tellPeerAuthentication,
  "gateway.networking.k8s.io/HTTPRoute": tellHttpRoute,
  "gateway.networking.k8s.io/GRPCRoute": tellHttpRoute,
  "gateway.networking.k8s.io/Gateway": tellLeaves,
  "policy.linkerd.io/HTTPRoute": tellHttpRoute,
  "policy.linkerd.io/Server": tellLeaves,
  "policy.linkerd.io/AuthorizationPolicy": tellLeaves,
};

/** A change in words: one line, and all of it where the line is not all. */
export interface ChangeText {
  readonly summary: string;
  readonly detail: string | null;
}

/** Sentences in the summary; the rest is in the detail. */
const maxInSummary = 3;

/**
 * @param before null for an object that is new, after null for one that is gone
 * @returns null when nothing differs that a person would tell: status, labels, a written-again copy
 */
export function describeChange(before: KubeObject | null, after: KubeObject | null): ChangeText | null {
  const object = after ?? before;
  if (object === null) return null;
  // Of an object that is gone its last content is told, as of one that is new.
  const sentences = (tellers[kindOf(object)] ?? tellNames)(after === null ? null : before, object);
  if (before !== null && after !== null && sentences.length === 0) return null;
  const shown = sentences.slice(0, maxInSummary);
  const more = sentences.length - shown.length;
  const text = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
  return { summary: inSentence(text, before === null, after === null), detail: more > 0 ? sentences.join("\n") : null };
}

function inSentence(text: string, isNew: boolean, isGone: boolean): string {
  if (isNew) return text === "" ? "created" : `created: ${text}`;
  if (!isGone) return text;
  return text === "" ? "deleted" : `deleted (was ${text})`;
}
