/** Objects of a story as a real API server takes them: with the fields it insists on. */
import { type Json, kubeObjectOf } from "../../support/kube-objects.js";
import { storyTime } from "../../support/kube-time-proxy.js";

const ownerUid = "00000000-0000-4000-8000-000000000001";

/** The same object, complete; its age goes into an annotation, since the server dates what it makes itself. */
export function forRealServer(object: Json): Json {
  const { creationTimestamp, annotations, ownerReferences, ...metadata } = object["metadata"] as Json;
  const owners = (ownerReferences as readonly Json[] | undefined)?.map((owner) => ({ ...owner, uid: ownerUid }));
  return {
    ...object,
    ...specOf(object),
    metadata: {
      ...metadata,
      ...(owners && { ownerReferences: owners }),
      annotations: {
        ...(annotations as Json | undefined),
        ...(creationTimestamp ? { [storyTime]: creationTimestamp } : {}),
      },
    },
  };
}

function specOf(object: Json): Json {
  if (object["kind"] === "Deployment") {
    const spec = object["spec"] as Json;
    const { labels } = (spec["template"] as { readonly metadata: Json }).metadata;
    return { spec: { ...spec, selector: { matchLabels: labels } } };
  }
  if (object["kind"] !== "ReplicaSet") return {};
  const labels = { app: (object["metadata"] as Json)["name"] };
  const template = { metadata: { labels }, spec: { containers: [{ name: "app", image: "app:1" }] } };
  return { spec: { selector: { matchLabels: labels }, template, replicas: 1 } };
}

/** A namespace. */
export function namespaceOf(name: string): Json {
  return kubeObjectOf("v1", "Namespace", name, {}, { namespace: undefined, creationTimestamp: undefined });
}
