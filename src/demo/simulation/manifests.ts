/**
 * The Kubernetes and Istio configuration the simulated mesh obeys, as far as it obeys it: what a scenario changes and the engine reads.
 * The fields are those of the real kinds, so that the same manifest is shown to Meshlens as it stands.
 */

/** One object somebody applies. */
export interface Manifest<Kind extends string, Spec> {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: Spec;
}

/** A fault the caller's proxy injects. Durations are Istio's (`7s`), percentages 0 .. 100. */
export interface FaultSpec {
  readonly delay?: { readonly fixedDelay: string; readonly percentage: { readonly value: number } };
  readonly abort?: { readonly httpStatus: number; readonly percentage: { readonly value: number } };
}

/** Retries by the caller's proxy: up to `attempts` more after the first try. */
export interface RetrySpec {
  readonly attempts: number;
  readonly perTryTimeout?: string;
  readonly retryOn: string;
}

/** One HTTP route; the first whose match fits is taken. */
export interface HttpRouteSpec {
  readonly match?: readonly { readonly headers: { readonly "end-user": { readonly exact: string } } }[];
  readonly fault?: FaultSpec;
  readonly timeout?: string;
  readonly retries?: RetrySpec;
  readonly route: readonly {
    readonly destination: { readonly host: string; readonly subset?: string };
    readonly weight?: number;
  }[];
}

/** Routes to a service. */
export type VirtualService = Manifest<
  "VirtualService",
  { readonly hosts: readonly string[]; readonly gateways?: readonly string[]; readonly http: readonly HttpRouteSpec[] }
>;

/** Versions of a service that routes may name. */
export type DestinationRule = Manifest<
  "DestinationRule",
  {
    readonly host: string;
    readonly subsets: readonly { readonly name: string; readonly labels: { readonly version: string } }[];
  }
>;

/** A host outside the mesh that may be called. */
export type ServiceEntry = Manifest<
  "ServiceEntry",
  {
    readonly hosts: readonly string[];
    readonly location: "MESH_EXTERNAL";
    readonly ports: readonly { readonly number: number; readonly name: string; readonly protocol: "TCP" }[];
    readonly resolution: "DNS";
  }
>;

/** Who may not call the pods it selects. */
export type AuthorizationPolicy = Manifest<
  "AuthorizationPolicy",
  {
    readonly selector: { readonly matchLabels: { readonly app: string } };
    readonly action: "DENY";
    readonly rules: readonly {
      readonly from: readonly { readonly source: { readonly principals: readonly string[] } }[];
    }[];
  }
>;

/** The namespace's rule for traffic to hosts nobody declared. */
export type Sidecar = Manifest<
  "Sidecar",
  { readonly outboundTrafficPolicy: { readonly mode: "REGISTRY_ONLY" | "ALLOW_ANY" } }
>;

/** Every kind of configuration the engine obeys. */
export type ConfigManifest = VirtualService | DestinationRule | ServiceEntry | AuthorizationPolicy | Sidecar;

/** Key of a manifest: `VirtualService/bookinfo/ratings`. */
export function manifestKey(manifest: {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}): string {
  return `${manifest.kind}/${manifest.metadata.namespace}/${manifest.metadata.name}`;
}
