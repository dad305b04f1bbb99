/** CustomResourceDefinitions of Istio, Linkerd, the Gateway API and of objectives: names and versions as the meshes have them, schemas that let anything in. */
import { objectiveKinds } from "../../src/sources/kubernetes/objective-kinds.js";
import { readKinds } from "../../src/sources/kubernetes/read-kinds.js";
import type { Json } from "./kube-objects.js";

/** Kinds of one group need not share a version. */
const versionsOf: Readonly<Record<string, readonly string[]>> = {
  "networking.istio.io": ["v1", "v1beta1"],
  "security.istio.io": ["v1"],
  "telemetry.istio.io": ["v1"],
  "extensions.istio.io": ["v1alpha1"],
  "envoyfilters.networking.istio.io": ["v1alpha3"],
  "gateway.networking.k8s.io": ["v1"],
  "servers.policy.linkerd.io": ["v1beta3"],
  "httproutes.policy.linkerd.io": ["v1beta3"],
  "policy.linkerd.io": ["v1alpha1"],
  "linkerd.io": ["v1alpha2"],
  "pyrra.dev": ["v1alpha1"],
};

/** All of them, as they are applied. */
export function meshCrds(): readonly Json[] {
  return [...readKinds, ...objectiveKinds]
    .filter(({ version }) => version === null)
    .map(({ group, plural, kind }) => {
      const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
      const versions = (versionsOf[`${plural}.${group}`] ?? versionsOf[group] ?? ["v1"]).map((name, nth) => ({
        name,
        served: true,
        storage: nth === 0,
        schema: { openAPIV3Schema: anything },
      }));
      return {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: {
          name: `${plural}.${group}`,
          // The API server asks for it in groups of Kubernetes' own.
          annotations: { "api-approved.kubernetes.io": "unapproved, for a test" },
        },
        spec: { group, scope: "Namespaced", names: { kind, plural, singular: kind.toLowerCase() }, versions },
      };
    });
}
